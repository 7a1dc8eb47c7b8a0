from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from auditor.demo.dirt import export_text
from auditor.demo.generator import FEATURES
from auditor.demo.scoring import INJECTION, ROWS, scored_period
from auditor.documents import write_whole
from auditor.errors import PathError, UsageError, Where

SEED = 2026
NOTICE = "SYNTHETIC-DATA.txt"
"""Stands in every demo and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DemoFiles:
    """What the demo wrote, and the fitted model, which is never written.

    ``features`` are the model's columns; they stand in the export and in the profile too.
    """

    export: Path
    profile: Path
    system: Path
    notice: Path
    model: Any
    features: tuple[str, ...]


def write_demo(
    directory: Path, *, seed: int = SEED, rows: int = ROWS, injection: float = INJECTION
) -> DemoFiles:
    """Write the synthetic export, its profile, what is on record about the model, and the notice.

    The same arguments give the same bytes.

    Parameters
    ----------
    directory : made when it does not exist; an earlier demo in it is replaced
    seed : int
    rows : int, applications before the duplicates
    injection : float
        How much the earlier decisions held against the marked zip areas, in standard deviations
        of the judged merit; 0 is the control in which no gap was put in.

    Raises
    ------
    UsageError
        When the directory holds anything but a demo (``foreign-directory``): what it holds may be
        called like the demo's own files.
    PathError
        When a file cannot be written (``path-unwritable``).
    """
    _check_target(directory)
    scored = scored_period(seed, rows=rows, injection=injection)
    dirt = np.random.default_rng(np.random.SeedSequence(seed).spawn(4)[3])
    home = files("auditor.demo")
    contents = {
        "applicants.csv": export_text(scored, dirt).encode(),
        "profile.yaml": home.joinpath("profile.yaml").read_bytes(),
        "system.yaml": home.joinpath("system.yaml").read_bytes(),
        NOTICE: home.joinpath(NOTICE).read_bytes(),
    }
    path = directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            path = directory / name
            write_whole(path, content)
    except OSError as error:
        raise PathError(
            f"cannot write the demo: {error.strerror}",
            slug="path-unwritable",
            where=Where(str(path)),
            hint="name another directory: auditor demo DIR",
        ) from error
    export, profile, system, notice = (directory / name for name in contents)
    return DemoFiles(
        export=export,
        profile=profile,
        system=system,
        notice=notice,
        model=scored.model,
        features=FEATURES,
    )


def _check_target(directory: Path) -> None:
    try:
        names = {path.name for path in directory.iterdir()}
    except OSError:
        return  # it is new, or writing will say what is wrong with it
    if not names or NOTICE in names:
        return
    raise UsageError(
        "the directory holds files that the demo did not make",
        slug="foreign-directory",
        where=Where(str(directory)),
        hint="name another directory: auditor demo DIR",
    )
