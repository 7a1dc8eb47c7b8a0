"""How numbers look. Rounding never carries a number across the line it is judged by."""

from __future__ import annotations

import math
from collections.abc import Collection
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from auditor.report.words import reason

MINUS = "\N{MINUS SIGN}"
FOUR_FIFTHS = Fraction(4, 5)
_ALPHA = Fraction(1, 20)
_TINY = 1e-300
_MORE_PLACES = 8
_SAME = 1e-9
_DIGITS = 15


def count(n: int | None) -> str:
    """Write a whole number with thousands separators.

    Examples
    --------
    >>> count(12480), count(None)
    ('12,480', 'not available')
    """
    return reason(None) if n is None else _minus(f"{n:,}")


def percent(value: float | None, undefined: str | None = None, *, places: int = 1) -> str:
    """Write a proportion as per cent; 0 and 100 are shown only when exact.

    Examples
    --------
    >>> percent(0.2060), percent(0.0), percent(0.00004), percent(0.99996)
    ('20.6%', '0.0%', '0.004%', '99.996%')
    >>> percent(None, "nobody-considered")
    'nobody was considered'
    """
    if value is None:
        return reason(undefined)
    return f"{_rounded(_exact(value) * 100, places, ends=(Decimal(0), Decimal(100)))}%"


def share(part: int, whole: int) -> str:
    """Per cent of a count.

    Examples
    --------
    >>> share(524, 12480), share(0, 0)
    ('4.2%', 'nobody was considered')
    """
    return percent(part / whole) if whole else reason("nobody-considered")


def points(value: float | None, undefined: str | None = None) -> str:
    """Write a difference of two proportions in percentage points, with its sign.

    Examples
    --------
    >>> points(0.02), points(-0.1003) == f"{MINUS}10.0"
    ('+2.0', True)
    """
    if value is None:
        return reason(undefined)
    return _signed(_rounded(_exact(value) * 100, 1, ends=(Decimal(0),)))


def ratio(
    value: float | None,
    undefined: str | None = None,
    *,
    below: bool | None = None,
    lines: Collection[Fraction] = (FOUR_FIFTHS,),
) -> str:
    """Write a ratio to two places, or as many as keep it on its side of every line.

    Parameters
    ----------
    value : float or None
    undefined : str or None
        Why there is no value.
    below : bool or None
        Whether the exact integers are below four fifths; outranks the float where both are given.
    lines : collection of Fraction
        Thresholds the ratio is judged by. 1 is always one.

    Examples
    --------
    >>> ratio(0.674), ratio(0.7996, below=True), ratio(0.8, below=False), ratio(0.9987)
    ('0.67', '0.7996', '0.80', '0.999')
    >>> ratio(0.8, below=True)
    'just under 0.80'
    >>> ratio(None, "reference-selects-nobody")
    'nobody in the reference group was selected'
    """
    if value is None:
        return reason(undefined)
    sides = {line: _is_below(value, line) for line in lines}
    if below is not None:
        sides[FOUR_FIFTHS] = below
    floors = tuple((_decimal(line), side) for line, side in sides.items())
    return _rounded(_exact(value), 2, ends=(Decimal(1),), floors=floors)


def p_value(value: float | None, undefined: str | None = None) -> str:
    """Write a p-value to three places, or two significant figures below 0.001.

    Examples
    --------
    >>> p_value(0.17), p_value(4.76e-5), p_value(0.0), p_value(0.04996), p_value(1.0)
    ('0.170', '4.8e-5', '< 1e-300', '0.04996', '1')
    """
    if value is None:
        return reason(undefined)
    if value < _TINY:
        return "< 1e-300"
    if value == 1:
        return "1"
    if value < 0.001:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    floors = ((_decimal(_ALPHA), _is_below(value, _ALPHA)),)
    return _rounded(_exact(value), 3, ends=(Decimal(1),), floors=floors)


def decimal(value: float | None, undefined: str | None = None, *, places: int = 1) -> str:
    """Write a number of people or of standard errors to a fixed number of places.

    Examples
    --------
    >>> decimal(181.62), decimal(-4.1084, places=2) == f"{MINUS}4.11"
    ('181.6', True)
    """
    if value is None:
        return reason(undefined)
    return _minus(f"{value:,.{places}f}")


def figures(value: float | None, *, digits: int = 3) -> str:
    """Write a quantity in the unit of a model to some significant figures, with its sign.

    Examples
    --------
    >>> figures(0.04312), figures(0.0), figures(1e-12), figures(-1.5) == f"{MINUS}1.5"
    ('+0.0431', '0', '+1e-12', True)
    """
    if value is None:
        return reason(None)
    if value == 0:
        return "0"
    return _signed(f"{value:.{digits}g}")


def interval(low: str, high: str) -> str:
    """Both ends of an interval as they were formatted.

    Examples
    --------
    >>> interval("18.7%", "22.6%")
    '18.7% to 22.6%'
    """
    return f"{low} to {high}"


def _exact(value: float) -> Decimal:
    """Shortest decimal that reads back as this float: what JSON shows."""
    return Decimal(repr(float(value)))


def _decimal(line: Fraction) -> Decimal:
    return Decimal(line.numerator) / Decimal(line.denominator)


def _is_below(value: float, line: Fraction) -> bool:
    # a float within 1e-9 of its line decides nothing, so it must not look decided
    return value < line and not math.isclose(value, float(line), rel_tol=_SAME)


def _rounded(
    exact: Decimal,
    places: int,
    *,
    ends: tuple[Decimal, ...] = (),
    floors: tuple[tuple[Decimal, bool], ...] = (),
) -> str:
    """Round to the fewest places from ``places`` on that contradict nothing.

    At an end the shown value is smaller, equal or larger exactly as the value is; at a floor it is
    below or not.
    """
    if exact.adjusted() > _DIGITS:
        return _minus(f"{exact:.2e}")
    for more in range(places, places + _MORE_PLACES):
        shown = exact.quantize(Decimal(1).scaleb(-more), rounding=ROUND_HALF_UP)
        if all(shown.compare(e) == exact.compare(e) for e in ends) and all(
            (shown < line) is below for line, below in floors
        ):
            return _minus(f"{shown:,f}")
    for line, below in floors:
        if (shown < line) is not below:
            return f"just under {line:.2f}" if below else f"{line:.2f}"
    digits = Decimal(1).scaleb(exact.adjusted() - 1)
    return _minus(f"{exact.quantize(digits, rounding=ROUND_FLOOR) if exact < 1 else exact:f}")


def _signed(text: str) -> str:
    text = _minus(text)
    return text if text.startswith(MINUS) or not text.strip("0.") else f"+{text}"


def _minus(text: str) -> str:
    return text.replace("-", MINUS, 1) if text.startswith("-") else text
