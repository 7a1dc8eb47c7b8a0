from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import AfterValidator, Field

from auditor.documents import Listed, Text, no_repeats, with_near
from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.driver_rule import DriverOptions, DriverRule
from auditor.rules.protected import protected_problems

if TYPE_CHECKING:
    from auditor.errors import Problem
    from auditor.ingest import Profile

_HIDDEN = ("",)
"""The name that a hidden feature has in the attributions that rules see."""


class ProxyAmongDriversOptions(DriverOptions):
    """``features`` that are watched, and how many of the ``strongest`` reasons count."""

    features: Annotated[Listed[Text], Field(min_length=1), AfterValidator(no_repeats)]


class ProxyAmongDrivers(DriverRule):
    """A feature that can stand in for a group is one of the main reasons for the decision.

    What it checks
    --------------
    The reasons (attributions) of every decision that push its score towards the outcome it had:
    those that lower the score of a rejection, raise that of a selection, and the reverse where a
    low score is the better one. Whether one of ``features`` is among the ``strongest`` of them, by
    size, equal ones in the order of the model. Features that are a protected attribute, or that
    tell one, are passed over here as in the reasons that reviewers are shown.

    Why it matters
    --------------
    A postcode, a gap in employment or a first language is no protected attribute and can follow
    one. Where it carries a decision, a person has to ask what it stands for in this case.

    When it misleads
    ----------------
    Which features can stand in for a group is for people to know: one that is not listed is not
    seen, and two correlated features share what one of them would have had alone. Attributions are
    the model's own account, relative to a background, and say nothing about what would happen if
    the person changed. A small push can be third where there are only three reasons.

    Example
    -------
    ``features: [zip3]``: a rejection with reasons assessment -1.2, zip3 -0.4, years +2.0 is
    flagged; zip3 is the second of those that lowered its score. A selection with the same reasons
    is not: zip3 did not help.

    Options
    -------
    ``features``: names as the model knows them; no default. ``strongest`` (3).

    References
    ----------
    S. M. Lundberg and S.-I. Lee, A unified approach to interpreting model predictions, Advances in
    Neural Information Processing Systems 30 (2017): attributions that add up to the score.
    """

    kind: ClassVar[str] = "proxy-among-drivers"
    Options: ClassVar[type[Params]] = ProxyAmongDriversOptions

    def misfits(self, profile: Profile) -> Iterator[Problem]:
        """Refuse to watch protected attributes: that is for another kind."""
        named = ((("options", "features", n), name) for n, name in enumerate(self.options.features))
        yield from protected_problems(self.entry, profile, named)

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag decisions with a watched feature among their drivers."""
        made = evidence.attributions
        unexplained = list(self.unexplained(evidence, made))
        yield from unexplained
        if unexplained or made is None:
            return
        absent = [name for name in self.options.features if name not in made.names]
        if absent:
            why = f"rules may look at no feature {with_near(absent, made.names)} of the model"
            yield self.in_part(evidence, "no-such-reason", why)
        lines, drivers = self.driven(evidence, made, self.options.features, without=_HIDDEN)
        inputs = made.inputs[np.searchsorted(made.lines, lines)]

        def text(line: int) -> str:
            row = int(np.searchsorted(lines, line))
            names = ", ".join(
                f"{made.names[j]} {_shown(inputs[row, j])}" for j in np.flatnonzero(drivers[row])
            )
            return f"among the {self.options.strongest} strongest reasons for this outcome: {names}"

        yield from self.flag_all(lines, text)


def _shown(value: float) -> str:
    return "(missing)" if np.isnan(value) else f"{value:.6g}"
