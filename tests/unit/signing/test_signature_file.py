from __future__ import annotations

import dataclasses
import os
import stat
import time
from datetime import date
from pathlib import Path

import pytest

from auditor.errors import PathError, SignatureError, UsageError
from auditor.policy import pack_path
from auditor.signing.signature_file import (
    MOST,
    read_signatures,
    signatures_path,
    with_signature,
    write_signatures,
)
from tests.clock import seconds


@pytest.fixture
def one(policy, signer):
    return signer("ada").signs(policy("hr"), "hr")


def slugs(place, text: str) -> list[str]:
    place.write_text(text, encoding="utf-8")
    with pytest.raises(SignatureError, match=r"\w") as caught:
        read_signatures(place)
    return [problem.slug for problem in caught.value.problems]


@pytest.mark.parametrize("role", ["hr", "works council", "Gef\u00e4hr: \U0001f600", "1", "no", '"'])
@pytest.mark.parametrize("version", ["1", "1.0", "0x1e3", "null", "# \\u", "a\u2028b\x85c"])
def test_what_is_written_is_read_back(tmp_path, one, role, version):
    place, some = tmp_path / "s", dataclasses.replace(one, role=role, version=version)
    write_signatures(place, [some, one])

    assert read_signatures(place) == (some, one)


def test_a_digest_of_digits_only_is_read_back(tmp_path, one):
    some = dataclasses.replace(one, digest="sha256:" + "1" * 64)
    write_signatures(tmp_path / "s", [some])

    assert read_signatures(tmp_path / "s") == (some,)


def test_signing_twice_replaces_what_this_key_said_in_this_role(policy, signer):
    bound, ada, ben = policy("hr", "it"), signer("ada"), signer("ben")
    first, other, theirs = ada.signs(bound, "hr"), ada.signs(bound, "it"), ben.signs(bound, "hr")
    later = ada.signs(bound, "hr", date(2026, 7, 1))

    assert with_signature((first, other, theirs), later) == (other, theirs, later)


def test_a_file_appears_whole_and_leaves_nothing_beside_it(tmp_path, one):
    place = tmp_path / "folder" / "s"
    place.parent.mkdir()
    write_signatures(place, [one])
    write_signatures(place, [one, one])

    assert [path.name for path in place.parent.iterdir()] == ["s"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o644


def test_a_write_that_fails_leaves_the_earlier_file(tmp_path, one, monkeypatch):
    place = tmp_path / "s"
    write_signatures(place, [one])
    before = sorted(tmp_path.iterdir()), place.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PathError, match="no space left") as caught:
        write_signatures(place, [one, one])
    assert caught.value.problems[0].slug == "path-unwritable"
    assert (sorted(tmp_path.iterdir()), place.read_bytes()) == before


def test_no_more_is_written_than_is_read(tmp_path, one):
    place = tmp_path / "s"
    write_signatures(place, [one] * MOST)

    assert len(read_signatures(place)) == MOST
    with pytest.raises(SignatureError, match="more than fit"):
        write_signatures(place, [one] * (MOST + 1))
    with pytest.raises(SignatureError, match="more than fit"):
        write_signatures(place, [dataclasses.replace(one, role="r" * 70_000)])
    assert len(read_signatures(place)) == MOST


def test_the_file_stands_beside_the_policy():
    assert signatures_path("a/b.yaml") == Path("a/b.yaml.sig")
    assert str(signatures_path("a/b.yaml", "c")) == "c"


def test_nothing_is_written_beside_a_shipped_pack():
    path = str(pack_path("nyc-ll144"))

    with pytest.raises(UsageError, match="shipped pack") as caught:
        signatures_path(path)
    assert caught.value.problems[0].slug == "signatures-of-a-pack"
    assert str(signatures_path(path, "mine")) == "mine"


def test_a_file_that_is_not_there_holds_none_only_where_it_may(tmp_path):
    assert read_signatures(tmp_path / "none", optional=True) == ()
    with pytest.raises(PathError, match="no such file"):
        read_signatures(tmp_path / "none")


def test_an_empty_list_is_a_file_that_nobody_has_signed(tmp_path):
    (tmp_path / "s").write_text("auditor: signatures/1\nsignatures: []\n")

    assert read_signatures(tmp_path / "s") == ()


def test_a_broken_link_is_no_absent_file(tmp_path):
    (tmp_path / "s").symlink_to(tmp_path / "gone")

    with pytest.raises(PathError, match="no such file"):
        read_signatures(tmp_path / "s", optional=True)


@pytest.mark.parametrize("field", ["policy", "version", "digest", "role", "key", "signed_on",
                                   "signature"])  # fmt: skip
def test_a_line_that_is_missing_or_twice_is_refused(tmp_path, one, field):
    place = tmp_path / "s"
    write_signatures(place, [one])
    lines = place.read_text().splitlines()
    (n,) = (n for n, line in enumerate(lines) if line.lstrip(" -").startswith(f"{field}:"))
    line = lines[n].replace("- ", "  ")
    rest = "\n".join([*lines[:n], *lines[n + 1 :]])
    rest = rest.replace("    version", "  - version") if field == "policy" else rest

    assert slugs(place, rest) == ["missing-key"]
    assert slugs(place, "\n".join([*lines, line])) == ["duplicate-key"]


@pytest.mark.parametrize(
    ("field", "value", "slug"),
    [
        ("policy", "a b", "bad-id"),
        ("digest", "md5:00", "bad-digest"),
        ("digest", "sha256:" + "A" * 64, "bad-digest"),
        ("digest", "sha256:" + "a" * 64 + "\\n", "bad-digest"),
        ("key", "ed25519:AAAA", "bad-public-key"),
        ("signed_on", "2026-02-30", "not-a-date"),
        ("signature", "AAAA", "bad-signature-text"),
        ("signature", "A" * 86, "bad-signature-text"),
        ("signature", "A" * 85 + "B==", "bad-signature-text"),
        ("signature", "", "empty-value"),
    ],
)
def test_a_value_of_another_shape_is_refused(tmp_path, one, field, value, slug):
    place = tmp_path / "s"
    write_signatures(place, [one])
    lines = place.read_text().splitlines()
    (n,) = (n for n, line in enumerate(lines) if line.lstrip(" -").startswith(f"{field}:"))
    lines[n] = lines[n].partition(":")[0] + f': "{value}"'

    assert slugs(place, "\n".join(lines)) == [slug]


HEAD = "auditor: signatures/1\n"
HOSTILE = {
    "large": ("x" * 100_000, "yaml-too-large"),
    "brackets": ("a: " + "[" * 1_900, "yaml-too-large"),
    "braces": ("a: " + "{b: " * 1_900, "yaml-too-large"),
    "more brackets": ("a: " + "[" * 60_000, "yaml-too-large"),
    "a long list": (HEAD + "signatures: [" + "1," * 30_000 + "]", "yaml-too-large"),
    "many lines": (HEAD + "a: 1\n" * 9_000, "yaml-too-large"),
    "one key again and again": (HEAD + "a: 1\n" * 1_900, "duplicate-key"),
    "an alias": ("a: &a [x]\nb: *a\n", "yaml-alias"),
    "a tag": ("a: !!python/object:os.system x\n", "yaml-tag"),
    "another format": ("auditor: keyring/1\n", "wrong-format"),
    "no list": (HEAD + "signatures:\n", "wrong-type"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_a_second(tmp_path, name):
    text, slug = HOSTILE[name]
    start = time.process_time()
    found = slugs(tmp_path / "s", text)

    assert set(found) == {slug}
    assert time.process_time() - start < seconds(1)


def test_thousands_of_entries_are_refused_within_a_second(tmp_path, one):
    place = tmp_path / "s"
    write_signatures(place, [one])
    head, entry = place.read_text().split("signatures:\n")
    entry = "".join(line.strip(" -") + "\n" for line in entry.splitlines())
    flow = "  - {" + ", ".join(entry.splitlines()) + "}\n"

    start = time.process_time()
    assert slugs(place, head + "signatures:\n" + flow * 5_000) == ["yaml-too-large"]
    assert slugs(place, head + "signatures:\n" + "  - {}\n" * 5_000)
    assert time.process_time() - start < seconds(2)
    assert slugs(place, head + "signatures:\n" + flow * (MOST + 1)) == ["too-many-signatures"]
