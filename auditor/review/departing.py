"""When a reviewer has to say in words why: where they depart from the model or from themselves."""

from __future__ import annotations

from auditor.ledger.bodies import FINALS


def words_needed(*, model: str, final: str, first: str | None) -> str:
    """Say why a decision needs words of its reviewer; empty where it needs none.

    Following the model after having judged otherwise needs them too: that is where leaning on it
    hides.

    Parameters
    ----------
    model : str
        The model's outcome; one that people cannot decide is departed from by nobody.
    final : str
        What the reviewer decides.
    first : str or None
        Their own first judgement, where there is one; ``cannot-say`` is departed from by nobody.

    Examples
    --------
    >>> words_needed(model="unfavorable", final="favorable", first="favorable")
    "the final outcome is not the model's"
    >>> words_needed(model="unfavorable", final="unfavorable", first="favorable")
    'the final outcome is not that of the first judgement'
    >>> words_needed(model="unfavorable", final="unfavorable", first="cannot-say")
    ''
    """
    if model in FINALS and final != model:
        return "the final outcome is not the model's"
    if first in FINALS and final != first:
        return "the final outcome is not that of the first judgement"
    return ""
