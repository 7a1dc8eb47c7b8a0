from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Self, TypeAlias

from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import Listed, no_repeats
from auditor.rules.base import Evidence, Params
from auditor.rules.record_options import Entry, YesNoEntry
from auditor.rules.record_rule import RecordRule, listed
from auditor.system import below, time_of
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from datetime import date

    from auditor.findings import Finding, NotEvaluated
    from auditor.system import SystemRecord


Entries: TypeAlias = Annotated[Listed[Entry], AfterValidator(no_repeats)]


class RecordPresentOptions(Params):
    """``entries``: what has to be on record; ``any_of``: one of these; ``says_yes``: with a yes."""

    entries: Entries = ()
    any_of: Entries = ()
    says_yes: Annotated[Listed[YesNoEntry], AfterValidator(no_repeats)] = ()

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.entries and not self.any_of and not self.says_yes:
            raise PydanticCustomError(
                "missing-key",
                "needs 'entries', 'any_of' or 'says_yes'",
                {"hint": "such as entries: [dpia]"},
            )
        return self


class RecordPresent(RecordRule):
    """What has to be known about the system is on record.

    What it checks
    --------------
    That every one of ``entries`` is answered in the system record (``--system``): every value below
    it is there; that one of ``any_of`` is, whole; and that each of ``says_yes`` is answered with
    yes. A date of something done that lies after the day of the audit (``--as-of``) is not yet, and
    data that were to be deleted before it have to be gone: neither is an answer. Of several notices
    one that was given is enough. The result is pass or no verdict, never fail: what is not on
    record may well be so.

    Why it matters
    --------------
    Nobody can rely on a model of which nobody can say what it is, how it was trained, which data it
    uses, how it is explained and how it is verified. Many texts ask for such records, notices and
    dates and set no threshold.

    When it misleads
    ----------------
    It believes the record and does not weigh it: under ``entries`` a no is an answer, and so is a
    sentence that says nothing. Somebody has to read it.

    Example
    -------
    ``entries: [questions.training, dpia]`` and a record without the second: "The record of Ranker
    does not say dpia." With both it does not speak.

    Options
    -------
    ``entries``: dotted ways such as ``questions.model``, ``notices.candidates`` or ``audit.on``; a
    way that no record has is refused. ``any_of`` (none): ways of which one is enough. ``says_yes``
    (none): ``audit.independent`` or ``health_data.used``. One of the three has to be said.

    References
    ----------
    Regulation (EU) 2024/1689, articles 13 and 26; Regulation (EU) 2016/679, article 35;
    6 RCNY 5-303 and 5-304.
    """

    kind: ClassVar[str] = "record-present"
    Options: ClassVar[type[Params]] = RecordPresentOptions

    def asks(self) -> Sequence[str]:
        """Every entry that is named, those of which one would do as one phrase."""
        options = self.options
        return (*options.entries, *_one_of(options.any_of), *options.says_yes)

    def judge(self, record: SystemRecord, evidence: Evidence) -> Finding | NotEvaluated:
        """Pass when nothing is missing, and nothing is dated where it cannot be."""
        options, as_of = self.options, evidence.as_of
        missing = [gap for path in options.entries for gap in _gaps(record, path)]
        leaves = dict.fromkeys(leaf for path in options.entries for leaf in below(path))
        wrong = dict(_misdated(record, leaves, as_of))
        whole = [path for path in options.any_of if not record.gaps(path)]
        late = [dict(_misdated(record, below(path), as_of)) for path in whole]
        if not whole:
            missing += _one_of(options.any_of)
        elif all(late):
            wrong |= {leaf: says for found in late for leaf, says in found.items()}
        missing += [path for path in options.says_yes if record.gaps(path)]
        if wrong:
            return self._open(record, missing, wrong)
        if missing:
            return self.gap(record, missing)
        denied = [path for path in options.says_yes if record.values(path) != ("yes",)]
        if denied:
            return self.open(
                f"The record of {record.name} does not say yes to {listed(denied)}.",
                "Change what is so, and then what the record says of it.",
                {"record": record.id, "missing": [], "denied": denied},
            )
        return self.finding(
            FindingVerdict.PASS,
            f"The record of {record.name} answers all that this rule asks for.",
            "",
            {"record": record.id, "entries": list(self.asks()), "missing": []},
        )

    def _open(
        self, record: SystemRecord, missing: Sequence[str], wrong: Mapping[str, str]
    ) -> Finding | NotEvaluated:
        """Name the dates that are no answer, and what is missing beside them."""
        says = " ".join(wrong.values())
        if missing:
            says = f"The record of {record.name} does not say {listed(missing)}. {says}"
        if self.entry.when_present:
            return self.not_evaluated("not-on-record", says)
        step = "Correct the dates, or do what the record says was done, and run the audit again."
        told = {"record": record.id, "missing": list(missing), "misdated": list(wrong)}
        return self.open(says, step, told)


def _misdated(
    record: SystemRecord, leaves: Iterable[str], as_of: date | None
) -> Iterator[tuple[str, str]]:
    """Find dates on the wrong side of the day of the audit, each with a sentence."""
    for leaf in leaves:
        day, side = record.stands_since(leaf), time_of(leaf)
        if day is None or side is None or as_of is None:
            continue
        if side == "past" and day > as_of:
            yield leaf, f"{leaf} is {day}, after the audit of {as_of}: not yet."
        elif side == "ahead" and day < as_of:
            yield leaf, f"{leaf} is {day}, before the audit of {as_of}: are the data gone?"


def _gaps(record: SystemRecord, path: str) -> tuple[str, ...]:
    """Name what is missing: the way itself where nothing below it is answered."""
    gaps = record.gaps(path)
    return (path,) if len(gaps) == len(below(path)) else gaps


def _one_of(paths: Sequence[str]) -> list[str]:
    return [f"one of {', '.join(paths)}"] if paths else []
