"""The directory of a result: whole or not at all, for its owner only, and never somebody else's."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from auditor.errors import IntegrityError, PathError, UsageError
from auditor.result.directory import (
    AUDIT_FILE,
    check_target,
    load_directory,
    write_directory,
)

FILES = {AUDIT_FILE: b"{}", "report.html": b"<p>"}


def contents(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_written_for_its_owner_only_whatever_the_mask(tmp_path):
    before = os.umask(0)
    try:
        write_directory(tmp_path / "deep" / "out", FILES)
    finally:
        os.umask(before)

    assert contents(tmp_path / "deep" / "out") == FILES
    assert mode(tmp_path / "deep" / "out") == 0o700
    assert {mode(path) for path in (tmp_path / "deep" / "out").iterdir()} == {0o600}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_an_earlier_result_is_replaced_as_a_whole(tmp_path):
    write_directory(tmp_path / "out", {**FILES, "flags.csv": b"old"})

    write_directory(tmp_path / "out", {AUDIT_FILE: b"[]"})

    assert contents(tmp_path / "out") == {AUDIT_FILE: b"[]"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_directory_is_taken(tmp_path):
    (tmp_path / "out").mkdir()

    write_directory(tmp_path / "out", FILES)

    assert contents(tmp_path / "out") == FILES


@pytest.mark.parametrize("held", [["thesis.txt"], [AUDIT_FILE, "thesis.txt"], ["report.html"]])
def test_what_an_audit_did_not_make_is_not_touched(tmp_path, held):
    (tmp_path / "mine").mkdir()
    for name in held:
        (tmp_path / "mine" / name).write_text("mine")

    with pytest.raises(UsageError, match="an audit did not make"):
        write_directory(tmp_path / "mine", FILES)
    assert contents(tmp_path / "mine") == dict.fromkeys(held, b"mine")


@pytest.mark.parametrize("leads", ["to a result", "to nothing", "to an empty directory"])
def test_a_symbolic_link_is_neither_followed_nor_replaced(tmp_path, leads):
    target = tmp_path / "target"
    if leads == "to a result":
        write_directory(target, FILES)
    elif leads == "to an empty directory":
        target.mkdir()
    (tmp_path / "out").symlink_to(target)

    with pytest.raises(UsageError, match="symbolic link"):
        write_directory(tmp_path / "out", {AUDIT_FILE: b"[]"})
    assert (tmp_path / "out").is_symlink()
    assert leads != "to a result" or contents(target) == FILES


def test_a_directory_above_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write_directory(tmp_path / "link" / "out", FILES)

    assert contents(tmp_path / "real" / "out") == FILES


@pytest.mark.parametrize("place", ["file", "file/below", "a\0b", "x" * 300])
def test_a_place_that_cannot_be_is_refused_with_its_reason(tmp_path, place):
    (tmp_path / "file").write_text("mine")

    for write in (check_target, lambda path: write_directory(path, FILES)):
        with pytest.raises(PathError, match=r"cannot be written: ."):
            write(tmp_path / place)
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_failure_while_writing_leaves_the_earlier_result(tmp_path):
    write_directory(tmp_path / "out", FILES)

    with pytest.raises(PathError):
        write_directory(tmp_path / "out", {AUDIT_FILE: b"[]", "no/such/place": b""})
    assert contents(tmp_path / "out") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("stop", [OSError, KeyboardInterrupt])
def test_a_stop_between_the_two_renames_leaves_the_earlier_result(tmp_path, monkeypatch, stop):
    write_directory(tmp_path / "out", FILES)
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if target == tmp_path / "out" and self.name.startswith(".out-"):
            raise stop("now")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises((PathError, KeyboardInterrupt)):
        write_directory(tmp_path / "out", {AUDIT_FILE: b"[]"})

    assert contents(tmp_path / "out") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_that_comes_in_the_meantime_is_kept(tmp_path, monkeypatch):
    write_directory(tmp_path / "out", FILES)
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        if self == tmp_path / "out":
            (self / "thesis.txt").write_text("mine")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    with pytest.raises(PathError, match="in the meantime"):
        write_directory(tmp_path / "out", {AUDIT_FILE: b"[]"})

    assert contents(tmp_path / "out") == {**FILES, "thesis.txt": b"mine"}


def test_the_directory_one_stands_in_can_be_named_by_a_dot(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    write_directory(Path(), FILES)

    assert contents(tmp_path / "here") == FILES


@pytest.mark.parametrize("place", [".", "..", "absent/..", "absent/../..", "absent/../../here"])
def test_a_roundabout_name_of_what_is_not_ours_does_not_help(tmp_path, monkeypatch, place):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "thesis.txt").write_text("mine")
    monkeypatch.chdir(tmp_path / "here")

    with pytest.raises(UsageError, match="an audit did not make"):
        write_directory(Path(place), FILES)
    with pytest.raises(UsageError, match="an audit did not make"):
        check_target(Path(place))
    assert contents(tmp_path / "here") == {"thesis.txt": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_links_in_a_circle_lead_nowhere(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(PathError, match="cannot be written"):
        write_directory(tmp_path / "a" / "out", FILES)


def test_what_is_no_file_is_not_opened(tmp_path):
    for place in (tmp_path / "absent", tmp_path, Path("/dev/zero"), Path("a\0b")):
        with pytest.raises(PathError, match="cannot be opened"):
            load_directory(place)
    (tmp_path / AUDIT_FILE).write_bytes(b"\xff")
    with pytest.raises(IntegrityError, match="not the text of a result"):
        load_directory(tmp_path)
