"""Rules on the size of the difference between a group and the printed reference."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from auditor.findings import Finding
from auditor.metrics import METRICS
from auditor.metrics.compare import FOUR_FIFTHS
from auditor.rules.case import Case
from auditor.rules.contrast import Contrast, contrasts, percent, rounded
from auditor.rules.group_rule import GroupRule
from auditor.rules.thin import pairs_of, too_thin
from auditor.vocabulary import FindingVerdict

NEXT = (
    "Find out where the difference arises (requisition, step, criterion) and whether what is "
    "measured there is needed for the job."
)
_NAMED = 3


class ContrastRule(GroupRule, ABC):
    """A rule on the size of a difference between a group and the printed reference.

    A kind says when a contrast ``holds``. One that holds is a fail; a doubt about one, or a table
    in which nothing can differ, is no verdict. Nor is there a pass where too few people are in
    groups that could have shown a difference.
    """

    @abstractmethod
    def holds(self, contrast: Contrast) -> bool | None:
        """Whether the rule speaks about this contrast; None when a float decides nothing."""

    @abstractmethod
    def reason(self, worst: Contrast) -> str:
        """Sentence after the numbers of the largest contrast that holds."""

    @abstractmethod
    def quiet(self, case: Case, found: Sequence[Contrast]) -> Finding:
        """Say what there is to say when no contrast holds."""

    @abstractmethod
    def limits(self) -> dict[str, Fraction]:
        """Options that decide, by name."""

    def judge(self, case: Case) -> Iterator[Finding]:
        """One finding an attribute, about the largest difference that holds."""
        found = contrasts(case.table, case.metric)
        judged = [(contrast, self.holds(contrast)) for contrast in found]
        holding = [contrast for contrast, holds in judged if holds]
        doubtful = [contrast for contrast, holds in judged if holds is None]
        nothing = _nothing_to_compare(case)
        if nothing is not None:
            yield self._no_verdict(case, *nothing)
        elif holding:
            yield self._speak(case, holding)
        elif doubtful:
            says = f"{self.sentence(case, doubtful[0])} That is too close to the limit to tell."
            yield self._no_verdict(case, "on-the-limit", says)
        else:
            yield self._shown(case, self.quiet(case, found))

    def sentence(self, case: Case, contrast: Contrast) -> str:
        """Who against whom, with all numbers that a limit of the rule is about."""
        c, limits = contrast, tuple(self.limits().values())
        ratio = "" if c.ratio is None else f"ratio {rounded(c.ratio, 2, FOUR_FIFTHS, *limits)}, "
        z = ("-" if c.z else "") + rounded(Fraction(abs(c.z)), 2, *limits)
        return (
            f"{c.lower}: {c.x_l:,} of {c.n_l:,} {METRICS[case.metric].favorable} "
            f"({percent(c.x_l, c.n_l)}); {c.upper}: {c.x_h:,} of {c.n_h:,} "
            f"({percent(c.x_h, c.n_h)}). That is {ratio}z {z}, "
            f"{rounded(c.shortfall, 1, Fraction(1))} people short of their common rate."
        )

    def largest(self, case: Case, found: Sequence[Contrast]) -> str:
        """Sentence about the largest difference there is."""
        if not found[0].z:
            return "All groups have the same rate as the one compared with."
        return f"The largest difference: {self.sentence(case, found[0])}"

    def evidence(self, case: Case, named: Sequence[Contrast]) -> dict[str, Any]:
        """Options and the contrasts that a finding names."""
        return {
            "metric": case.metric,
            **{name: str(limit) for name, limit in self.limits().items()},
            "contrasts": [contrast.numbers() for contrast in named],
        }

    def _speak(self, case: Case, holding: Sequence[Contrast]) -> Finding:
        worst, *rest = holding
        says = f"{self.sentence(case, worst)} {self.reason(worst)}"
        if rest:
            named = [f"{c.lower} against {c.upper} (z {c.z:.2f})" for c in rest[:_NAMED]]
            more = f" and {len(rest) - _NAMED} more" if len(rest) > _NAMED else ""
            says += f" The same holds for {', '.join(named)}{more}."
        return self.finding(
            case.attribute,
            FindingVerdict.FAIL,
            says,
            group=worst.lower,
            reference=worst.upper,
            evidence=self.evidence(case, holding),
            next_step=NEXT,
        )

    def _shown(self, case: Case, said: Finding) -> Finding:
        """Give what was said, or no verdict for a pass that so few people cannot carry."""
        why = too_thin(pairs_of(case.table), case.metric)
        if why is None or said.verdict != FindingVerdict.PASS:
            return said
        return self._no_verdict(case, why[1]["reason"], why[0], why[1])

    def _no_verdict(
        self, case: Case, reason: str, says: str, told: Mapping[str, Any] | None = None
    ) -> Finding:
        return self.finding(
            case.attribute,
            FindingVerdict.NO_VERDICT,
            says,
            evidence={**self.evidence(case, ()), **(told or {}), "reason": reason},
            next_step="Take a longer period or more requisitions and audit again.",
        )


def _nothing_to_compare(case: Case) -> tuple[str, str] | None:
    """Reason and sentence when no two rates of the table can differ; None when they can."""
    table, counted = case.table, METRICS[case.metric].favorable
    considered, favorable = int(table.considered.sum()), int(table.favorable.sum())
    groups = int((table.considered > 0).sum())
    if considered == 0:
        return "all-unknown", f"Nobody whose {case.attribute} is known was considered."
    if groups == 1:
        return "too-few-groups", f"All considered people are of one group of {case.attribute}."
    if favorable == 0:
        return "nobody-selected", f"Nobody is {counted}, so no rates can differ."
    if favorable == considered:
        return "everybody-selected", f"Everybody is {counted}, so no rates can differ."
    return None
