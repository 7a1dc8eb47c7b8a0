"""What a policy says beyond the one that it extends, in a few words each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.rules.differences import differences

if TYPE_CHECKING:
    from auditor.rules.bound import BoundPolicy

_NOT_MEANT = ("waivers.granted", "examples", "policy.")


def tightened(child: BoundPolicy, parent: BoundPolicy) -> tuple[str, ...]:
    """Everything in which a child is tighter than its parent, and its own rules.

    Waivers of a parent are not inherited, and its examples are not either: those are no tightening.
    """
    return tuple(
        change.brief
        for change in differences(parent, child)
        if (change.direction == "tighter" or change.key.startswith(("gates.", "reviews.")))
        and (change.rule or not change.key.startswith(_NOT_MEANT) or "signed_by" in change.key)
    )
