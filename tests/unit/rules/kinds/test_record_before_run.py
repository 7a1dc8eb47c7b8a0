from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("day", "least", "verdict"),
    [
        ("2026-11-21", "1 day", "pass"),
        ("2026-11-22", "1 day", "fail"),  # the same day is not before it
        ("2026-11-12", "10 days", "pass"),
        ("2026-11-13", "10 days", "fail"),
        ("2026-11-30", "1 day", "fail"),
    ],
)
def test_a_date_has_to_lie_far_enough_before(one, on_record, day, least, verdict):
    seen = on_record({"notices": [{"to": "candidates", "given_on": day}]})

    found, _ = one("record-before-run", seen, entry="notices.candidates", at_least=least)

    assert found == verdict


def test_before_means_one_day_when_nothing_is_said(one, on_record):
    seen = on_record({"dpia": {"on": "2026-11-22"}})

    found, says = one("record-before-run", seen, entry="dpia")

    assert found == "fail"
    assert says == (
        "dpia.on is 2026-11-22, 0 days before the audit of 2026-11-22, less than 1 day before it."
    )


def test_a_later_date_says_after(one, on_record):
    _, says = one("record-before-run", on_record({"dpia": {"on": "2026-11-30"}}), entry="dpia")

    assert "8 days after the audit" in says


def test_of_several_notices_the_first_counts(one, on_record):
    days = ("2026-11-20", "2026-01-01")
    notices = [{"to": "employees", "given_on": day} for day in days]

    found, _ = one(
        "record-before-run",
        on_record({"notices": notices}),
        entry="notices.employees",
        at_least="10 days",
    )

    assert found == "pass"


def test_without_the_date_there_is_no_verdict(one, on_record):
    assert one("record-before-run", on_record(), entry="dpia")[0] == "no_verdict"


TESTED = {"testing": {"before_use": "2026-01-14"}, "use": {"since": "2026-01-15"}}


@pytest.mark.parametrize(
    ("tested", "used", "verdict"),
    [
        ("2026-01-14", "2026-01-15", "pass"),
        ("2026-01-15", "2026-01-15", "fail"),
        ("2026-11-21", "2020-01-01", "fail"),  # before the audit, years after the first use
        ("2026-11-23", "2026-12-24", "no_verdict"),  # not yet
    ],
)
def test_a_date_is_held_against_another_on_record(one, on_record, tested, used, verdict):
    seen = on_record({"testing": {"before_use": tested}, "use": {"since": used}})

    found, _ = one("record-before-run", seen, entry="testing.before_use", before="use.since")

    assert found == verdict


def test_both_dates_are_named(one, on_record):
    _, says = one("record-before-run", on_record(TESTED), entry="testing.before_use", before="use")

    assert says == (
        "testing.before_use is 2026-01-14, 1 day before use.since, 2026-01-15, not less than 1 day "
        "before it."
    )


@pytest.mark.parametrize("missing", ["testing.before_use", "use.since"])
def test_without_one_of_the_two_dates_there_is_no_verdict(one, on_record, missing):
    entry, _, _ = missing.partition(".")
    seen = on_record({key: value for key, value in TESTED.items() if key != entry})

    found, says = one("record-before-run", seen, entry="testing.before_use", before="use.since")

    assert (found, f"does not say {missing}." in says) == ("no_verdict", True)
