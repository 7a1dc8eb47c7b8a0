"""People who sign one file in the same moment: no signature is lost."""

from __future__ import annotations

import dataclasses
import fcntl
import multiprocessing
import os
import time
from pathlib import Path

import pytest

from auditor.errors import PathError, SignatureError
from auditor.signing import add_signature
from auditor.signing.signature_file import read_signatures, with_signature, write_signatures

PEOPLE = [f"person {n}" for n in range(5)]


@pytest.fixture
def one(policy, signer):
    return signer("ada").signs(policy("hr"), "hr")


def _add(path, new, start) -> None:
    start.wait()
    add_signature(path, new)


def _read_then_write(path, new, start) -> None:
    held = read_signatures(path, optional=True)
    start.wait()
    write_signatures(path, with_signature(held, new))


def all_at_once(target, place, signatures) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(len(signatures))
    processes = [context.Process(target=target, args=(place, s, start)) for s in signatures]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * len(signatures)


@pytest.mark.parametrize(("target", "kept"), [(_add, 5), (_read_then_write, 1)])
def test_everybody_who_signs_at_once_has_signed(tmp_path, policy, signer, target, kept):
    """The second case shows that without a lock the last one wins."""
    bound, place = policy("hr"), tmp_path / "s"
    all_at_once(target, place, [signer(name).signs(bound, "hr") for name in PEOPLE])

    assert len({held.key for held in read_signatures(place)}) == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours.yaml", "s"]


def test_signing_again_replaces_what_this_key_said(tmp_path, one):
    place, later = tmp_path / "s", dataclasses.replace(one, version="2")
    add_signature(place, one)
    add_signature(place, later)

    assert read_signatures(place) == (later,)


def test_a_link_is_followed_to_the_one_file(tmp_path, one):
    (tmp_path / "folder").mkdir()
    (tmp_path / "s").symlink_to(tmp_path / "folder" / "real")
    write_signatures(tmp_path / "folder" / "real", [dataclasses.replace(one, role="it")])
    add_signature(tmp_path / "s", one)

    assert (tmp_path / "s").is_symlink()
    assert len(read_signatures(tmp_path / "folder" / "real")) == 2
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["real"]


def test_what_is_no_file_of_signatures_stays_and_no_lock_is_left(tmp_path, one):
    place = tmp_path / "s"
    place.write_text("auditor: policy/1\n")

    with pytest.raises(SignatureError):
        add_signature(place, one)
    assert place.read_text() == "auditor: policy/1\n"
    assert not (tmp_path / ".s.lock").exists()


def test_who_is_held_up_is_told_so_and_nothing_is_written(tmp_path, one):
    lock = os.open(tmp_path / ".s.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    begun = time.monotonic()

    with pytest.raises(PathError, match="somebody else is adding") as caught:
        add_signature(tmp_path / "s", one, patience=0.2)
    os.close(lock)
    assert caught.value.problems[0].slug == "signatures-busy"
    assert 0.2 <= time.monotonic() - begun < 5
    assert not (tmp_path / "s").exists()


def test_a_lock_that_a_killed_process_left_holds_nobody_up(tmp_path, one):
    (tmp_path / ".s.lock").touch()
    add_signature(tmp_path / "s", one, patience=0)

    assert read_signatures(tmp_path / "s") == (one,)


@pytest.mark.parametrize("place", ["no/folder/s", "s\0", "loop"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path, one, place):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    with pytest.raises(PathError) as caught:
        add_signature(Path(f"{tmp_path}/{place}"), one, patience=0)
    assert caught.value.problems[0].slug in ("path-unwritable", "path-unreadable")
