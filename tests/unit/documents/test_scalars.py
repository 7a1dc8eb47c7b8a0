from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest
from pydantic import TypeAdapter, ValidationError

from auditor.documents import DateText, FractionText, NumberText, to_fraction

FRACTION = TypeAdapter(FractionText, config={"arbitrary_types_allowed": True, "strict": True})
DATE = TypeAdapter(DateText, config={"strict": True})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (NumberText("0.80"), Fraction(4, 5)),
        ("4/5", Fraction(4, 5)),
        ("1/03", Fraction(1, 3)),
        (NumberText(".5"), Fraction(1, 2)),
        (NumberText("+.5"), Fraction(1, 2)),
        (NumberText("1."), Fraction(1)),
        (3, Fraction(3)),
        (-2, Fraction(-2)),
        (Fraction(2, 3), Fraction(2, 3)),
        (NumberText("1e3"), Fraction(1000)),
        (NumberText("8E-1"), Fraction(4, 5)),
        ("0.000000000000000001", Fraction(1, 10**18)),
    ],
)
def test_thresholds_are_exact(text, value):
    assert to_fraction(text) == FRACTION.validate_python(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "1e400000", "1e9", "1e99", "1e-19", "1.5e-18", "e3", "1e", "0123", "00.8",
        "1_000.5", "\u0660.\u0668", " 0.8", "0.8 ", "0.8\n", "4 / 5", "4/0",
        "4/00", "-4/5", "1/2/3", "", ".", "nan", ".inf", "0x1F", "1" * 10, "0." + "1" * 19,
        "1" * 5000 + "/3", True, None, [1], "four fifths",
    ],
)  # fmt: skip
def test_what_fraction_alone_would_take_is_refused(text):
    with pytest.raises(ValidationError, match=r"must be a number such as 0\.8 or 4/5"):
        FRACTION.validate_python(text)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("80%", "write 0.8"),
        ("2.5 %", "write 0.025"),
        ("0,8", "write 0.8"),
        (0.8, "write it as text, '0.8': a float cannot hold most decimals exactly"),
    ],
)
def test_the_usual_slips_are_answered_with_the_right_spelling(value, hint):
    with pytest.raises(ValidationError, match="must be a number") as caught:
        FRACTION.validate_python(value)

    assert caught.value.errors()[0]["ctx"]["hint"] == hint


def test_dates():
    assert DATE.validate_python("2026-02-28") == date(2026, 2, 28)
    assert DATE.validate_python(date(2026, 2, 28)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "20260228", "2026-W01-1", "2026-02-28T00:00:00Z", 2026, None,
     datetime(2026, 2, 28)],  # noqa: DTZ001
)  # fmt: skip
def test_anything_but_a_calendar_date_is_refused(value):
    with pytest.raises(ValidationError, match="must be a calendar date"):
        DATE.validate_python(value)
