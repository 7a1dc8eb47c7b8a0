"""What happens to clean rows on their way out of an applicant-tracking system.

Everything here is ordinary: a byte order mark, labels typed in several ways, padding, blanks, notes
with separators and line breaks, rows exported twice. Nothing of it changes what was decided.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from auditor.demo.generator import FAMILIES, FEATURES, RACES, SEXES
from auditor.demo.scoring import CUT_SCORE, SCORE_DECIMALS, Scored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from auditor.vocabulary import BoolArray

COLUMNS = (
    *("application_id", "requisition_id", "applied_on", "job_family", "gender", "race_ethnicity"),
    *("age_band", "zip3", *FEATURES, "model_version", "model_score", "status", "screening_note"),
    "origin",
)
ORIGIN = "synthetic"
"""In every row: this export is about nobody."""

DUPLICATES = 12
MISSING_SCORES = 0.005
_FIRST_DAY = date(2026, 1, 5)

_SPELLINGS = {
    "Female": ("Female", "Female", "Female", "female", "FEMALE", "F", " Female "),
    "Male": ("Male", "Male", "Male", "male", "MALE", "M", "Male  "),
    "White": ("White", "White", "White", "white", "WHITE", "White "),
    "Black or African American": (
        *("Black or African American",) * 3,
        *("black or african american", "BLACK OR AFRICAN AMERICAN", " Black or African American"),
    ),
    "Hispanic or Latino": (*("Hispanic or Latino",) * 3, "hispanic or latino", "Hispanic/Latino"),
    "Asian": ("Asian", "Asian", "Asian", "asian", "Asian "),
    "": ("", "", "Prefer not to say", "   "),
}
_ADVANCED = ("Advanced", "Advanced", "Advanced", "Hired")
_REJECTED = ("Rejected", "Rejected", "Rejected", "rejected", "Rejected - Not qualified")
_NOT_DECIDED: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.035, ("Withdrew", "Withdrawn by candidate")),
    (0.015, ("Position closed",)),
    (0.015, ("In progress", "")),
)
_NOTES = (
    "Called back, no answer",
    "Strong portfolio; ask about notice period",
    'Wrote: "available from May", prefers remote',
    "First line of the note\nsecond line, with a comma",
    "Résumé in two languages; naïve layout, café job",
    "=see attachment",
    "Notice period 3 months; relocation ok\n\n(added by phone screen)",
)


def export_text(scored: Scored, rng: Generator) -> str:
    r"""Write the current period as the text of a messy CSV export.

    Semicolons, rows ended by ``\r\n`` with bare ``\n`` inside quoted notes, a byte order mark,
    about ``MISSING_SCORES`` of the scores blank, ``DUPLICATES`` rows exported twice word for word.

    Parameters
    ----------
    scored : Scored
    rng : numpy random generator; the same state gives the same text
    """
    rows = _rows(scored, rng)
    twice = rng.choice(len(rows), size=min(DUPLICATES, len(rows)), replace=False)
    # The later copy stands where a second run of the export would have put it: at the end.
    rows += [rows[i] for i in sorted(twice)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return "\ufeff" + text.getvalue()


def _rows(scored: Scored, rng: Generator) -> list[list[str]]:
    people, n = scored.people, len(scored.people)
    blank = rng.random(n) < MISSING_SCORES
    score = [
        "" if missing else f"{value:.{SCORE_DECIMALS}f}"
        for value, missing in zip(scored.score, blank, strict=True)
    ]
    columns: list[Sequence[str]] = [
        [f"{i:07d}" for i in range(1, n + 1)],
        [f"R-{r:04d}" for r in people.requisition],
        [(_FIRST_DAY + timedelta(days=int(d))).isoformat() for d in people.day],
        [FAMILIES[f] for f in people.family],
        _spelled([SEXES[s] for s in people.sex], rng),
        _spelled([RACES[r] for r in people.race], rng),
        ["40+" if a >= 40 else "under 40" for a in people.age],
        [f"{z:03d}" for z in people.zip3],
        *([f"{v:g}" for v in column] for column in people.features.T),
        ["screen-2"] * n,
        score,
        _status(scored.score >= CUT_SCORE, rng),
        _notes(n, rng),
        [ORIGIN] * n,
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _spelled(labels: list[str], rng: Generator) -> list[str]:
    pick = rng.random(len(labels))
    result = []
    for label, where in zip(labels, pick, strict=True):
        choices = _SPELLINGS.get(label, (label,))
        result.append(choices[int(where * len(choices))])
    return result


def _status(advanced: BoolArray, rng: Generator) -> list[str]:
    undecided, pick = rng.random(len(advanced)), rng.random(len(advanced))
    edges = np.cumsum([share for share, _ in _NOT_DECIDED])
    result = []
    for favorable, u, where in zip(advanced, undecided, pick, strict=True):
        place = int(np.searchsorted(edges, u, side="right"))
        words: tuple[str, ...] = _ADVANCED if favorable else _REJECTED
        if place < len(_NOT_DECIDED):
            words = _NOT_DECIDED[place][1]
        result.append(words[int(where * len(words))])
    return result


def _notes(n: int, rng: Generator) -> list[str]:
    written, which = rng.random(n) < 0.06, rng.integers(0, len(_NOTES), n)
    return [_NOTES[w] if there else "" for there, w in zip(written, which, strict=True)]
