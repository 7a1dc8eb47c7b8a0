from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec

from auditor.errors import PathError, SignatureError
from auditor.signing.ed25519 import key_text, public_bytes
from auditor.signing.key_files import KeyFile, make_key


def never() -> bytes:
    raise AssertionError("no passphrase is needed")


def slug(caught) -> str:
    return caught.value.problems[0].slug


def test_a_key_is_read_by_its_owner_only_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        public = make_key(tmp_path / "k")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    assert key_text(public_bytes(KeyFile.read(tmp_path / "k").private_key(never))) == public


def test_two_keys_differ(tmp_path):
    assert make_key(tmp_path / "a") != make_key(tmp_path / "b")


def test_an_earlier_file_is_never_overwritten(tmp_path):
    place = tmp_path / "k"
    place.write_text("mine")

    with pytest.raises(PathError, match="never overwritten") as caught:
        make_key(place)
    assert place.read_text() == "mine"
    assert slug(caught) == "key-file-exists"


def test_a_link_to_nowhere_is_not_followed(tmp_path):
    (tmp_path / "k").symlink_to(tmp_path / "target")

    with pytest.raises(PathError, match="exists"):
        make_key(tmp_path / "k")
    assert not (tmp_path / "target").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PathError, match="no such file") as caught:
        make_key(tmp_path / "none" / "k")
    assert slug(caught) == "path-unwritable"


def test_a_key_with_a_passphrase_opens_with_it_and_with_nothing_else(tmp_path):
    place = tmp_path / "k"
    public = make_key(place, b"open sesame")
    file = KeyFile.read(place)

    assert file.encrypted
    assert key_text(public_bytes(file.private_key(lambda: b"open sesame"))) == public
    for wrong in (b"open sesam", b"", b"\xff"):
        with pytest.raises(SignatureError, match="does not open") as caught:
            file.private_key(lambda wrong=wrong: wrong)
        assert slug(caught) == "key-not-opened"
        assert "sesam" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_read_or_write_is_refused(tmp_path, mode):
    make_key(tmp_path / "k")
    (tmp_path / "k").chmod(mode)

    with pytest.raises(SignatureError, match="by others") as caught:
        KeyFile.read(tmp_path / "k")
    assert slug(caught) == "key-file-open"


def private(content: bytes, place: Path) -> KeyFile:
    place.write_bytes(content)
    place.chmod(0o600)
    return KeyFile.read(place)


def other_kind() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


@pytest.mark.parametrize("content", [b"", b"canary-4711", b"\0" * 99, b"x" * 40_000, other_kind()])
def test_another_file_is_no_key_and_is_not_quoted(tmp_path, content):
    with pytest.raises(SignatureError, match="no private Ed25519 key") as caught:
        private(content, tmp_path / "k").private_key(never)
    assert slug(caught) == "not-a-private-key"
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_public_key_is_no_private_one(tmp_path):
    make_key(tmp_path / "k")
    public = KeyFile.read(tmp_path / "k").private_key(never).public_key()
    content = public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(SignatureError, match="no private Ed25519 key"):
        private(content, tmp_path / "p").private_key(never)


def test_a_key_file_does_not_show_what_is_in_it(tmp_path):
    make_key(tmp_path / "k")
    content = (tmp_path / "k").read_text().splitlines()[1]

    assert content not in repr(KeyFile.read(tmp_path / "k"))
    assert repr(KeyFile.read(tmp_path / "k")) == f"KeyFile({str(tmp_path / 'k')!r})"


@pytest.mark.parametrize("kind", ["folder", "pipe", "nothing"])
def test_what_is_no_file_is_refused_at_once(tmp_path, kind):
    place = tmp_path / "k"
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)

    with pytest.raises(PathError, match="cannot be read") as caught:
        KeyFile.read(place)
    assert slug(caught) == "path-unreadable"
