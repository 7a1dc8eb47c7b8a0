"""The demo from a wheel, as people install it: built and installed with pip, without a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


def test_it_works_from_an_installed_wheel(tmp_path):
    root = Path(__file__).parents[2]
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([*build, str(root)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(place), str(wheel)], check=True)

    ran = subprocess.run(
        [sys.executable, "-c", "import auditor.__main__ as m; print(m.__file__); m.run()", "demo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(place), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(root / "build", ignore_errors=True)

    assert ran.returncode == 0, ran.stderr
    assert str(place) in ran.stdout
    assert (place / "auditor" / "_policies" / "nyc-ll144.yaml").is_file()
