from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule
from auditor.rules.sampling import SampleOptions, simple_random_sample


class GateFailedControl(DecisionRule):
    """A gate rule of the run failed, so people look at a sample of all its decisions.

    What it checks
    --------------
    Whether any rule of severity block, in a policy in force, failed. If so it draws a simple random
    sample of all decisions; if not it says nothing. It reads neither group nor outcome.

    Why it matters
    --------------
    A failed gate says that a pattern is there, not where it comes from. Reading decisions of every
    kind is the way to find out, and drawing them by chance singles nobody out.

    When it misleads
    ----------------
    The sample is no list of wronged people, and reviewing it mends no pattern. A group that makes
    up 1 % of the decisions is hardly in it.

    Example
    -------
    A four-fifths rule fails on 12,000 decisions: with ``share: 0.02``, 240 of them are flagged.

    Options
    -------
    ``share`` (0.02, rounded up) or ``count``, not both.

    References
    ----------
    W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 2.1.
    """

    kind: ClassVar[str] = "gate-failed"
    draws: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = SampleOptions

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag the sample when a gate rule failed."""
        failed = evidence.failed_block_rules
        if not failed:
            return
        lines = self.considered(evidence)
        drawn = simple_random_sample(
            lines, self.options.size(len(lines)), evidence.seed, self.policy.id, self.entry.id
        )
        text = (
            f"random sample, {len(drawn)} of {len(lines)} decisions, drawn because "
            f"{', '.join(failed)} failed"
        )
        yield from self.flag_all(drawn, lambda _: text)
