from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar

from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Rule
from auditor.vocabulary import FindingVerdict


class WholeRule(Rule, ABC):
    """A rule about the whole audit, not about one attribute or one decision."""

    section: ClassVar[str] = "gates"

    def must_pass(self) -> bool:
        """Whether the run needs a pass of this rule."""
        return True

    def finding(
        self, verdict: FindingVerdict, says: str, step: str, evidence: Mapping[str, Any]
    ) -> Finding:
        """Say something about the whole audit, and what to do next."""
        return Finding(
            policy=self.policy.id,
            rule=self.entry.id,
            kind=self.kind,
            verdict=verdict,
            severity=self.entry.severity,
            says=says,
            next=step,
            because=self.policy.cite(self.entry.because),
            must_pass=self.must_pass(),
            evidence=evidence,
        )

    def not_evaluated(self, reason: str, why: str, *, mark: str = ": ") -> NotEvaluated:
        """Record that this rule could not be judged, and why; ``mark`` stands before the reason."""
        return NotEvaluated(
            policy=self.policy.id,
            rule=self.entry.id,
            reason=reason,
            says=f"Rule {self.entry.id} of {self.policy.id} was not evaluated{mark}{why}",
            severity=self.entry.severity,
            required=not self.entry.when_present,
        )
