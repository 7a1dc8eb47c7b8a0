from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rights import ALLOWED, RIGHT_WORDS, TAKER_WORDS, no_rights
from auditor.rules.decision_rule import DecisionRule

if TYPE_CHECKING:
    from auditor.errors import Problem


class DecisionRightViolatedOptions(Params):
    """What happens where it is ``missing`` who took the decision."""

    missing: Literal["review", "skip"] = "review"


class DecisionRightViolated(DecisionRule):
    """The decision was taken by somebody whom the policy does not let take it.

    What it checks
    --------------
    For every decision who took it (``taken_by`` of the profile) against what ``decision_rights`` of
    the policy says of this kind of decision: with ``assist`` a model alone may not, with
    ``human_only`` neither a model nor a person with a model in view.

    Why it matters
    --------------
    Each of these decisions needs a person who takes it anew, before it takes effect. The rule about
    the whole export says that there are some; this one says which.

    When it misleads
    ----------------
    It believes the record: a person who confirms every proposal unread counts as ``both``. Where
    ``taken_by`` is one word for the whole export, all of its decisions are flagged or none.

    Example
    -------
    ``decision_rights: {screening: assist}``: an application that a model alone rejected is flagged
    with "screening taken by a model alone".

    Options
    -------
    ``missing`` (review): with ``skip`` a decision without a record of who took it is not flagged.

    References
    ----------
    Regulation (EU) 2016/679, article 22(3): the right to have a person intervene.
    """

    kind: ClassVar[str] = "decision-right-violated"
    Options: ClassVar[type[Params]] = DecisionRightViolatedOptions

    def objections(self) -> Iterator[Problem]:
        """Object to a policy that does not say what a model may do."""
        return no_rights(self)

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag the decisions taken otherwise; not evaluated where nothing says who took them."""
        decisions = evidence.decisions
        kind, constant = decisions.export.decision_kind, decisions.export.taken_by
        right = self.policy.decision_rights.get(kind or "")
        if kind is None:
            why = "the profile does not say what kind of decision this export holds"
            yield self.not_evaluated(evidence, "decision-kind-not-declared", why)
        elif right is None:
            why = f"the policy does not say what a model may do in decisions of the kind {kind}"
            yield self.not_evaluated(evidence, "no-decision-right", why)
        elif decisions.taken_by is None and constant is None:
            why = "the profile does not say who takes these decisions"
            yield self.not_evaluated(evidence, "taker-not-declared", why)
        else:
            lines = self.considered(evidence)
            words = [*TAKER_WORDS.values(), "nobody on record"]
            names = list(TAKER_WORDS)
            takers = np.full(len(decisions.rows), names.index(constant) if constant else -1)
            if decisions.taken_by is not None:
                of_level = np.array([names.index(n) for n in decisions.taken_by.levels] + [-1])
                takers = of_level[decisions.taken_by.codes]
            wrong = [n for n, name in enumerate(names) if name not in ALLOWED[right]]
            wrong += [-1] if self.options.missing == "review" else []
            yield from self.flag_all(
                lines[np.isin(takers[lines], wrong)],
                lambda line: (
                    f"{kind} taken by {words[takers[line]]}; the policy lets {RIGHT_WORDS[right]}"
                ),
            )
