"""Rules of a parent that a child must not loosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.errors import Problem
from auditor.rules.differences import differences

if TYPE_CHECKING:
    from auditor.rules.bound import BoundPolicy

_SAYS = {
    "looser": "is looser than in the parent",
    "unclear": "may be looser than in the parent: nobody can say which way it goes",
}


def loosened_rules(child: BoundPolicy, parent: BoundPolicy) -> Iterator[Problem]:
    """Find every change of a parent's rule that is looser, or may be.

    What a child adds is its own affair, and all of a parent's rules are there already.
    """
    theirs = {rule.entry.id for rule in parent.rules}
    for change in differences(parent, child):
        if change.rule in theirs and change.direction in _SAYS:
            yield Problem(
                message=f"{change.says.rstrip('.')}, which {_SAYS[change.direction]}",
                slug="loosens-parent",
                where=change.where,
                hint="a policy that extends another may tighten it, never loosen it",
            )
