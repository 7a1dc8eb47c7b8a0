"""The verdict: the one function that turns findings into pass, fail or no verdict.

Python, the command line and every report call it; nothing else judges a run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from auditor.findings import Finding, NotEvaluated
from auditor.vocabulary import FindingVerdict, Severity, State

EXIT_PASS, EXIT_FAILED, EXIT_NO_VERDICT, EXIT_REVIEWS_OPEN, EXIT_INTEGRITY = 0, 1, 4, 5, 6

EXIT_WORDS = {
    EXIT_PASS: "pass",
    EXIT_FAILED: "gate failed",
    EXIT_NO_VERDICT: "no verdict",
    EXIT_REVIEWS_OPEN: "mandatory reviews of taken decisions open",
    EXIT_INTEGRITY: "the ledger cannot be relied on",
}

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gate says: state, open mandatory reviews, the exit code and one sentence."""

    state: State
    reviews_open: int
    exit_code: int
    says: str


def decide(
    findings: Iterable[Finding],
    not_evaluated: Iterable[NotEvaluated],
    *,
    in_force: Collection[str],
    reviews_open: int = 0,
    reviews_overdue: int = 0,
    about_reviews: str = "",
    not_anchored: str = "",
    taken: bool = True,
) -> Verdict:
    """Verdict of a run.

    Over rules of severity block in policies in force: fail if one fails; else no verdict if
    something that must pass did not, or could not be evaluated, or nothing had to pass; else pass.
    A fail with a waiver moves nothing and is named first.
    A verdict word that this function does not know is no pass.

    Parameters
    ----------
    findings, not_evaluated : iterables
        Of the whole run; those of other severities or of policies not in force advise only.
    in_force : collection of str
        Ids of the policies in force on the day of the audit.
    reviews_open, reviews_overdue : int
        Decisions with a mandatory review that no record settles, and those of them that are late.
    about_reviews : str
        What else to say about the records, where reviews are open.
    not_anchored : str
        Why the ledger that the reviews come from cannot be relied on: then nothing passes.
    taken : bool
        Whether the decisions were taken about people; reviews of test data never close the gate.

    Returns
    -------
    Verdict
        Exit code 6 before 1 before 5 before 4.

    Examples
    --------
    >>> decide([], [], in_force=[]).state.value
    'no_verdict'
    """
    block = [f for f in findings if f.severity == Severity.BLOCK and f.policy in in_force]
    missing = [
        n
        for n in not_evaluated
        if n.required and n.severity == Severity.BLOCK and n.policy in in_force
    ]
    waived = [f for f in block if _is_waived(f)]
    standing = [f for f in block if not _is_waived(f)]
    failed = [f for f in standing if f.verdict == FindingVerdict.FAIL]
    required = [f for f in block if f.must_pass]
    unsettled = [
        f
        for f in standing
        if f.verdict not in tuple(FindingVerdict)
        or (f.must_pass and f.verdict != FindingVerdict.PASS)
    ]

    if failed:
        state, reasons = State.FAIL, [f.says for f in failed]
    elif unsettled or missing:
        state = State.NO_VERDICT
        reasons = [f.says for f in unsettled] + [n.says for n in missing]
    elif not required:
        state = State.NO_VERDICT
        reasons = [
            "No rule of a policy in force had to pass, so there is nothing a pass could rest on."
        ]
    else:
        # What is waived stands first: a reader of a pass has to see it.
        state = State.PASS
        reasons = [f"Waived ({f.waiver}), not passed: {f.says}" for f in waived]
        reasons += [f.says for f in required if not _is_waived(f)]

    if not_anchored:
        reasons.insert(0, not_anchored)
        state = State.FAIL if state == State.FAIL else State.NO_VERDICT
    open_reviews = reviews_open if taken else 0
    if not_anchored:
        exit_code = EXIT_INTEGRITY
    elif state == State.FAIL:
        exit_code = EXIT_FAILED
    elif open_reviews:
        exit_code = EXIT_REVIEWS_OPEN
    elif state == State.NO_VERDICT:
        exit_code = EXIT_NO_VERDICT
    else:
        exit_code = EXIT_PASS
    return Verdict(
        state=state,
        reviews_open=reviews_open,
        exit_code=exit_code,
        says=_sentence(
            reasons, open_reviews, overdue=reviews_overdue, about=about_reviews, taken=taken
        ),
    )


def _is_waived(finding: Finding) -> bool:
    return finding.verdict == FindingVerdict.FAIL and finding.waiver is not None


def _sentence(
    reasons: list[str], reviews_open: int, *, overdue: int, about: str, taken: bool
) -> str:
    shown = list(dict.fromkeys(reasons))
    sentence = " ".join(shown[:_SHOWN])
    if len(shown) > _SHOWN:
        sentence += f" And {len(shown) - _SHOWN} more, listed under the findings."
    if reviews_open:
        decisions = "decision needs" if reviews_open == 1 else "decisions need"
        late = f", and {overdue:,} of them {'is' if overdue == 1 else 'are'} overdue"
        waits = f"{reviews_open:,} {decisions} a person before release{late if overdue else ''}."
        sentence = " ".join(part for part in (waits, about, sentence) if part)
    return sentence if taken else f"{sentence} Test data, not decisions about people."
