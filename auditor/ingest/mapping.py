"""From raw values to decisions: one mapping, whatever the export was read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditor.decisions import Coded, Decisions, ExportFacts, Period, RowAccount
from auditor.errors import DecisionError, Problem
from auditor.ingest.days import period
from auditor.ingest.matching import Role, coded, match, pick
from auditor.ingest.numbers import refuse_values, typed_numbers, whole_counts
from auditor.ingest.refusals import count_of
from auditor.ingest.values import trimmed
from auditor.vocabulary import CONSIDERED, OUTCOMES, UNKNOWN, Outcome

if TYPE_CHECKING:
    from auditor.ingest.profile.model import DateColumn, Profile, ScoreColumn, ValueMap
    from auditor.ingest.raw import NumberColumn, RawTable, Request
    from auditor.vocabulary import CodeArray, IntArray

_LABELS = {"positive": 1, "negative": 0}
_FINALS = {"favorable": 1, "unfavorable": 0}
DUPLICATE = "duplicate"
"""Bucket of rows that repeat an earlier one in every column."""


def map_table(raw: RawTable, profile: Profile, request: Request) -> Decisions:
    """Say what every raw value of an export means.

    Parameters
    ----------
    raw : RawTable, as ``request`` asked for it
    profile : Profile
    request : Request

    Raises
    ------
    DecisionError
        With everything that the profile does not provide for, in all columns at once: values that
        stand for nothing, texts that are no numbers, scores outside the declared scale.
    """
    reading = _Reading(raw)
    people = reading.people(profile.count)
    score = reading.score(profile.score)
    features = {name: reading.numbers(name) for name in profile.features if request.rows}
    given = reading.outcome(profile.outcome)
    groups = {name: reading.group(name, values) for name, values in profile.groups.items()}
    label = reading.label(profile.label)
    final = reading.final(profile.final) if request.rows else None
    taken_by = reading.taken_by(profile.takers)
    days = reading.period(profile.date)
    if reading.problems:
        raise DecisionError.of(dict.fromkeys(reading.problems))

    outcome = _derived(profile.score, score) if given is None else given
    derived = given is None and outcome is not None
    missing = {name: np.isnan(column.values) for name, column in features.items()}
    if profile.score is not None and score is not None:
        missing[profile.score.column] = np.isnan(score.values)
        reading.notes += _about_score(profile.score, score, raw.rows, derived=derived)
    return Decisions(
        rows=raw.rows,
        people=people,
        outcome=outcome,
        groups=groups,
        score=None if score is None else score.values,
        score_is_single=score is not None and score.single,
        label=label,
        final=final,
        taken_by=taken_by,
        strata={name: _as_is(raw, column) for name, column in profile.strata.items()},
        model_version=_as_is(raw, profile.model_version) if profile.model_version else None,
        features={name: column.values for name, column in features.items()},
        missing=missing if request.rows else {},
        persons=raw.persons,
        period=days,
        ids=raw.ids,
        account=_account(raw, profile, outcome),
        export=replace(
            _facts(raw, profile, (*raw.notes, *dict.fromkeys(reading.notes)), derived=derived),
            absent_groups=dict(_absent(profile, groups)),
        ),
    )


class _Reading:
    """Columns of a raw table by their role; what is wrong with them is collected."""

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def numbers(self, name: str) -> NumberColumn:
        found = typed_numbers(self.raw, name)
        self.problems += found.problems
        self.notes += found.notes
        return found.column

    def people(self, count: str | None) -> IntArray:
        if count is None:
            return self.raw.rows
        people, problems = whole_counts(self.raw, count, self.numbers(count))
        self.problems += problems
        return people

    def score(self, entry: ScoreColumn | None) -> NumberColumn | None:
        if entry is None:
            return None
        column = self.numbers(entry.column)
        if entry.scale is not None:
            low, high = (_as_stored(end, column) for end in entry.scale)
            self.problems += refuse_values(
                self.raw,
                entry.column,
                column,
                np.isfinite(column.values) & ((column.values < low) | (column.values > high)),
                f"which lies outside the scale {entry.scale[0]:.15g} to {entry.scale[1]:.15g}",
                slug="score-outside-scale",
            )
        return column

    def outcome(self, values: ValueMap | None) -> CodeArray | None:
        places = {str(outcome): n for n, outcome in enumerate(OUTCOMES)}
        return self._codes(values, "outcome", places) if values else None

    def label(self, values: ValueMap | None) -> CodeArray | None:
        return self._codes(values, "label", _LABELS) if values else None

    def final(self, values: ValueMap | None) -> CodeArray | None:
        return self._codes(values, "final", _FINALS) if values else None

    def taken_by(self, values: ValueMap | None) -> Coded | None:
        if values is None:
            return None
        return coded(self.raw.texts[values.column], self._targets(values, "taken_by", "taken_by"))

    def period(self, entry: DateColumn | None) -> Period | None:
        if entry is None:
            return None
        found, problems = period(self.raw, entry)
        self.problems += problems
        return found

    def group(self, name: str, values: ValueMap) -> Coded:
        return coded(self.raw.texts[values.column], self._targets(values, "group", name))

    def _codes(self, values: ValueMap, role: Role, places: Mapping[str, int]) -> CodeArray:
        targets = self._targets(values, role, role)
        of_level = [places[target] if target else -1 for target in targets]
        return pick(self.raw.texts[values.column], of_level)

    def _targets(self, values: ValueMap, role: Role, name: str) -> tuple[str | None, ...]:
        matched = match(self.raw, values, role, name)
        self.problems += matched.problems
        self.notes += matched.notes
        return matched.targets


def _as_is(raw: RawTable, name: str) -> Coded:
    column = raw.texts[name]
    return coded(column, [trimmed(level or "") for level in column.levels])


def _derived(entry: ScoreColumn | None, score: NumberColumn | None) -> CodeArray | None:
    """Outcome by the cut score, open without a score; None when no cut score is declared."""
    if entry is None or score is None or entry.cut_score is None:
        return None
    cut = _as_stored(entry.cut_score, score)
    favorable = score.values >= cut if entry.better == "high" else score.values <= cut
    codes = np.where(favorable, *(OUTCOMES.index(outcome) for outcome in CONSIDERED))
    codes[np.isnan(score.values)] = OUTCOMES.index(Outcome.OPEN)
    return codes.astype(np.int32)


def _as_stored(limit: float, score: NumberColumn) -> float:
    """Limit as the scores can hold it: float32 0.7 reaches a cut score of 0.7."""
    with np.errstate(over="ignore"):
        return float(np.float32(limit)) if score.single else limit


def _about_score(
    entry: ScoreColumn, score: NumberColumn, rows: IntArray, *, derived: bool
) -> Iterator[str]:
    missing = int(rows.sum(where=np.isnan(score.values)))
    if derived:
        side = "above" if entry.better == "high" else "below"
        yield (
            f"The outcome is derived from column {entry.column!r}: {entry.cut_score:.15g} or "
            f"{side} is favorable."
        )
    if missing:
        fate = "counted as open" if derived else "left out of score measures"
        yield f"Column {entry.column!r} is blank in {count_of(missing)}, {fate}."


def _account(raw: RawTable, profile: Profile, outcome: CodeArray | None) -> RowAccount:
    """Account in rows; buckets that the profile declares are shown even when they are empty."""
    if outcome is None:
        by_outcome = {}
        used = int(raw.rows.sum())
    else:
        by_outcome = {
            name: int(raw.rows.sum(where=outcome == code)) for code, name in enumerate(OUTCOMES)
        }
        used = sum(by_outcome[name] for name in CONSIDERED)
    declared = profile.outcome.values if profile.outcome else {}
    buckets = {
        str(name): rows
        for name, rows in by_outcome.items()
        if name not in CONSIDERED and (rows or declared.get(name))
    }
    if raw.dropped or profile.duplicates == "drop-identical":
        buckets[DUPLICATE] = raw.dropped
    return RowAccount(read=raw.file.rows, used=used, buckets=buckets)


def _absent(profile: Profile, groups: Mapping[str, Coded]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name groups that the profile lists and no row is of, by attribute."""
    for name, values in profile.groups.items():
        listed = (label for label, raw in values.values.items() if raw and label != UNKNOWN)
        gone = tuple(sorted({*listed} - {*groups[name].levels}))
        if gone:
            yield name, gone


def _facts(
    raw: RawTable, profile: Profile, notes: tuple[str, ...], *, derived: bool
) -> ExportFacts:
    score, decision = profile.score, profile.decision
    return ExportFacts(
        profile_id=profile.id,
        profile_sha256=profile.sha256,
        inputs=(raw.file,),
        unit=profile.unit,
        decisions=profile.decisions,
        decision_kind=decision.kind if decision else None,
        taken_by=decision.taken_by if decision else None,
        outcome_derived=derived,
        cut_score=score.cut_score if score else None,
        better=score.better if score else "high",
        scale=score.scale if score else None,
        strata=tuple(profile.strata),
        notes=notes,
    )
