"""Sentences that count several things, as they are said of one."""

from __future__ import annotations

SINGLE = {
    "{} days": "{} day",
    "{} people": "{} person",
    "{} selections": "{} selection",
    "{} standard deviations": "{} standard deviation",
    "{} times": "{} time",
    "the {} strongest reasons": "the strongest reason ({})",
    "the {} nearest ones": "the nearest one ({})",
    "are {} of them": "is {} of them",
}
"""How a sentence counts several, and one."""


def of_one(words: str) -> str:
    """Words about one of what they count; ``{}`` stands for the number.

    Examples
    --------
    >>> of_one("It may be at most {} days old.")
    'It may be at most {} day old.'
    """
    for several, single in SINGLE.items():
        words = words.replace(several, single)
    return words
