from __future__ import annotations

import errno
import hashlib
import os
import socket
import stat
import struct

import pytest

from auditor.errors import ExportError, PathError, UsageError
from auditor.ingest.files import guard as guard_module
from auditor.ingest.files.guard import guard
from tests.unit.ingest.export_files import CLEAN, cells, read, refused, slugs, written


def test_facts_of_a_clean_text(tmp_path):
    path = written(tmp_path / "x.csv", CLEAN)

    found = guard(path)

    assert (found.kind, found.size) == ("text", len(CLEAN))
    assert found.sha256 == hashlib.sha256(CLEAN.encode()).hexdigest()
    assert (found.text.encoding, found.text.line_ends) == ("utf-8", ("\n",))
    assert (found.text.lines, found.text.blank_lines, found.text.quotes) == (4, 0, 0)
    assert found.text.closed


def test_a_file_whose_name_is_no_text_is_refused(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/x\xff.csv")
    try:
        with open(path, "w") as file:  # noqa: PTH123
            file.write(CLEAN)
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system has text names only")

    with pytest.raises(PathError, match="its name is not UTF-8 text"):
        guard(path)


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_counts_do_not_depend_on_where_the_chunks_end(tmp_path, monkeypatch, chunk):
    content = '\n\nid,é\r\n\r\n\r\n1,"x"\ry\n\n\n\n"z'
    path = written(tmp_path / "x.csv", content)
    whole = guard(path).text
    monkeypatch.setattr(guard_module, "CHUNK", chunk)

    found = guard(path).text

    assert found == whole
    assert (found.lines, found.blank_lines, found.quotes, found.closed) == (11, 7, 3, False)
    assert set(found.line_ends) == {"\n", "\r", "\r\n"}


@pytest.mark.parametrize("chunk", [1, 2, 5, 4096])
def test_an_undecodable_byte_is_named_with_line_and_column(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(guard_module, "CHUNK", chunk)
    path = written(tmp_path / "x.csv", b"id,name\r\nA1,caf\xc3\xa9 caf\xe9 x\r\n")

    error = refused(path)

    assert slugs(error) == ["undecodable"]
    assert str(error.problems[0].where) == f"{path}:2:12"
    assert "0xe9" in error.problems[0].message
    assert "--encoding cp1252" in error.problems[0].hint


def test_a_character_cut_off_at_the_end_is_undecodable(tmp_path):
    error = refused(written(tmp_path / "x.csv", "id,sex\nA1,F\xe9".encode()[:-1]))

    assert slugs(error) == ["undecodable"]
    assert (error.problems[0].where.line, error.problems[0].where.column) == (2, 5)


def test_a_declared_encoding_is_read_and_said(tmp_path):
    path = written(tmp_path / "x.csv", CLEAN.replace("A1,F", "A1,Féminin").encode("cp1252"))

    table = read(path, encoding="cp1252")

    assert cells(table, "sex")[0] == "Féminin"
    assert any("cp1252" in note for note in table.notes)
    assert table.file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_byte_that_the_declared_encoding_lacks_is_refused(tmp_path):
    error = refused(written(tmp_path / "x.csv", b"id,sex\nA1,\x81\n"), encoding="cp1252")

    assert slugs(error) == ["undecodable"]
    assert error.problems[0].where.line == 2


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64", "idna", "unicode_escape"])
def test_an_encoding_of_no_file_is_wrong_usage(tmp_path, name):
    path = written(tmp_path / "x.csv", CLEAN)

    with pytest.raises(UsageError, match="is not known") as caught:
        guard(path, name)

    assert caught.value.exit_code == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_a_mark_at_the_start_says_the_encoding_and_never_enters_a_name(tmp_path, encoding):
    # DuckDB's own reader gives no rows and no error for the big end first.
    text = CLEAN.replace("F,Yes", "é,Yes")
    marked = text if encoding in ("utf-16", "utf-32", "utf-8-sig") else "\ufeff" + text
    path = written(tmp_path / "x.csv", marked.encode(encoding))

    table = read(path)

    assert cells(table, "sex") == ["é", "M", "F"]
    assert table.ids([0]) == ["A1"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_refused_and_read_when_declared(tmp_path, encoding):
    path = written(tmp_path / "x.csv", CLEAN.encode(encoding))

    error = refused(path)

    assert slugs(error) == ["nul-character"]
    assert "utf-16" in error.problems[0].hint
    assert cells(read(path, encoding=encoding), "sex") == ["F", "M", "F"]


def test_a_mark_against_the_declared_encoding_is_refused(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN.encode("utf-16")), encoding="cp1252")

    assert slugs(error) == ["encoding-conflict"]


def test_a_nul_character_is_refused_with_its_place(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN.replace("A2,M", "A2,\0M")))

    assert slugs(error) == ["nul-character"]
    assert (error.problems[0].where.line, error.problems[0].where.column) == (3, 4)


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b"\r\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    error = refused(written(tmp_path / "x.csv", content))

    assert slugs(error) == ["empty-file"]
    assert error.exit_code == 3


def ole(stream: str) -> bytes:
    """An OLE file as far as its directory, which names one stream."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, 3)
    return bytes(head) + bytes(3 * 512) + stream.encode("utf-16-le").ljust(512, b"\0")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x1f\x8b\x08\x00" + b"x" * 50, "gzip"),
        (b"BZh91AY" + b"x" * 50, "bzip2"),
        (b"%PDF-1.7\n", "PDF"),
        (ole("Workbook"), "old workbook (.xls)"),
        (ole("EncryptedPackage"), "an encrypted workbook"),
        (b"\n <!DOCTYPE html><html><table>", "web page"),
        (b"\xef\xbb\xbf<html><body>", "web page"),
        (b"SQLite format 3\x00" + b"\0" * 90, "SQLite"),
        (b"PK\x05\x06" + b"\0" * 18, "empty zip"),
        (b"PARE" + b"\0" * 18, "encrypted Parquet"),
    ],
)
def test_what_is_no_table_is_said_by_its_content(tmp_path, content, said):
    error = refused(written(tmp_path / "x.csv", content))

    assert slugs(error) == ["file-kind"]
    assert said in error.problems[0].message
    assert error.exit_code == 3


def test_text_under_the_name_of_a_workbook_is_read_and_said(tmp_path):
    table = read(written(tmp_path / "x.xlsx", CLEAN))

    assert cells(table, "sex") == ["F", "M", "F"]
    assert table.notes[0] == "The name ends in .xlsx, but the content is delimited text."


@pytest.mark.parametrize("name", ["x.csv.gz", "x.zst", "x.parquet", "x"])
def test_the_name_decides_nothing(tmp_path, name):
    # DuckDB would unpack a text that is called .gz.
    assert cells(read(written(tmp_path / name, CLEAN)), "sex") == ["F", "M", "F"]


@pytest.mark.parametrize("name", ["a[1].csv", "a*.csv", "a?.csv", "it's; drop.csv", "a b{c}.csv"])
def test_a_file_name_is_no_pattern(tmp_path, name):
    # As patterns, each of these would match the decoys instead of the file, or with it.
    for decoy in ("a1.csv", "ab.csv", "a.csv"):
        written(tmp_path / decoy, "id,sex,status\nZ9,X,Decoy\n")

    table = read(written(tmp_path / name, CLEAN))

    assert cells(table, "sex") == ["F", "M", "F"]
    assert table.file.path == str(tmp_path / name)


def test_directories_of_a_path_add_no_columns(tmp_path):
    directory = tmp_path / "sex=X"
    directory.mkdir()

    table = read(written(directory / "x.csv", CLEAN))

    assert cells(table, "sex") == ["F", "M", "F"]


def test_special_files_are_refused_without_waiting_for_them(tmp_path):
    pipe, loop, plug = tmp_path / "pipe", tmp_path / "loop", tmp_path / "plug"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(plug))
        for path, reason in (
            (tmp_path, "it is a directory"),
            (pipe, "it is a named pipe"),
            ("/dev/null", "it is a device"),
            (loop, "symbolic links"),
            (plug, "no such device"),
            (tmp_path / "none.csv", "no such file"),
            ("a\0b", "null"),
        ):
            with pytest.raises(PathError, match=reason) as caught:
                guard(path)

            assert caught.value.exit_code == 74
            assert "\n" not in str(caught.value)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path / "x.csv", CLEAN)

    def forbidden(*_):
        # Root may read every file, so the system's answer is played.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(guard_module.os, "open", forbidden)

    with pytest.raises(PathError, match="permission denied"):
        guard(path)


@pytest.mark.parametrize("url", ["https://example.org/x.csv", "s3://bucket/x.parquet"])
def test_urls_are_refused(url):
    with pytest.raises(PathError, match="URLs are not fetched") as caught:
        guard(url)

    assert "download" in caught.value.problems[0].hint


def test_a_link_to_a_file_is_read(tmp_path):
    written(tmp_path / "x.csv", CLEAN)
    (tmp_path / "link.csv").symlink_to(tmp_path / "x.csv")

    assert cells(read(tmp_path / "link.csv"), "sex") == ["F", "M", "F"]


@pytest.mark.parametrize("changed", [CLEAN.replace("M,No", "M,Ok"), CLEAN + "A4,M,No\n", ""])
def test_a_file_that_changed_is_refused(tmp_path, changed):
    path = written(tmp_path / "x.csv", CLEAN)
    found = guard(path)
    found.check_unchanged()
    written(path, changed)

    with pytest.raises(ExportError, match="changed while it was read"):
        found.check_unchanged()


def test_a_file_that_vanished_is_refused(tmp_path):
    path = written(tmp_path / "x.csv", CLEAN)
    found = guard(path)
    path.unlink()

    with pytest.raises(PathError, match="no such file"):
        found.check_unchanged()


def test_copies_are_private_and_go_away(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = written(tmp_path / "x.csv", CLEAN.encode("utf-16"))
    unchanged = guard_module.Guarded.check_unchanged

    def look(self):
        copies = list(tmp_path.glob("auditor-*/*"))
        seen.extend((copy.name, stat.S_IMODE(copy.parent.stat().st_mode)) for copy in copies)
        unchanged(self)

    monkeypatch.setattr(guard_module.Guarded, "check_unchanged", look)
    table = read(path)
    left = [copy for copy in tmp_path.glob("auditor-*/*") if copy.is_file()]
    ids = table.ids([2])
    del table

    assert ("copy", 0o700) in seen
    assert left == []
    assert ids == ["A3"]
    assert list(tmp_path.glob("auditor-*")) == []


def test_nothing_is_left_behind_when_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    error = refused(written(tmp_path / "x.csv", "id,sex\r\nA1,F\nA2\r\n"), texts=("sex",))

    assert slugs(error) == ["short-row"]
    assert list(tmp_path.glob("auditor-*")) == []
