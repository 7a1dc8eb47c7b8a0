from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest

from auditor.rules.waived_values import (
    further_is_worse,
    higher_is_worse,
    highest,
    lower_is_worse,
    lowest,
    together,
)


def waiver(value: str, **said):
    places = len(value.partition(".")[2])
    half = Fraction(1, 2 * 10**places) if places else Fraction(0)
    return SimpleNamespace(value=Fraction(value), half=half, **said)


@pytest.mark.parametrize(
    ("value", "written", "beside"),
    [
        (Fraction(633, 1000), "0.633", "alike"),
        (Fraction(633, 1000), "0.63", "alike"),
        (Fraction(6324, 10000), "0.633", "worse"),
        (Fraction(6968, 10000), "0.633", "alike"),
        (Fraction(698, 1000), "0.633", "better"),
        (0.633, "0.001", "better"),
        (0, "0", "alike"),
        (Fraction(1, 100), "0", "better"),
        # what lies below nothing has room below it
        (Fraction(-7, 100), "-0.07", "alike"),
        (Fraction(-6, 100), "-0.070", "better"),
        (Fraction(-8, 100), "-0.07", "worse"),
    ],
)
def test_a_low_number_is_worse_lower_and_better_by_more_than_a_tenth(value, written, beside):
    assert lower_is_worse(value, waiver(written)) == beside
    mirrored = waiver(written)
    mirrored.value = -mirrored.value
    assert higher_is_worse(-value, mirrored) == beside


@pytest.mark.parametrize(
    ("value", "written", "beside"),
    [
        (0.3, "0.3", "alike"),
        (0.29, "0.30", "worse"),
        (0.38, "0.30", "better"),
        (0.7, "0.7", "alike"),
        (0.7, "0.90", "better"),
        # outside the other limit, however little
        (0.61, "0.3", "worse"),
        (0.39, "0.9", "worse"),
    ],
)
def test_outside_two_limits_each_side_has_its_own_worse(value, written, beside):
    assert further_is_worse(value, waiver(written), Fraction(2, 5), Fraction(3, 5)) == beside


def test_a_group_with_several_numbers_has_its_worst_and_none_where_one_does_not_exist():
    numbers = [("F", Fraction(1, 2)), ("F", 0.4), ("X", 3), ("Y", math.inf), ("Z", 1), ("Z", None)]

    assert [(p.about, p.value) for p in lowest(numbers)] == [
        ("F", 0.4), ("X", 3), ("Y", None), ("Z", None),
    ]  # fmt: skip
    assert next((p.about, p.value) for p in highest(numbers)) == ("F", Fraction(1, 2))


@pytest.mark.parametrize(
    ("found", "beside"),
    [([], "worse"), (["better"], "better"), (["better", "alike"], "alike"),
     (["better", "worse"], "worse")],
)  # fmt: skip
def test_of_several_numbers_one_that_is_worse_decides(found, beside):
    assert together(found) == beside


DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "value", "written", "beside"),
    [
        # 370 days old today, and 400 on the last day of the waiver
        ("record-recent", 370, "370", "alike"),
        ("record-recent", 370, "369", "worse"),
        ("record-recent", 370, "400", "alike"),
        ("record-recent", 370, "444", "alike"),
        ("record-recent", 370, "445", "better"),
        # 30 days today, and 20 when the waiver began
        ("record-before-run", 30, "20", "alike"),
        ("record-before-run", 30, "18", "better"),
        ("record-before-run", 30, "31", "worse"),
    ],
)
def test_numbers_of_days_may_run_with_the_calendar(gate, kind, value, written, beside):
    options = {"entry": "audit.on"}
    options |= {"at_most": 365} if kind == "record-recent" else {"at_least": 40}
    days = {"start": DAY - timedelta(10), "until": DAY + timedelta(30)}
    finding = SimpleNamespace(evidence={"as_of": DAY.isoformat()})

    assert gate(kind, **options).beside(value, waiver(written, **days), finding) == beside


@pytest.mark.parametrize(
    ("value", "written", "beside"),
    [(30, "30", "alike"), (30, "20", "better"), (30, "31", "worse")],
)
def test_days_between_two_dates_on_record_do_not_run_with_the_calendar(
    gate, value, written, beside
):
    rule = gate("record-before-run", entry="audit.on", before="use.since", at_least=40)
    days = {"start": DAY - timedelta(10), "until": DAY + timedelta(30)}
    finding = SimpleNamespace(evidence={"as_of": DAY.isoformat()})

    assert rule.beside(value, waiver(written, **days), finding) == beside
