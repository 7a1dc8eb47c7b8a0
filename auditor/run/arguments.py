"""Arguments of a call, checked before anything is read.

Wrong ones are a TypeError or ValueError in scikit-learn's form: they are mistakes in a program.
"""

from __future__ import annotations

import inspect
import operator
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import Problem, UsageError
from auditor.vocabulary import INTERSECTION, LARGEST_SEED, attributes_of

if TYPE_CHECKING:
    from auditor.ingest import Profile
    from auditor.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Clock, randomness and key of a run; ``today`` is the real day, which ends waivers too."""

    as_of: date
    today: date
    seed: int
    key: Path | None


def checked(
    *,
    profile: Any,
    seed: Any,
    as_of: Any,
    key: Any,
    encoding: Any,
    system: Any = None,
    keyring: Any = None,
) -> Settings:
    """Check the arguments of a call that are no data, and give what a run goes by.

    Raises
    ------
    TypeError, ValueError
        When one is of another kind, or the seed is negative or too large.
    """
    from auditor.ingest import Profile
    from auditor.system import SystemRecord

    if not isinstance(profile, str | os.PathLike | Mapping | Profile | None):
        raise _wrong("profile", "a path, a mapping, a Profile or None", profile)
    if as_of is not None and (not isinstance(as_of, date) or isinstance(as_of, datetime)):
        raise _wrong("as_of", "a datetime.date or None", as_of)
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise _wrong("seed", "a whole number", seed)
    if not 0 <= operator.index(seed) <= LARGEST_SEED:
        raise ValueError(
            f"The 'seed' parameter of audit must be in the range [0, 2**63). Got {seed} instead."
        )
    if not isinstance(key, str | os.PathLike | None):
        raise _wrong("key", "a path or None", key)
    if not isinstance(keyring, str | os.PathLike | None):
        raise _wrong("keyring", "a path or None", keyring)
    if not isinstance(encoding, str | None):
        raise _wrong("encoding", "the name of an encoding or None", encoding)
    if not isinstance(system, str | os.PathLike | Mapping | SystemRecord | None):
        raise _wrong("system", "a path, a mapping, a SystemRecord or None", system)
    today = datetime.now(UTC).date()
    return Settings(
        as_of=as_of or today,
        today=today,
        seed=operator.index(seed),
        key=Path(key) if key is not None else None,
    )


def policies(given: Any) -> list[str | Path | Policy]:
    """Policies of a call as a list.

    Raises
    ------
    TypeError
        When one is neither a name, nor a path, nor a Policy.
    UsageError
        When there is none.
    """
    from auditor.policy import Policy

    kinds = (str, os.PathLike, Policy)
    several = isinstance(given, list | tuple | Set | Iterator)
    sources = list(given) if several else [given]
    for source in sources:
        if not isinstance(source, kinds):
            raise _wrong("policy", "a name, a path, a Policy, or a list of these", source)
    if not sources:
        raise UsageError(
            "an audit needs at least one policy",
            slug="no-policy",
            hint="name a pack such as us-adverse-impact, or the path of a policy file",
        )
    return [Path(s) if isinstance(s, os.PathLike) else s for s in sources]


def known_columns(columns: Mapping[str, Any]) -> Mapping[str, Any]:
    """Column arguments, when there are such.

    Raises
    ------
    TypeError
        As Python does for an argument that nobody knows, with the nearest one.
    """
    from auditor.documents import did_you_mean
    from auditor.ingest import profile_of

    known = [name for name in inspect.signature(profile_of).parameters if name != "features"]
    for name in columns:
        if name not in known:
            near = did_you_mean(name, known)
            raise TypeError(f"audit() got an unexpected keyword argument {name!r} ({near})")
    return columns


def asked_intersections(
    data: Any, given: Sequence[Sequence[str]] | None, profile: Profile
) -> list[tuple[str, ...]]:
    """Intersections of a call; counts of one ask for it themselves.

    Raises
    ------
    TypeError
        When one is no list of names.
    UsageError
        When one names something else than two or more attributes of the profile: it would be left
        out without a word.
    """
    from auditor.documents import did_you_mean
    from auditor.ingest import GroupCounts

    asked = []
    problems = []
    if isinstance(given, str) or not isinstance(given, Iterable | None):
        raise _wrong("intersections", "a list of lists of attributes", given)
    for names in given or ():
        parts = attributes_of(names) if isinstance(names, str) else names
        if not isinstance(parts, Iterable) or not all(isinstance(n, str) for n in parts):
            raise _wrong("intersections", "a list of lists of attributes", names)
        asked.append(tuple(parts))
        written = INTERSECTION.join(asked[-1])
        absent = [name for name in asked[-1] if name not in profile.attributes]
        if len(set(asked[-1])) < max(2, len(asked[-1])):
            message, hint = f"{written!r} does not join different attributes", "such as sex*race"
        elif absent:
            message = f"the intersection {written!r} needs an attribute {absent[0]!r}"
            hint = did_you_mean(absent[0], profile.attributes)
        else:
            continue
        problems.append(Problem(message=message, slug="unknown-intersection", hint=hint))
    if problems:
        raise UsageError.of(problems)
    if isinstance(data, GroupCounts) and len(attributes_of(data.attribute)) > 1:
        asked.append(attributes_of(data.attribute))
    return asked


def _wrong(name: str, wanted: str, got: Any) -> TypeError:
    # what else is given may hold data of people
    plain = isinstance(got, str | bytes | int | float | date | None)
    what = repr(got) if plain else f"something of the type {type(got).__name__}"
    return TypeError(f"The {name!r} parameter of audit must be {wanted}. Got {what} instead.")
