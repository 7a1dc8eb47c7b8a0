from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule
from auditor.rules.sampling import SampleOptions, simple_random_sample


class RandomControl(DecisionRule):
    """A few decisions picked by chance, whatever their score or outcome.

    What it checks
    --------------
    Nothing about the decision itself: it draws a simple random sample of all decisions, favorable
    ones included, without replacement. The draw depends on the seed of the run, the policy, the
    rule and the position in the export, on nothing else.

    Why it matters
    --------------
    Reviews of remarkable decisions alone never show what goes wrong in the ordinary ones, and a
    queue of rejections of one group only would itself treat people differently.

    When it misleads
    ----------------
    A small sample without a wrong decision proves little: of 240 drawn without one, up to 1.2 % of
    all may still be wrong (95 %, exact binomial). Sorting the export again draws others.

    Example
    -------
    2 % of 12,000 decisions: 240 are flagged.

    Options
    -------
    ``share`` (0.02, rounded up) or ``count``, not both.

    References
    ----------
    W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 2.1. C. J. Clopper and E. S.
    Pearson, Biometrika 26 (1934), 404-413, for the bound above (one-sided).
    """

    kind: ClassVar[str] = "random-control"
    draws: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = SampleOptions

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag the sample."""
        lines = self.considered(evidence)
        drawn = simple_random_sample(
            lines, self.options.size(len(lines)), evidence.seed, self.policy.id, self.entry.id
        )
        text = f"random sample, {len(drawn)} of {len(lines)} decisions"
        yield from self.flag_all(drawn, lambda _: text)
