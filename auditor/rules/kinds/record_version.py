from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from auditor.rules.base import Evidence, Needs, Params, WaivedBy
from auditor.rules.considered import considered
from auditor.rules.record_rule import RecordRule, listed
from auditor.rules.waived_values import higher_is_worse, highest
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.findings import Finding, NotEvaluated
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part
    from auditor.system import SystemRecord

_SHOWN = 5


class RecordVersionOptions(Params):
    """It has none: the record and the export say the versions."""


class RecordVersion(RecordRule):
    """The record is about the model that took part in these decisions.

    What it checks
    --------------
    That the version of the model beside every decision of the export (``model_version`` in the
    profile) is one and the same, and is ``system.version`` or ``system.model_digest`` of the
    system record, compared as texts. Another version, or several, is a fail. Decisions without a
    version, or a record without one, have no verdict; an export without that column is not
    evaluated.

    Why it matters
    --------------
    Answers about last year's model say nothing about this one.

    When it misleads
    ----------------
    A version that nobody changes while the model is trained anew passes. ``1.4`` and ``v1.4`` are
    two texts. An export that spans a change of the model fails rightly: audit the two periods each
    with its own record.

    Example
    -------
    A record with ``version: "1.4"`` and an export with 1.4 and 1.5: "The decisions name the model
    versions 1.4 and 1.5; the record of Ranker is about 1.4." With 1.4 alone it passes.

    Options
    -------
    None.

    References
    ----------
    C.R.S. 6-1-1703: records with the version in use. Regulation (EU) 2024/1689, article 12.
    """

    kind: ClassVar[str] = "record-version"
    can_be_waived: ClassVar[bool] = True
    waived_by: ClassVar[WaivedBy] = "version"
    Options: ClassVar[type[Params]] = RecordVersionOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Name every version that is not on record, or all where each is; never an unknown one."""
        told = finding.evidence
        used, known = told["in_export"], told["on_record"]
        fails: list[tuple[str | None, Number | None]] = [
            (name, 1) for name in used if name not in known
        ]
        fails = fails or [(name, 1) for name in used]
        unnamed = told["versions"] - len(used)
        fails += [("versions that are not listed", None)] if unnamed else []
        fails += [("decisions without a version", None)] if told["missing"] else []
        return highest(fails)

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """One version is one version, neither more nor less."""
        return higher_is_worse(value, waiver)

    def needs(self) -> Needs:
        """Ask for single decisions: the version stands beside each."""
        return Needs(rows=True)

    def asks(self) -> Sequence[str]:
        """Way to the version."""
        return ("system.version",)

    def judge(self, record: SystemRecord, evidence: Evidence) -> Finding | NotEvaluated:
        """Compare the versions of the decisions with those of the record."""
        versions = evidence.decisions.model_version
        known = [text for text in map(record.head, ("version", "model_digest")) if text]
        if not known:
            return self.gap(record, self.asks())
        if versions is None:
            return self.not_evaluated(
                "no-version-column",
                "The profile names no column with the version of the model (model_version).",
            )
        codes = versions.codes[considered(evidence.decisions)]
        used = [versions.levels[code] for code in np.unique(codes[codes >= 0])]
        missing = int((codes < 0).sum())
        told = {
            "record": record.id,
            "on_record": known,
            "in_export": used[:_SHOWN],
            "versions": len(used),
            "missing": missing,
        }
        about = f"the record of {record.name} is about {' or '.join(known)}"
        if len(used) > 1 or (used and used[0] not in known):
            shown = used[:_SHOWN] + ([f"{len(used) - _SHOWN} more"] if len(used) > _SHOWN else [])
            word = "version" if len(used) == 1 else "versions"
            return self.finding(
                FindingVerdict.FAIL,
                f"The decisions name the model {word} {listed(shown)}; {about}.",
                "Audit the decisions of each version with the record of that version.",
                told,
            )
        if missing or not used:
            return self.open(
                f"{missing:,} of {len(codes):,} decisions have no version of the model; {about}.",
                "Export the version of the model beside every decision.",
                told,
            )
        return self.finding(
            FindingVerdict.PASS,
            f"All {len(codes):,} decisions name the model version {used[0]}, and {about}.",
            "",
            told,
        )
