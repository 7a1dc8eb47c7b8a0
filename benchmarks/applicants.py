"""Synthetic applicants for benchmarks: seeded, drawn in chunks, kept as files.

People, homes and merit are those of the demo's generator. On top come a score, a decision at a
base rate of one fifth, and a gap of known size: the score of Black applicants is lowered so that
their impact ratio is four fifths.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from numpy.random import Generator

    from auditor.vocabulary import IntArray

SEED = 20_261_124
CHUNK = 1_000_000

ID, OUTCOME, SCORE = "application_id", "status", "model_score"
GROUPS = {"sex": "sex", "race": "race_ethnicity", "age": "age_band"}
READ = (ID, *GROUPS.values(), OUTCOME, SCORE)
"""Columns that the benchmarks read; the files have more."""

AGE_BANDS = ("under 40", "40 or over")
FAVORABLE, UNFAVORABLE, WITHDRAWN = "Advanced", "Rejected", "Withdrew"

_WITHDRAWN_SHARE = 0.04
_NOISE = 0.3
_SPREAD = 1.584
"""Standard deviation of skills + 0.8 assessment + noise, by arithmetic."""
_CUT, _GAP = 0.8416, 0.1528
"""Of the standardised score: the upper fifth is selected; so much less makes it four fifths."""


def draw(rows: int, *, seed: int = SEED, chunk: int = CHUNK) -> Iterator[pd.DataFrame]:
    """Draw applicants; row i is the same whatever the number of rows.

    Parameters
    ----------
    rows : int
    seed : int
    chunk : int
        Rows drawn at a time, each time from a child seed of its own.
    """
    import numpy as np

    seeds = np.random.SeedSequence(seed).spawn(-(-rows // chunk))
    for n, child in enumerate(seeds):
        first = n * chunk
        yield _chunk(first, chunk, np.random.default_rng(child)).head(rows - first)


def _chunk(first: int, size: int, rng: Generator) -> pd.DataFrame:
    import numpy as np
    import pandas as pd
    from scipy.special import ndtr

    from auditor.demo.generator import FAMILIES, FEATURES, RACES, SEXES, applicants

    people = applicants(size, rng)
    columns = dict(zip(FEATURES, people.features.T, strict=True))
    merit = (columns["skills_score"] - 60) / 12 + 0.8 * (columns["assessment"] - 55) / 15
    z = (merit + _NOISE * rng.standard_normal(size)) / _SPREAD
    z -= _GAP * (people.race == RACES.index("Black or African American"))
    status = np.where(z >= _CUT, 0, 1)
    status[rng.random(size) < _WITHDRAWN_SHARE] = 2
    return pd.DataFrame(
        {
            ID: np.arange(first, first + size),
            "requisition_id": first // 120 + people.requisition,
            "job_family": _texts(people.family, FAMILIES),
            "sex": _texts(people.sex, SEXES),
            "race_ethnicity": _texts(people.race, RACES),
            "age": people.age,
            "age_band": _texts(1 * (people.age >= 40), AGE_BANDS),
            "zip3": people.zip3,
            **columns,
            SCORE: np.round(ndtr(z), 4),
            OUTCOME: _texts(status, (FAVORABLE, UNFAVORABLE, WITHDRAWN)),
        }
    )


def _texts(codes: IntArray, levels: Sequence[str]) -> pd.Categorical:
    import pandas as pd

    return pd.Categorical.from_codes(codes, list(levels))


def file_of(directory: Path, rows: int, kind: str, *, chunk: int = CHUNK) -> Path:
    """Path of the export with so many rows; written when it is not there yet.

    Parameters
    ----------
    directory : Path
    rows : int
    kind : ``parquet`` or ``csv``
    chunk : int, as in `draw`
    """
    path = directory / f"applicants-{rows}-{_version(chunk)}.{kind}"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory) as place:
            written = Path(place) / path.name
            if kind == "parquet":
                _write_parquet(written, rows, chunk)
            else:
                _copy(
                    f"read_parquet('{file_of(directory, rows, 'parquet', chunk=chunk)}')", written
                )
            written.replace(path)  # in one step: a run that was stopped leaves no half file
    return path


def _write_parquet(path: Path, rows: int, chunk: int) -> None:
    parts = path.parent / "parts"
    parts.mkdir()
    for n, part in enumerate(draw(rows, chunk=chunk)):
        texts = [f"{name}::VARCHAR AS {name}" for name in part.select_dtypes("category").columns]
        texts.append(f"'APP-' || lpad({ID}::VARCHAR, 9, '0') AS {ID}")
        relation = f"(SELECT * REPLACE ({', '.join(texts)}) FROM part)"  # noqa: S608
        _copy(relation, parts / f"{n:05}.parquet", part)
    _copy(f"read_parquet('{parts}/*.parquet')", path)


def _copy(relation: str, path: Path, part: pd.DataFrame | None = None) -> None:
    import duckdb

    kind = path.suffix[1:]
    with duckdb.connect() as engine:
        if part is not None:
            engine.register("part", part)
        engine.execute(f"COPY (FROM {relation}) TO '{path}' (FORMAT {kind})")


def _version(chunk: int) -> str:
    """Digest of everything the content depends on: a changed generator writes new files."""
    from auditor.demo import generator

    sources = [Path(__file__).read_bytes(), Path(generator.__file__).read_bytes()]
    return hashlib.sha256(b"".join([*sources, str((SEED, chunk)).encode()])).hexdigest()[:8]


if __name__ == "__main__":
    print(file_of(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
