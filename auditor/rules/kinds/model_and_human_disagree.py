from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule
from auditor.vocabulary import OUTCOMES, Outcome


class ModelAndHumanDisagreeOptions(Params):
    """No options."""


class ModelAndHumanDisagree(DecisionRule):
    """People decided otherwise than the model.

    What it checks
    --------------
    ``final`` of the profile, the decision that stood after people looked, against the outcome,
    which is what the model said (or follows from the cut score). A decision whose ``final`` is
    blank is not decided yet and is not flagged; how many those are is said.

    Why it matters
    --------------
    Where a person and a model differ, one of them saw something that the other did not. A second
    reader learns from these cases what the model lacks, or what the first reader assumed.

    When it misleads
    ----------------
    Agreement says little: people who confirm every proposal never disagree. Where ``outcome`` is
    not what the model said but what was done, the two columns say the same thing twice. A model
    that only scores has no outcome until a cut score is declared.

    Example
    -------
    An application that the model rejected and a recruiter invited is flagged with "outcome
    unfavorable, final decision favorable".

    Options
    -------
    None.

    References
    ----------
    Regulation (EU) 2024/1689, article 14(4)(d): people can decide to disregard or reverse the
    output of a system.
    """

    kind: ClassVar[str] = "model-and-human-disagree"
    Options: ClassVar[type[Params]] = ModelAndHumanDisagreeOptions

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag decisions in which the two differ; say how many are not decided yet."""
        outcome, final = evidence.decisions.outcome, evidence.decisions.final
        if final is None:
            why = "the profile declares no final decision of people"
            yield self.not_evaluated(evidence, "no-final-decision", why)
            return
        if outcome is None:
            why = "the profile declares no outcome, so nothing says what the model decided"
            yield self.not_evaluated(evidence, "no-outcome", why)
            return
        lines = self.considered(evidence)
        decided = lines[final[lines] >= 0]
        if len(decided) < len(lines):
            n, of = len(lines) - len(decided), len(lines)
            why = f"in {n:,} of {of:,} decisions people have not decided yet"
            said = self.in_part(evidence, "not-decided-yet", why)
            # nothing can differ yet, so the run does not wait for this
            yield replace(said, required=False, severity=self.entry.severity)
        selected = outcome[decided] == OUTCOMES.index(Outcome.FAVORABLE)
        words = (Outcome.UNFAVORABLE, Outcome.FAVORABLE)
        yield from self.flag_all(
            decided[selected != (final[decided] == 1)],
            lambda line: (
                f"outcome {OUTCOMES[outcome[line]]}, final decision {words[int(final[line])]}"
            ),
        )
