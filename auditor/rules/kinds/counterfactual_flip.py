from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Needs, Params
from auditor.rules.decision_rule import DecisionRule
from auditor.rules.protected import SELECTED, without_reason


class CounterfactualFlipOptions(Params):
    """``reads_protected``, said in so many words."""

    reads_protected: Literal[True]


class CounterfactualFlip(DecisionRule):
    """With another value of a protected feature alone, the model would decide otherwise.

    What it checks
    --------------
    Every feature of the model that is a protected attribute of the profile, or that follows from
    one: each other value that it has in the export is put in its place, all else unchanged, and the
    model is asked again. Its outcome is the cut score on its own scores where the exported scores
    are this model's, else the class that it predicts. A feature with more than ten values is not
    tried, and that is said. Reviewers read only "selected for review".

    Why it matters
    --------------
    It is the plainest sign that a model treats two people differently who differ in nothing else
    that it reads.

    When it misleads
    ----------------
    A model that reads no protected attribute never flips, whatever it does to groups through other
    features. Of several columns that tell one attribute only one is changed at a time, which can
    make a person that does not exist. Picking decisions by a protected attribute can itself be a
    difference in treatment: no shipped pack does it.

    Example
    -------
    A model that adds 0.1 for men, cut score 0.5: a woman with 0.45 would be selected as a man and
    is flagged; one with 0.3 is not.

    Options
    -------
    ``reads_protected``: has to be ``true``, so that nobody asks for it unawares.

    References
    ----------
    M. J. Kusner et al., Advances in Neural Information Processing Systems 30 (2017): the outcome is
    to be the same had the protected attribute been another. What is changed here is the feature
    alone, not what follows from it.
    """

    kind: ClassVar[str] = "counterfactual-flip"
    beyond_examples: ClassVar[bool] = True
    reads_protected: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = CounterfactualFlipOptions

    def needs(self) -> Needs:
        """Ask for single rows, and for the model's outcomes with the values changed."""
        return Needs(rows=True, flips=True)

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag the decisions that flip, without saying so."""
        protected = evidence.protected
        if protected is None:
            yield self.not_evaluated(evidence, "no-model", "without a model nothing can be flipped")
            return
        flips = protected.flips
        if flips is None:
            why = (
                "the model gives a number, and no cut score is known that turns it into an outcome"
            )
            yield self.not_evaluated(evidence, "no-model-outcome", why)
            return
        if not protected.features:
            why = "the model reads no protected attribute, so none can be flipped"
            said = self.not_evaluated(evidence, "no-protected-feature", why)
            yield replace(said, required=False, severity=self.entry.severity)
            return
        if flips.untried:
            why = f"{', '.join(flips.untried)} has too many values for one to be the other"
            yield self.in_part(evidence, "too-many-values", why)
        lines = np.intersect1d(self.considered(evidence), flips.lines[flips.changed])
        yield from without_reason(self.flag_all(lines, lambda _: SELECTED))
