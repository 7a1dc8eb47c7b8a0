"""Whether two people who read the same decision come to the same outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.ledger.bodies import FINALS
from auditor.review.oversight.numbers import Share, share

if TYPE_CHECKING:
    from auditor.inference.agreement import Agreement
    from auditor.review.oversight.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Agreement of different people about the same decisions.

    ``kappa`` looks at the first two who read a decision, ``alpha`` at all of them. ``favorable`` is
    the share of favorable answers, beside which kappa has to be read.
    """

    kappa: Agreement
    alpha: Agreement
    favorable: Share


def agreement(readings: Sequence[Reading], *, before_the_model: bool = False) -> Readers:
    """Compare the last word of each person on each decision.

    Parameters
    ----------
    readings : sequence of Reading
    before_the_model : bool
        Compare what they thought before the model's answer was shown; people who saw it agree
        with one another because they agree with the model.
    """
    from auditor.inference.agreement import cohen_kappa, krippendorff_alpha

    answers: dict[str, list[str]] = defaultdict(list)
    for one in readings:
        answer = one.first if before_the_model else one.final
        if answer in FINALS:
            answers[one.identity].append(str(answer))
    twice = [said for said in answers.values() if len(said) > 1]
    given = [answer for said in twice for answer in said]
    return Readers(
        kappa=cohen_kappa([(said[0], said[1]) for said in twice]),
        alpha=krippendorff_alpha(twice),
        favorable=share(given.count("favorable"), len(given), "no decision was read twice"),
    )
