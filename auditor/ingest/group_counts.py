"""Counts in place of an export: how many people of each group were considered and selected."""

from __future__ import annotations

import hashlib
import json
import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.decisions import Coded, Decisions, ExportFacts, InputFile, RowAccount
from auditor.documents import shown
from auditor.errors import Problem, UsageError
from auditor.ingest.numbers import LARGEST_COUNT
from auditor.ingest.profile.keywords import profile_of
from auditor.ingest.profile.schema import reserved_label
from auditor.ingest.values import is_unicode, trimmed
from auditor.vocabulary import CONSIDERED, INTERSECTION, OUTCOMES, UNKNOWN, attributes_of

if TYPE_CHECKING:
    from auditor.ingest.profile.model import Profile

_HINT = 'give a mapping of group to (considered, favorable), and attribute="sex" or the like'

COUNTS = "counts"
"""What results call counts that were given in the call."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupCounts:
    """Counts of one attribute or intersection, as `counts` made them.

    ``profile`` declares the single attributes; ``attribute`` is the intersection when there is one.
    """

    attribute: str
    profile: Profile
    decisions: Decisions


def counts(groups: Mapping[str, tuple[int, int]], *, attribute: str) -> GroupCounts:
    """Take counts of considered and favorable people as something to audit.

    Parameters
    ----------
    groups : mapping of group to (considered, favorable)
        ``unknown`` holds the people whose group is not known. Keys of an intersection are joined
        like its name: ``F*Black`` with ``sex*race``.
    attribute : str

    Returns
    -------
    GroupCounts
        One row for each considered person.

    Raises
    ------
    UsageError
        With every count that is no whole number, negative, or more favorable than considered, and
        every key that does not fit the attribute (``bad-counts``).
    ProfileError
        When the attribute cannot have this name.

    Examples
    --------
    >>> counted = counts({"M": (100, 60), "F": (100, 40)}, attribute="sex")
    >>> counted.decisions.account
    RowAccount(read=200, used=200, buckets={})
    """
    if not isinstance(attribute, str) or not isinstance(groups, Mapping):
        raise UsageError.of([_problem(f"counts of {shown(attribute)} are {shown(groups)}", _HINT)])
    names = attributes_of(attribute)
    profile = profile_of(
        count="people",
        outcome="outcome",
        favorable="favorable",
        unfavorable="unfavorable",
        groups=names,
        unit="person",
        name=COUNTS,
    )
    problems = list(_problems(groups, names))
    if problems:
        raise UsageError.of(problems)
    counted = {
        tuple(map(trimmed, attributes_of(key))): (operator.index(n), operator.index(x))
        for key, (n, x) in groups.items()
    }
    return GroupCounts(
        attribute=attribute, profile=profile, decisions=_decisions(counted, names, profile)
    )


def _problems(groups: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Problem]:
    if len(set(names)) < len(names):
        yield _problem(f"the attribute {INTERSECTION.join(names)!r} names a part twice")
    if not groups:
        yield _problem("there is no group", _HINT)
    seen: dict[tuple[str, ...], str] = {}
    people = 0
    for key, pair in groups.items():
        reason = _about_key(key, len(names)) or _about_pair(pair)
        if reason:
            yield _problem(f"the group {shown(key)} {reason}")
            continue
        before = seen.setdefault(tuple(map(trimmed, attributes_of(key))), key)
        if before is not key:
            yield _problem(f"the groups {shown(before)} and {shown(key)} have the same name")
        people += operator.index(pair[0])
    if people >= LARGEST_COUNT:
        yield _problem(f"the groups have {people:,} people, more than any float holds exactly")


def _problem(message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-counts", hint=hint)


def _about_key(key: Any, parts: int) -> str | None:
    """Why a key names no group."""
    if not isinstance(key, str):
        return "is no text"
    if not is_unicode(key):
        return "is no Unicode text"
    found = [trimmed(part) for part in attributes_of(key)]
    if len(found) != parts or not all(found):
        wanted = INTERSECTION.join("F" * parts)
        return f"does not fit the attribute: it must be written like {wanted!r}"
    wrong = next((part for part in found if part != UNKNOWN and reserved_label(part)), None)
    return f"holds {wrong!r}; write {UNKNOWN!r}" if wrong else None


def _about_pair(pair: Any) -> str | None:
    """Why a value is no pair of counts."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        return f"must have two counts, considered and favorable, got {shown(pair)}"
    for number in pair:
        if isinstance(number, bool | np.bool_) or not hasattr(number, "__index__"):
            return f"must have whole numbers of people, got {number!r}"
    considered, favorable = map(operator.index, pair)
    if min(considered, favorable) < 0:
        return f"has a negative count, {min(considered, favorable)}"
    if favorable > considered:
        return f"has {favorable:,} favorable of {considered:,} considered"
    return None


def _decisions(
    counted: Mapping[tuple[str, ...], tuple[int, int]], names: tuple[str, ...], profile: Profile
) -> Decisions:
    """Two lines a group: the favorable and the others."""
    people = np.array([(x, n - x) for n, x in counted.values()], dtype=np.int64).ravel()
    outcome = np.array([OUTCOMES.index(o) for o in CONSIDERED] * len(counted), dtype=np.int32)
    content = json.dumps([names, sorted(counted.items())], ensure_ascii=False)
    total = int(people.sum())
    return Decisions(
        rows=people,
        people=people,
        outcome=outcome,
        groups={name: _coded([parts[n] for parts in counted]) for n, name in enumerate(names)},
        account=RowAccount(read=total, used=total),
        export=ExportFacts(
            profile_id=profile.id,
            profile_sha256=profile.sha256,
            inputs=(
                InputFile(
                    path=COUNTS, sha256=hashlib.sha256(content.encode()).hexdigest(), rows=total
                ),
            ),
            unit=profile.unit,
            notes=tuple(
                f"Nobody was considered in {INTERSECTION.join(parts)!r}."
                for parts, (n, _) in counted.items()
                if n == 0
            ),
        ),
    )


def _coded(groups: list[str]) -> Coded:
    levels = tuple(sorted({group for group in groups if group != UNKNOWN}))
    place = {level: n for n, level in enumerate(levels)}
    codes = np.array([place.get(group, -1) for group in groups], dtype=np.int32)
    return Coded(levels=levels, codes=np.repeat(codes, 2))
