from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from auditor.rules.base import Evidence, Params
from auditor.rules.record_options import NumberEntry
from auditor.rules.record_rule import RecordRule
from auditor.rules.waived_values import further_is_worse, highest
from auditor.system import only
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.findings import Finding, NotEvaluated
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part
    from auditor.system import SystemRecord


class RecordLimitOptions(Params):
    """``entry`` with a number, and its limits ``at_least`` and ``at_most``."""

    entry: NumberEntry
    at_least: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError(
                "missing-key", "needs 'at_least' or 'at_most'", {"hint": "such as at_least: 48"}
            )
        return self

    @model_validator(mode="after")
    def _some_number_fits(self) -> Self:
        low, high = self.at_least, self.at_most
        if low is not None and high is not None and low > high:
            raise PydanticCustomError(
                "empty-range",
                "asks for at least {low} and at most {high}, which no number is",
                {"low": low, "high": high, "hint": "exchange the two, or leave one out"},
            )
        return self


class RecordLimit(RecordRule):
    """A number on record about the system lies inside its limits.

    What it checks
    --------------
    That the number under ``entry`` in the system record is at least ``at_least`` and at most
    ``at_most``; the limits themselves are inside. A number outside is a fail, none on record is no
    verdict.

    Why it matters
    --------------
    Records that are deleted too soon answer nobody. With every step between a model and the person
    it decides about, one more place is there where an explanation gets lost.

    When it misleads
    ----------------
    It believes the number. Months on paper are not months in the archive, and how many steps there
    are depends on what is counted as one.

    Example
    -------
    ``entry: retention.months, at_least: 48`` and 36 on record: "retention.months is 36; this rule
    asks for at least 48." With 48 it passes.

    Options
    -------
    ``entry``: a way that leads to one number, such as ``retention.months``, ``appeal.days`` or
    ``questions.explanation.steps_to_person``; ``at_least`` and ``at_most``, one of them or both:
    whole numbers.

    References
    ----------
    2 CCR 11013(c): four years. C.R.S. 6-1-1703: three years. Regulation (EU) 2024/1689, article
    26(6): six months.
    """

    kind: ClassVar[str] = "record-limit"
    can_be_waived: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = RecordLimitOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Name the number on record."""
        return highest([(None, finding.evidence["value"])])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count further outside as worse."""
        return further_is_worse(value, waiver, self.options.at_least, self.options.at_most)

    def asks(self) -> Sequence[str]:
        """Way to the number."""
        return (only(self.options.entry, "number") or self.options.entry,)

    def judge(self, record: SystemRecord, evidence: Evidence) -> Finding | NotEvaluated:  # noqa: ARG002
        """Compare the number with its limits."""
        (leaf,) = self.asks()
        if record.gaps(leaf):
            return self.gap(record, [leaf])
        (value,) = record.values(leaf)
        low, high = self.options.at_least, self.options.at_most
        inside = isinstance(value, int) and (low or 0) <= value and (high is None or value <= high)
        words = [f"at least {low}"] if low is not None else []
        words += [f"at most {high}"] if high is not None else []
        return self.finding(
            FindingVerdict.PASS if inside else FindingVerdict.FAIL,
            f"{leaf} is {value}; this rule asks for {' and '.join(words)}.",
            "" if inside else f"Change what is done, and then what the record says of {leaf}.",
            {"record": record.id, "entry": leaf, "value": value, "at_least": low, "at_most": high},
        )
