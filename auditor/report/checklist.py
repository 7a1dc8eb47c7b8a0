"""What is on record about the audited system, as a checklist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.report.words import SYMBOLS, plain
from auditor.result import AuditDocument
from auditor.result.document import SystemEntryDoc

QUESTIONS = "questions."
SIGNS: Mapping[str, tuple[str, str]] = {
    "answered": (SYMBOLS["pass"], "pass"),
    "incomplete": (SYMBOLS["warning"], "warning"),
    "missing": (SYMBOLS["no_verdict"], "no_verdict"),
}
"""Sign of a state, and the style that it is shown in."""

_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Entries of a system record: the five questions, and everything else that may be asked."""

    questions: tuple[SystemEntryDoc, ...]
    others: tuple[SystemEntryDoc, ...]

    @property
    def answered(self) -> int:
        """How many entries are answered."""
        return sum(entry["state"] == "answered" for entry in (*self.questions, *self.others))

    @property
    def total(self) -> int:
        """How many entries there are."""
        return len(self.questions) + len(self.others)


def checklist(document: AuditDocument) -> Checklist | None:
    """Checklist of a result; None when no system record was given."""
    system = document["system"]
    if system is None:
        return None
    entries = system["entries"]
    return Checklist(
        questions=tuple(e for e in entries if e["entry"].startswith(QUESTIONS)),
        others=tuple(e for e in entries if not e["entry"].startswith(QUESTIONS)),
    )


def open_questions(document: AuditDocument) -> str | None:
    """Name the questions without an answer in one sentence; None when all have one."""
    found = checklist(document)
    entries = [e for e in found.questions if e["state"] != "answered"] if found else []
    if not entries:
        return None
    names = _named(entry["entry"].removeprefix(QUESTIONS) for entry in entries)
    return f"Not answered on record about the system: {names}."


def on_record(document: AuditDocument) -> str | None:
    """How much is on record, in one sentence, for pages without room for a list."""
    found, system = checklist(document), document["system"]
    if found is None or system is None:
        return None
    name = " ".join(filter(None, (system["name"], system["version"])))
    says = f"{name}: {found.answered} of {found.total} entries on record."
    left = [e["entry"] for e in (*found.questions, *found.others) if e["state"] != "answered"]
    return f"{says} Open: {_named(left)}." if left else says


def _named(names: Iterable[str]) -> str:
    every = list(names)
    rest = len(every) - _SHOWN
    shown = every[:_SHOWN] + ([f"{rest} more"] if rest > 0 else [])
    return ", ".join(plain(name.replace(".", ": ")) for name in shown)
