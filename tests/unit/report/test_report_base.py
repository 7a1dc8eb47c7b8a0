from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.errors import PathError
from auditor.report import write


def test_file_is_complete_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"

    write(path, "one\nz\u00fcrich\udc80")

    assert path.read_bytes() == b"one\nz\xc3\xbcrich?"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]


def test_an_earlier_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write(path, "long first text")
    write(path, "second")

    assert path.read_text() == "second"


@pytest.mark.parametrize("place", ["file/report.html", "."])
def test_unwritable_path_is_one_clear_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(PathError, match="the report cannot be written") as caught:
        write(tmp_path / place, "text")

    assert caught.value.problems[0].slug == "path-unwritable"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


FULL_DISK = """
import sys
from pathlib import Path
from auditor.errors import PathError
from auditor.report import write
try:
    write(Path(sys.argv[1]), "x" * 100_000)
except PathError as error:
    print(error)
"""


def test_full_disk_leaves_the_earlier_file_and_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write(path, "earlier")

    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=small_files_only,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )

    assert "the report cannot be written" in done.stdout
    assert path.read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
