from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from auditor.documents import with_near
from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence, Needs, Params, Rule
from auditor.rules.case import Case
from auditor.rules.left_out import held_back, known_enough
from auditor.rules.repeated import independent
from auditor.vocabulary import FindingVerdict, Severity, attributes_of, is_intersection

if TYPE_CHECKING:
    from auditor.cube import GroupTable

MetricName: TypeAlias = Literal["selection-rate", "scoring-rate", "scoring-rate-known"]


class MetricOptions(Params):
    """``metric``: the rate that is compared between groups."""

    metric: MetricName = "selection-rate"


class GroupRule(Rule, ABC):
    """A rule about groups, judged for one attribute or intersection after the other.

    A kind writes ``judge``. What the export does not carry never reaches it: it is recorded as not
    evaluated, and holds the run back where it had to pass. Nor does a pass stand where too many
    people are in no rate, unless the kind ``weighs_unknown`` groups itself.
    """

    section: ClassVar[str] = "gates"
    weighs_unknown: ClassVar[bool] = False

    def metrics(self) -> Sequence[str]:
        """Rates that the rule can be judged on; the first that the export carries is used."""
        return (self.options.metric,)

    def needs(self) -> Needs:
        """Ask for the attributes that the entry names and for the rates of the rule."""
        named = self.entry.for_each
        return Needs(
            attributes=frozenset(named if isinstance(named, tuple) else ()),
            metrics=frozenset(self.metrics()),
        )

    def attributes(self, evidence: Evidence) -> Sequence[str]:
        """Attributes asked for: those named, or all that were read.

        The policy's own intersections count as asked for, read or not.
        """
        asked = super().attributes(evidence)
        if isinstance(self.entry.for_each, tuple):
            return asked
        return tuple(dict.fromkeys((*asked, *self.policy.intersections)))

    def check(self, evidence: Evidence) -> Iterator[Finding | NotEvaluated]:
        """Judge every attribute asked for, or record why it could not be judged."""
        for attribute in self.attributes(evidence):
            absent = self.absent(evidence, attribute)
            case = self.case(evidence, attribute)
            if absent is not None:
                yield absent
            elif case is None:
                rates = " or ".join(name.replace("-", " ") for name in self.metrics())
                why = f"the export carries nothing to compute a {rates} from"
                yield self.not_evaluated("metric-absent", why, attribute=attribute)
            else:
                for said in self.judge(case):
                    yield self._doubted(said, case) if isinstance(said, Finding) else said

    def _doubted(self, said: Finding, case: Case) -> Finding:
        said = held_back(said, case)
        return independent(said if self.weighs_unknown else known_enough(said, case), case)

    @abstractmethod
    def judge(self, case: Case) -> Iterator[Finding | NotEvaluated]:
        """Judge one attribute; every kind has its own way."""

    def table(self, evidence: Evidence, metric: str, attribute: str) -> GroupTable | None:
        """Look up the counts; None when the export does not carry what the metric needs."""
        return evidence.tables.get((metric, attribute))

    def case(self, evidence: Evidence, attribute: str) -> Case | None:
        """Table of the first rate that the export carries, or None."""
        for metric in self.metrics():
            table = self.table(evidence, metric, attribute)
            if table is not None:
                return Case(metric=metric, table=table, evidence=evidence)
        return None

    def must_pass(self, attribute: str) -> bool:
        """Whether the run needs a pass on this attribute: single ones, unless the kind asks."""
        return not is_intersection(attribute)

    def absent(self, evidence: Evidence, attribute: str) -> NotEvaluated | None:
        """Record of an attribute that the profile does not map, or None when it does."""
        present = {*evidence.attributes, *evidence.intersections}
        if attribute in present:
            return None
        parts = [name for name in attributes_of(attribute) if name not in evidence.attributes]
        near = with_near(parts, evidence.attributes, sign=" or ")
        why = f"the profile maps no attribute named {near}"
        if not parts:
            why = "it was not counted"
        return self.not_evaluated("attribute-absent", why, attribute=attribute)

    def finding(
        self,
        attribute: str,
        verdict: FindingVerdict,
        says: str,
        *,
        evidence: Mapping[str, Any],
        detail: str = "",
        next_step: str = "",
        group: str | None = None,
        reference: str | None = None,
        must_pass: bool | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """Make a finding of this rule; its own severity and ``must_pass`` by default."""
        return Finding(
            policy=self.policy.id,
            rule=self.entry.id,
            kind=self.kind,
            verdict=verdict,
            severity=self.entry.severity if severity is None else severity,
            says=says,
            detail=detail,
            next=next_step,
            because=self.policy.cite(self.entry.because),
            attribute=attribute,
            group=group,
            reference=reference,
            must_pass=self.must_pass(attribute) if must_pass is None else must_pass,
            evidence=evidence,
        )

    def not_evaluated(self, reason: str, why: str, *, attribute: str) -> NotEvaluated:
        """Record that this rule could not look at an attribute, and why.

        The run cannot pass without it where the attribute must pass, unless the entry says
        ``when_present``.
        """
        return NotEvaluated(
            policy=self.policy.id,
            rule=self.entry.id,
            reason=reason,
            says=f"Rule {self.entry.id} of {self.policy.id} was not evaluated on {attribute}: "
            f"{why}.",
            severity=self.entry.severity,
            required=self.must_pass(attribute) and not self.entry.when_present,
        )
