from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from auditor.documents import FractionText, Text
from auditor.findings import Finding
from auditor.inference.change import DIFFERENCE_METHOD, METHOD, RATE_METHOD
from auditor.metrics.reference import printed_reference
from auditor.rules.base import Needs, Params
from auditor.rules.contrast import plain, rounded
from auditor.rules.group_rule import GroupRule, MetricOptions
from auditor.rules.moves import Judged, Move, moves_since
from auditor.rules.thin import pairs_of, too_thin
from auditor.rules.waived_values import higher_is_worse, highest
from auditor.vocabulary import FindingVerdict, Severity

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.baseline import Baseline
    from auditor.rules.case import Case
    from auditor.rules.waived_values import Beside, Number, Part


METHODS = {"ratio": METHOD, "rate": RATE_METHOD, "difference": DIFFERENCE_METHOD}


class ChangeFromBaselineOptions(MetricOptions):
    """The ``baseline``, what is ``taken_as``, by how much it may fall, and ``alpha``."""

    baseline: Text
    taken_as: Judged = "ratio"
    at_most: Annotated[FractionText, Field(ge=0, lt=1)]
    alpha: Annotated[FractionText, Field(gt=0, le=0.2)] = Fraction(1, 20)


class ChangeFromBaseline(GroupRule):
    """A ratio, a rate or a difference fell since an earlier audit.

    What it checks
    --------------
    The ratio of every group and the group that is the printed reference now, against the ratio of
    the same two groups in a stored result; with ``taken_as`` their difference, or the rate of each
    group alone. It fails when the ratio is lower by more than ``at_most``, in exact fractions, and
    the data show that it changed: the interval of the change, as a factor, lies below 1. Lower by
    more than that without the data showing it is no verdict where the rule blocks, and a warning
    otherwise. The test is a normal one of the change of the log ratio, its level ``alpha`` divided
    by the number of groups compared; of a rate or a difference the interval of the change, at that
    level, has to lie below 0. The stored result is checked as ``auditor gate`` does; its sha256
    stands in the evidence. A baseline that is not there, or lacks the rate, the attribute or a
    group, gives no verdict; nor does one of a later day, or of this very export. A pass needs, now
    and then, two groups or more of 30 people, of whom 5 or more are selected at the rate of all and
    5 or more are not, and nine in ten people in such groups; those of a group that has nobody now
    are not in one.

    Why it matters
    --------------
    A model is changed, the labour market moves, a form gets a new field. What passed a year ago
    passes again only when somebody measures it, and a slow fall never crosses a line.

    When it misleads
    ----------------
    It says nothing about whether either ratio is in order. Two periods are compared as if they held
    other people: those who apply in both are counted twice. A bad baseline makes a good
    neighbour, and a baseline taken after a fall hides it. With small groups the normal test is
    rough. A scoring rate has a median of its own in each period.

    Example
    -------
    Women 480 of 1,000 and men 500 of 1,000 in the baseline, ratio 0.96; now 400 and 500, 0.80. With
    ``at_most: 0.05`` it fails: the ratio is 0.83 of what it was, interval 0.73 to 0.95. With a
    tenth of the people there is no verdict.

    Options
    -------
    ``baseline``: directory of a result, or its ``audit.json``, relative to the policy file; no
    default. ``at_most``: the largest fall that is in order, such as 0.05; no default. ``metric``
    (selection-rate). ``taken_as`` (ratio): or ``rate``, or ``difference``; a fall of 0.05 is five
    points of these. ``alpha`` (0.05).

    References
    ----------
    D. Katz et al., Biometrics 34 (1978), 469-474: the variance of a log ratio of two rates. S. D.
    Walter, Biometrika 62 (1975), 371-374: one half where nobody is selected.
    """

    kind: ClassVar[str] = "change-from-baseline"
    can_be_waived: ClassVar[bool] = True
    needs_justification: ClassVar[bool] = True
    beyond_examples: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = ChangeFromBaselineOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every group that fell by too much."""
        return highest((move["group"], move["fall"]) for move in finding.evidence["changes"])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count a larger fall as worse."""
        return higher_is_worse(value, waiver)

    @property
    def path(self) -> str:
        """Place of the baseline, from the folder of the policy file."""
        return str(Path(self.policy.path).parent / self.options.baseline)

    def needs(self) -> Needs:
        """Ask for the stored result as well."""
        asked = super().needs()
        return Needs(
            attributes=asked.attributes,
            metrics=asked.metrics,
            baselines=frozenset({self.path}),
        )

    def judge(self, case: Case) -> Iterator[Finding]:
        """One finding an attribute, about the ratio that fell most."""
        baseline = case.evidence.baselines.get(self.path)
        if baseline is None:
            says = f"No result stands at {self.options.baseline}, so nothing can be compared."
            yield self._no_verdict(case, None, "no-baseline", says)
            return
        before = baseline.counts.get((case.metric, case.attribute))
        place = printed_reference(case.table, case.metric)
        form: Judged = self.options.taken_as
        if before is None or place is None:
            rate = case.metric.replace("-", " ")
            says = f"The baseline has no {rate} by {case.attribute} to compare with."
            reason = "baseline-without-measure"
            if before is not None:
                says, reason = (
                    f"Nobody was considered, so there are no {form}s.",
                    "nobody-considered",
                )
            yield self._no_verdict(case, baseline, reason, says)
            return
        against = None if form == "rate" else place
        alpha = float(self.options.alpha)
        moves, lacking = moves_since(case.table, against, before, alpha=alpha, form=form)
        worse = [move for move in moves if move.fall > self.options.at_most]
        shown = [move for move in worse if move.is_shown]
        if shown:
            yield self._fell(case, baseline, shown, "The data show it.", shown=True)
        elif lacking:
            says = f"No {form} now and then of {', '.join(lacking)}: nobody of them, or nobody "
            says += "selected to compare with, in one of the two."
            yield self._no_verdict(case, baseline, "group-not-comparable", says)
        elif not moves:
            says = "No two groups have people to compare."
            yield self._no_verdict(case, baseline, "too-few-groups", says)
        elif worse:
            why = "The data do not show it: a difference of this size can be chance."
            yield self._fell(case, baseline, worse, why)
        elif doubt := self._doubt(case, baseline, before):
            yield self._no_verdict(case, baseline, *doubt)
        else:
            most = moves[0]
            says = (
                f"No {form} fell by more than {plain(self.options.at_most)} since the audit of "
                f"{baseline.as_of}. {most.says()}"
            )
            yield self._finding(case, FindingVerdict.PASS, says, baseline, moves)

    def _doubt(
        self, case: Case, baseline: Baseline, before: Mapping[str, tuple[int, int]]
    ) -> tuple[str, str] | None:
        """Reason and sentence why a comparison that shows no fall is no pass; None when it is."""
        as_of, export = case.evidence.as_of, case.evidence.decisions.export
        inputs = {file.sha256 for file in export.inputs}
        if as_of is not None and baseline.as_of > as_of.isoformat():
            says = f"The baseline is of {baseline.as_of}, after the audit of {as_of}."
            return "later-baseline", says
        if inputs and inputs == baseline.inputs:
            return "same-export", "The baseline was made from this very export: nothing can differ."
        now = pairs_of(case.table)
        then = {name: pair for name, pair in before.items() if pair[1]}
        found = too_thin(now, case.metric)
        if found is None:
            found = too_thin(then, case.metric, gone=then.keys() - now.keys())
            return None if found is None else (found[1]["reason"], f"In the baseline: {found[0]}")
        return found[1]["reason"], found[0]

    def _fell(
        self,
        case: Case,
        baseline: Baseline,
        moves: Sequence[Move],
        why: str,
        *,
        shown: bool = False,
    ) -> Finding:
        """Say that it fell; what may be chance is no fail where the rule blocks, nor a pass."""
        most = moves[0]
        limit: Fraction = self.options.at_most
        says = (
            f"{most.says()} It fell by {rounded(most.fall, 2, limit)} since the audit of "
            f"{baseline.as_of}, more than {plain(limit)}. {why}"
        )
        if len(moves) > 1:
            says += f" The same holds for {', '.join(move.group for move in moves[1:])}."
        blocks = self.entry.severity == Severity.BLOCK
        return self._finding(
            case,
            FindingVerdict.FAIL if shown or not blocks else FindingVerdict.NO_VERDICT,
            says,
            baseline,
            moves,
            reason=None if shown else "may-be-chance",
            group=most.group,
            reference=most.reference,
            next_step="Find out what changed between the two: model, form, sources of applicants.",
        )

    def _no_verdict(self, case: Case, baseline: Baseline | None, reason: str, says: str) -> Finding:
        return self._finding(
            case,
            FindingVerdict.NO_VERDICT,
            says,
            baseline,
            (),
            reason=reason,
            next_step="Name a result with the same rate, attribute and groups as baseline.",
        )

    def _finding(
        self,
        case: Case,
        verdict: FindingVerdict,
        says: str,
        baseline: Baseline | None,
        moves: Sequence[Move],
        reason: str | None = None,
        **said: Any,
    ) -> Finding:
        evidence: dict[str, Any] = {
            "metric": case.metric,
            "at_most": str(self.options.at_most),
            "alpha": str(self.options.alpha),
            "baseline": self.options.baseline,
            "baseline_sha256": baseline.sha256 if baseline else None,
            "baseline_as_of": baseline.as_of if baseline else None,
            "method": METHODS[self.options.taken_as],
            "taken_as": self.options.taken_as,
            "changes": [move.numbers() for move in moves],
            **({} if reason is None else {"reason": reason}),
        }
        return self.finding(case.attribute, verdict, says, evidence=evidence, **said)
