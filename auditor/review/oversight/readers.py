"""Whether two people who read the same decision come to the same outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditor.ledger.bodies import FINALS
from auditor.review.oversight.numbers import Share, share

if TYPE_CHECKING:
    from auditor.inference.agreement import Agreement
    from auditor.review.oversight.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Agreement of different people about the same decisions.

    ``kappa`` is of two people, and there where no others read a decision twice; ``alpha`` of all
    who did. ``favorable`` is the share of favorable answers, beside which kappa has to be read.
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
    from auditor.inference.agreement import krippendorff_alpha

    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for one in readings:
        answer = one.first if before_the_model else one.final
        if answer in FINALS:
            answers[one.identity][one.reader] = str(answer)
    twice = [said for said in answers.values() if len(said) > 1]
    given = [answer for said in twice for answer in said.values()]
    return Readers(
        kappa=_kappa(twice),
        alpha=krippendorff_alpha([list(said.values()) for said in twice]),
        favorable=share(given.count("favorable"), len(given), "no decision was read twice"),
    )


def _kappa(twice: Sequence[Mapping[str, str]]) -> Agreement:
    """Cohen's kappa of the two people who read decisions twice, if they are two.

    Each of them has a column of their own, whoever recorded first: chance agreement comes from how
    often *this* person says what. With more people there are no two such columns.
    """
    from auditor.inference.agreement import cohen_kappa

    people = sorted({person for said in twice for person in said})
    if len(people) <= 2:
        return cohen_kappa([(said[people[0]], said[people[1]]) for said in twice])
    why = (
        f"{len(people)} people read decisions that another one read too, and kappa is of two; "
        "alpha is of all"
    )
    return replace(cohen_kappa([]), cases=len(twice), undefined=why)
