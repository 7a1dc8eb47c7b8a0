"""Protected attributes: what rules about single decisions must not read, or must not show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.errors import Problem
from auditor.findings import Flag

if TYPE_CHECKING:
    from auditor.documents import PathKey
    from auditor.ingest import Profile
    from auditor.policy.model import RuleEntry

SELECTED = "selected for review"
"""All that reviewers read where a rule picks by a protected attribute."""


def without_reason(flags: Iterable[Flag]) -> Iterator[Flag]:
    """Let flags tell reviewers nothing: the rule's own would name a group to them."""
    for flag in flags:
        yield replace(flag, says=SELECTED.capitalize() + ".", evidence=SELECTED)


def protected_names(profile: Profile) -> set[str]:
    """Names of the protected attributes of a profile and of their columns."""
    return {*profile.attributes, *(entry.column for entry in profile.groups.values())}


def protected_problems(
    entry: RuleEntry, profile: Profile, named: Iterable[tuple[PathKey, str]]
) -> Iterator[Problem]:
    """Object to names in the options of a rule that are a protected attribute of the profile.

    Parameters
    ----------
    entry : RuleEntry
    profile : Profile
    named : pairs of the way to a name, as in ``entry.places``, and the name
    """
    protected = protected_names(profile)
    for at, name in named:
        if name in protected:
            yield Problem(
                message=f"rule {entry.id!r} looks at {name!r}, a protected attribute of the "
                "profile",
                slug="protected-attribute",
                where=entry.places.get(at),
                hint="rules for single decisions read no group; name declared features",
            )
