from __future__ import annotations

import time
from datetime import date

import pytest

from auditor.errors import PathError, SignatureError
from auditor.signing.keyring import read_keyring
from tests.clock import seconds

HEAD = "auditor: keyring/1\npeople:\n"


@pytest.fixture
def ring(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def ring(text: str):
        (tmp_path / "ring.yaml").write_text(text, encoding="utf-8")
        return read_keyring("ring.yaml")

    return ring


def refused(ring, text: str) -> list[tuple[str, str]]:
    with pytest.raises(SignatureError, match=r"\w") as caught:
        ring(text)
    return [(str(p.where), p.slug) for p in caught.value.problems]


def entry(key: str, rest: str = "roles: [hr], from: 2026-01-01", name: str = "Ada") -> str:
    return f"  - {{name: {name}, key: {key}, {rest}}}\n"


def test_a_keyring_names_who_holds_which_key(ring, signer):
    ada, ben = signer("ada"), signer("ben")
    found = ring(HEAD + entry(ada.key, "roles: [hr, it], from: 2026-01-01, until: 2026-12-31")
                 + entry(ben.key, name="Ben"))  # fmt: skip
    holder = found.holder(ada.key)

    assert (holder.name, holder.roles, str(holder.until)) == ("Ada", ("hr", "it"), "2026-12-31")
    assert found.holder(ben.key).name == "Ben"
    assert found.holder(ben.key).until is None
    assert found.holder(signer("eve").key) is None


def test_training_and_the_power_to_change_are_said_or_are_not_there(ring, signer):
    ada, ben = signer("ada"), signer("ben")
    rest = "roles: [hr], from: 2026-01-01, trained_on: 2026-02-01, may_change: true"
    found = ring(HEAD + entry(ada.key, rest) + entry(ben.key, name="Ben"))

    told = [(holder.trained_on, holder.may_change) for holder in found.holders]
    assert told == [(date(2026, 2, 1), True), (None, False)]


def test_everything_that_is_wrong_is_named_with_its_place(ring, signer):
    text = HEAD + (
        entry("ed25519:AAAA", "roles: [], from: 2026-13-01")
        + entry(signer("ada").key, "roles: [hr, hr], from: 2026-01-01, secret: x")
    )

    assert refused(ring, text) == [
        ("ring.yaml:3:22", "bad-public-key"),
        ("ring.yaml:3:43", "empty-value"),
        ("ring.yaml:3:53", "not-a-date"),
        ("ring.yaml:4:83", "listed-twice"),
        ("ring.yaml:4:111", "unknown-key"),
    ]


def test_one_key_of_two_people_and_dates_that_end_before_they_begin(ring, signer):
    key = signer("ada").key
    text = HEAD + entry(key) + entry(key, "roles: [it], from: 2026-02-02, until: 2026-02-01", "Ben")

    assert [slug for _, slug in refused(ring, text)] == ["key-twice", "key-dates"]


@pytest.mark.parametrize(
    "key",
    [
        "ed25519:" + "A" * 43 + "=",  # y = 0, order 4
        "ed25519:AQ" + "A" * 41 + "=",  # the neutral point
        "ed25519:7f" + "/" * 40 + "38=",  # p itself, a second spelling of y = 0
    ],
)
def test_a_key_that_anybody_could_sign_for_is_refused(ring, key):
    assert [slug for _, slug in refused(ring, HEAD + entry(key))] == ["bad-public-key"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("auditor: policy/1\n", "wrong-format"),
        ("auditor: keyring/2\n", "wrong-format"),
        ("people: []\n", "wrong-format"),
        ("auditor: keyring/1\n", "missing-key"),
        ("auditor: keyring/1\npeople: []\n", "empty-value"),
        ("auditor: keyring/1\nauditor: keyring/1\n", "duplicate-key"),
        ("", "yaml-empty"),
        ("- a\n", "yaml-not-a-mapping"),
    ],
)
def test_another_file_is_no_keyring(ring, text, slug):
    assert [found for _, found in refused(ring, text)] == [slug]


def test_a_newer_format_says_so(ring):
    with pytest.raises(SignatureError, match="newer version"):
        ring("auditor: keyring/2\n")
    with pytest.raises(SignatureError, match="first line"):
        ring("auditor: keyring/x\n")


def test_a_keyring_that_is_not_there(tmp_path):
    with pytest.raises(PathError, match="no such file"):
        read_keyring(tmp_path / "none.yaml")


def test_a_bomb_is_refused_at_once(ring):
    start = time.process_time()

    assert refused(ring, HEAD + "  - " * 10_000) == [("ring.yaml:3:199", "yaml-too-large")]
    assert time.process_time() - start < seconds(1)
