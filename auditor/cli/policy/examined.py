"""What checking and testing a policy begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.rules.bound import BoundPolicy
    from auditor.run.example_cases import Prepared


def examined(name: str) -> tuple[BoundPolicy, list[Prepared]]:
    """Bind a policy and measure its examples."""
    from auditor.rules.bind import bind
    from auditor.run.example_cases import prepare

    (bound,) = bind([name])
    return bound, prepare(bound)
