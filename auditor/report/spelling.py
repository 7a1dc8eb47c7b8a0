"""Numbers as they are read aloud, beside their figures: a figure alone is easily changed."""

from __future__ import annotations

import re
from fractions import Fraction

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_POWERS = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_WHOLES = (100, 1000, 10_000, 100_000, 1_000_000)
_MOST = 10**12
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?")


def spelled(text: str, *, share: bool = False) -> str:
    """Write a number with its words; what is no number stays as it is.

    Parameters
    ----------
    text : str
        A decimal or a fraction.
    share : bool
        Whether it is a part of a whole, and said as so many of a hundred or a thousand.

    Examples
    --------
    >>> spelled("0.8", share=True), spelled("0.025", share=True)
    ('0.8 (eighty of a hundred)', '0.025 (twenty-five of a thousand)')
    >>> spelled("30"), spelled("1.96"), spelled("-0.5")
    ('30 (thirty)', '1.96 (one point nine six)', '-0.5 (minus zero point five)')
    >>> spelled("2/3"), spelled("worst-case")
    ('2/3 (two divided by three)', 'worst-case')
    """
    words = _words(text, share=share)
    return text if words is None else f"{text} ({words})"


def _words(text: str, *, share: bool) -> str | None:
    if not _NUMBER.fullmatch(text):
        return None
    value = Fraction(text)
    if max(abs(value.numerator), value.denominator) >= _MOST:
        return None
    if value < 0:
        return f"minus {_words(text.removeprefix('-'), share=share)}"
    if value.denominator == 1:
        return _whole(value.numerator)
    parts = [(value * of, of) for of in _WHOLES]
    found = next(((part, of) for part, of in parts if part.denominator == 1), None)
    if share and value < 1 and found:
        part, of = found
        return f"{_whole(part.numerator)} of {_whole(of).replace('one ', 'a ', 1)}"
    if "/" in text:
        return f"{_whole(value.numerator)} divided by {_whole(value.denominator)}"
    whole, _, decimals = text.partition(".")
    return f"{_whole(int(whole))} point {' '.join(_ONES[int(digit)] for digit in decimals)}"


def _whole(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    power, name = next(pair for pair in _POWERS if number >= pair[0])
    many, rest = divmod(number, power)
    return f"{_whole(many)} {name}" + (f" {_whole(rest)}" if rest else "")
