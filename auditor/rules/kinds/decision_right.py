from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rights import RIGHT_WORDS, TAKER_WORDS, Taken, no_rights
from auditor.rules.whole_rule import WholeRule
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.errors import Problem
    from auditor.policy.model import Right


class DecisionRightOptions(Params):
    """It has none: what a model may do stands under ``decision_rights``."""


class DecisionRight(WholeRule):
    """Decisions were taken by whom the policy lets take them.

    What it checks
    --------------
    The kind of decision that the profile names (``decision: {kind: offer}``) against
    ``decision_rights`` of the policy. With ``automate`` anybody may take it; with ``assist`` a
    person does, with or without the model (``person`` or ``both``); with ``human_only`` a person
    alone (``person``). One decision taken otherwise fails. Who took a decision is what
    ``taken_by`` of the profile says, for all or row by row; where it is missing, or where the
    policy names no right for this kind, there is no verdict.

    Why it matters
    --------------
    A model advises; it does not decide on a person's behalf where the policy says so. A final
    hiring decision or a performance evaluation taken without a person is itself a finding, however
    alike the groups are treated.

    When it misleads
    ----------------
    It believes the record. A person who confirms every proposal unread counts as ``both``: whether
    anybody looked is a question to the records of the reviews. An export of one stage says nothing
    about who decides at the next.

    Example
    -------
    ``decision_rights: {offer: human_only}`` and 3 of 200 offers with ``both``: "3 of 200 decisions
    of the kind offer were taken by a person together with a model; the policy lets only a person
    take them, without a model."

    Options
    -------
    None.

    References
    ----------
    Regulation (EU) 2016/679, article 22(1) and (3): decisions based solely on automated processing,
    and the right to have a person intervene.
    """

    kind: ClassVar[str] = "decision-right"
    Options: ClassVar[type[Params]] = DecisionRightOptions

    def objections(self) -> Iterator[Problem]:
        """Object to a policy that does not say what a model may do."""
        return no_rights(self)

    def check(self, evidence: Evidence) -> Iterator[Finding | NotEvaluated]:
        """One finding on the whole export."""
        taken = Taken.of(evidence)
        if taken is None:
            why = "the profile does not say what kind of decision this export holds."
            yield self.not_evaluated("decision-kind-not-declared", why)
            return
        right = self.policy.decision_rights.get(taken.kind)
        verdict, says, step = _judged(taken, right)
        yield self.finding(
            verdict,
            says,
            step,
            {
                "decision_kind": taken.kind,
                "right": right,
                "taken_by": dict(taken.counts),
                "missing": taken.missing,
            },
        )


def _judged(taken: Taken, right: Right | None) -> tuple[FindingVerdict, str, str]:
    """Verdict, sentence and next step."""
    these = f"{taken.people:,} decisions of the kind {taken.kind}"
    if right is None:
        return (
            FindingVerdict.NO_VERDICT,
            f"The policy does not say what a model may do in decisions of the kind {taken.kind}.",
            f"Add {taken.kind} to decision_rights of the policy.",
        )
    against, lets = taken.against(right), RIGHT_WORDS[right]
    if against:
        who = " or ".join(TAKER_WORDS[name] for name in against)
        return (
            FindingVerdict.FAIL,
            f"{sum(against.values()):,} of {these} were taken by {who}; the policy lets {lets}.",
            "Have a person take these decisions anew before they take effect, and change the "
            "process; or change the policy, with those who sign it.",
        )
    if taken.missing or not taken.people:
        return (
            FindingVerdict.NO_VERDICT,
            f"Who took {taken.missing:,} of {these} is not on record; the policy lets {lets}.",
            "Export who took each decision, and name the column under taken_by in the profile.",
        )
    return (
        FindingVerdict.PASS,
        f"All {these} were taken as the policy says: it lets {lets}.",
        "",
    )
