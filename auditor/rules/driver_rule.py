"""Rules on what drives one decision: the strongest reasons that push towards its outcome."""

from __future__ import annotations

from abc import ABC
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from auditor.rules.base import Params
from auditor.rules.decision_rule import DecisionRule
from auditor.vocabulary import OUTCOMES, Outcome

if TYPE_CHECKING:
    from auditor.explain import Attributions
    from auditor.findings import NotEvaluated
    from auditor.rules.base import Evidence
    from auditor.vocabulary import BoolArray, IntArray


class DriverOptions(Params):
    """``strongest``: so many reasons are looked at."""

    strongest: Annotated[int, Field(ge=1)] = 3


class DriverRule(DecisionRule, ABC):
    """A rule on the strongest reasons that push a decision towards the outcome it had."""

    beyond_examples: ClassVar[bool] = True

    def unexplained(self, evidence: Evidence, made: Attributions | None) -> Iterator[NotEvaluated]:
        """Say why no reason can be looked at, where that is so."""
        if made is None:
            why = "without a model there are no reasons"
            yield self.not_evaluated(evidence, "no-explanations", why)
        elif evidence.decisions.outcome is None:
            why = "the profile declares no outcome that reasons could push towards"
            yield self.not_evaluated(evidence, "no-outcome", why)

    def driven(
        self,
        evidence: Evidence,
        made: Attributions,
        watched: Collection[str],
        *,
        without: Collection[str] = (),
    ) -> tuple[IntArray, BoolArray]:
        """Lines with a watched feature among their drivers, and which features those are.

        Returns
        -------
        int64 array of lines, and a bool array with one row for each of them, a column a feature
        """
        from auditor.explain import strongest

        outcome = evidence.decisions.outcome
        if outcome is None:
            raise ValueError("Reasons push towards an outcome, and there is none.")
        raises = outcome[made.lines] == OUTCOMES.index(Outcome.FAVORABLE)
        if evidence.decisions.export.better == "low":
            raises = ~raises
        signs = np.where(raises, 1, -1).astype(np.int64)
        found = strongest(made, signs, k=self.options.strongest, without=without)
        found &= np.array([name in watched for name in made.names], dtype=np.bool_)
        rows = np.flatnonzero(found.any(axis=1) & np.isin(made.lines, self.considered(evidence)))
        return made.lines[rows], found[rows]
