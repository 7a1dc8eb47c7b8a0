"""What a child must not take back of its parent: whatever is looser, or may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.errors import Problem
from auditor.rules.differences import differences

if TYPE_CHECKING:
    from auditor.errors import Where
    from auditor.rules.bound import BoundPolicy
    from auditor.rules.differences import Change

_SAYS = {
    "looser": "is looser than in the parent",
    "unclear": "may be looser than in the parent: nobody can say which way it goes",
}
_HINT = "a policy that extends another may tighten it, never loosen it"
_FLOOR = (
    "leave it as in the parent: above a higher floor a group that failed is judged no more, and "
    "below a lower one what was left open may come to pass; a rule of your own beside this one may "
    "have any floor"
)
_FLOORS = ("min_people", "min_expected", "reference_share", "exclude_below", "fewest_people")
_HINTS = {
    **{f"options.{name}": _FLOOR for name in _FLOORS},
    "policy.status": "write 'in-force' as the parent does, and from when in effective_from; an "
    "audit that is not to go by this policy names the parent",
}


def loosened(child: BoundPolicy, parent: BoundPolicy) -> Iterator[Problem]:
    """Find every change of a parent that is looser, or may be.

    A child may grant waivers, within the limits of its parent: those cover its own findings only.
    """
    changes = [
        change
        for change in differences(parent, child)
        if change.direction in _SAYS and not change.key.startswith("waivers.granted.")
    ]
    skips = any(change.key == "missing_values" for change in changes)
    for change in changes:
        if skips and change.key == "options.missing" and not _is_own(change.where, child):
            continue  # it only follows from what the whole policy says
        yield Problem(
            message=f"{change.says.rstrip('.')}, which {_SAYS[change.direction]}",
            slug="loosens-parent",
            where=_place(change, child),
            hint=_HINTS.get(change.key, _HINT),
        )


def _is_own(where: Where | None, child: BoundPolicy) -> bool:
    return where is not None and where.path == child.policy.path


def _place(change: Change, child: BoundPolicy) -> Where | None:
    """Where the child says it, or where it extends the parent."""
    own = _is_own(change.where, child)
    return change.where if own else child.policy.places.get(("extends",), change.where)
