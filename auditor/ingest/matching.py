"""From raw values to what the profile says they stand for."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditor.decisions import Coded
from auditor.documents import shown
from auditor.errors import Problem
from auditor.ingest.profile.schema import reserved_label
from auditor.ingest.refusals import Cell, count_of, refusals, row_counts
from auditor.ingest.stanza import stanza
from auditor.ingest.values import trimmed
from auditor.vocabulary import PENDING_HUMAN, UNKNOWN, Outcome

if TYPE_CHECKING:
    from auditor.ingest.profile.model import ValueMap
    from auditor.ingest.raw import RawTable, TextColumn
    from auditor.vocabulary import CodeArray

Role: TypeAlias = Literal["outcome", "label", "final", "taken_by", "group"]
Why: TypeAlias = Callable[[str], tuple[str, str | None]]

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched:
    """Target of every level of a column; None where it is missing and may be."""

    targets: tuple[str | None, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def match(raw: RawTable, values: ValueMap, role: Role, name: str) -> Matched:
    """Match the levels of a column with the values that a profile declares.

    A missing cell of a group is unknown, and a blank cell of a label, of a final decision or of who
    took it is missing, without being listed. A missing outcome is the blank text, which must be
    listed. ``pending human``, which a final export writes, is open unless the profile lists it.

    Parameters
    ----------
    raw : RawTable
    values : ValueMap
    role : what the column says
    name : of the attribute; of the role itself otherwise

    Returns
    -------
    Matched
        With a problem for each value that stands for nothing, for two things, or for a group with
        a name that is kept for something else.
    """
    column = raw.texts[values.column]
    index = Targets(values)
    targets: list[str | None] = []
    ambiguous: list[int] = []
    reserved: list[int] = []
    unlisted: list[int] = []
    for n, level in enumerate(column.levels):
        text = trimmed(level or "")
        found = index.of(text, typed=column.typed or level is None)
        if not found and role == "outcome" and text == PENDING_HUMAN:
            found = {Outcome.OPEN.value}
        targets.append(next(iter(found), None))
        if len(found) > 1:
            ambiguous.append(n)
        elif found or _may_be_missing(level, text, role):
            continue
        elif not values.as_is or not text:
            unlisted.append(n)
        elif reserved_label(text):
            reserved.append(n)
        else:
            targets[n] = text
    problems = [
        *_refused(raw, values, ambiguous, _two_things, slug="ambiguous-value"),
        *_refused(raw, values, reserved, _kept_word, slug="reserved-group"),
        *_unlisted(raw, values, unlisted, role, name),
    ]
    labels = {target for target in targets if target} if role == "group" else set()
    return Matched(
        targets=tuple(targets),
        problems=tuple(problems),
        notes=(*_trimmed(raw, values.column, targets), *_alike(values.column, labels)),
    )


def coded(column: TextColumn, targets: Sequence[str | None]) -> Coded:
    """Codes of a column by target; -1 where it is missing or unknown."""
    levels = tuple(sorted({target for target in targets if target and target != UNKNOWN}))
    place: dict[str | None, int] = {level: n for n, level in enumerate(levels)}
    return Coded(levels=levels, codes=pick(column, [place.get(t, -1) for t in targets]))


def pick(column: TextColumn, of_level: Sequence[int]) -> CodeArray:
    """One number a line, from one number a level."""
    codes: CodeArray = np.array(of_level, dtype=np.int32)[column.codes]
    return codes


class Targets:
    """Targets by the text and by the value that they are declared with."""

    def __init__(self, values: ValueMap) -> None:
        self.by_text: dict[str, set[str]] = {}
        self.by_value: dict[str, set[str]] = {}
        for target, listed in values.values.items():
            for value in listed:
                self.by_text.setdefault(value.text, set()).add(target)
                self.by_value.setdefault(value.value, set()).add(target)

    def of(self, text: str, *, typed: bool) -> set[str]:
        """Targets of a trimmed text; ``typed``: of a value, not of a text as such."""
        found = self.by_text.get(text, set())
        return found | self.by_value.get(text, set()) if typed else found


def _may_be_missing(level: str | None, text: str, role: Role) -> bool:
    return (role == "group" and level is None) or (
        role in ("label", "final", "taken_by") and not text
    )


def _refused(
    raw: RawTable, values: ValueMap, levels: list[int], why: Why, *, slug: str
) -> list[Problem]:
    if not levels:
        return []
    column = raw.texts[values.column]
    counts = row_counts(column, raw.rows)
    cells = [
        Cell(column.levels[n], trimmed(column.levels[n] or ""), int(counts[n])) for n in levels
    ]
    return list(refusals(raw, values.column, cells, why, slug=slug))


def _two_things(_: str) -> tuple[str, str | None]:
    return "which equals values of two lists of the profile", "write it in one of them"


def _kept_word(text: str) -> tuple[str, str | None]:
    return (
        f"which cannot name a group: it {reserved_label(text)}",
        "list it under unknown, or map it to another name under values",
    )


def _unlisted(
    raw: RawTable, values: ValueMap, levels: list[int], role: Role, name: str
) -> list[Problem]:
    """Values that stand for nothing; the last problem carries all of them, ready to paste."""
    what = {
        "outcome": "no outcome",
        "label": "neither positive nor negative",
        "final": "neither favorable nor unfavorable",
        "taken_by": "nobody who takes decisions",
        "group": f"no group of {name!r}",
    }[role]
    problems = _refused(
        raw,
        values,
        levels,
        lambda _: (f"which the profile maps to {what}", None),
        slug="unmapped-value",
    )
    if problems:
        texts = dict.fromkeys(trimmed(raw.texts[values.column].levels[n] or "") for n in levels)
        entry = stanza(values, name, list(texts), group=role == "group")
        indent = "    " if role == "group" else "  "
        places = {"group": "columns, groups", "taken_by": "decision"}
        place = places.get(role, "columns")
        hint = f"in the profile, under {place}:\n{textwrap.indent(entry, indent)}"
        problems[-1] = replace(problems[-1], hint=hint)
    return problems


def _trimmed(raw: RawTable, column: str, targets: Sequence[str | None]) -> Iterator[str]:
    """Say which spellings were taken for others, because white space and composition differ."""
    changed = {
        n: level
        for n, level in enumerate(raw.texts[column].levels)
        if level is not None and targets[n] is not None and level != trimmed(level)
    }
    if not changed:
        return
    rows = int(row_counts(raw.texts[column], raw.rows)[list(changed)].sum())
    spellings = [f"{shown(level)} as {shown(trimmed(level))}" for level in changed.values()]
    more = ", ..." if len(spellings) > _SHOWN else ""
    yield (
        f"Column {column!r}: {count_of(rows)} read without spaces around the value and in "
        f"composed form ({', '.join(spellings[:_SHOWN])}{more})."
    )


def _alike(column: str, labels: set[str]) -> Iterator[str]:
    """Name groups that a person would take for one; they stay apart, for a person to decide."""
    same: dict[str, list[str]] = {}
    for label in sorted(labels):
        same.setdefault(unicodedata.normalize("NFKC", label).casefold(), []).append(label)
    for alike in same.values():
        if len(alike) > 1:
            yield (
                f"Column {column!r}: the groups {', '.join(map(shown, alike))} differ only in case "
                "or form of their letters and are counted apart; map them together if they are one."
            )
