from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

import auditor
from auditor.metrics import Counts
from auditor.metrics.measure import measure
from auditor.rules.base import Needs
from auditor.rules.slices import end
from auditor.vocabulary import FindingVerdict, Severity

KIND = "measure-limit"
RATE = {"measure": "selection-rate"}
RATIO = {"measure": "selection-rate", "taken_as": "ratio"}


@pytest.fixture
def measured(counted):
    """Evidence as ``counted``, with everything measured on its tables."""

    def measured(tables, **options):
        found = counted(tables, **options)
        return replace(found, measures=measure(found.tables, Counts(cube=None)))

    return measured


@pytest.fixture
def verdict(gate, measured):
    def verdict(groups, **options):
        (finding,) = gate(KIND, **options).check(measured({"sex": groups}))
        return finding.verdict

    return verdict


def test_a_rate_below_its_limit_fails_and_names_the_group(gate, measured):
    found = measured({"sex": {"F": "19/100", "M": "50/100"}})

    (finding,) = gate(KIND, **RATE, at_least="0.2", severity=Severity.BLOCK).check(found)

    assert finding.verdict == FindingVerdict.FAIL
    assert (finding.group, finding.reference) == ("F", None)
    assert finding.says == (
        "F: 19.0% (19 of 100). Every group has to have a selection rate of at least 20.0%."
    )
    assert finding.evidence["groups"][0]["value"] == 0.19
    assert finding.evidence["at_least"] == "1/5"


def test_rates_inside_pass(gate, measured):
    found = measured({"sex": {"F": "20/100", "M": "50/100", "unknown": "0/50"}})

    (finding,) = gate(KIND, **RATE, at_least="0.2", at_most="0.5").check(found)

    assert finding.verdict == FindingVerdict.PASS
    assert finding.says.startswith(
        "Every group has a selection rate of at least 20.0% and of at most 50.0%. F: 20.0%"
    )


@pytest.mark.parametrize(
    ("options", "on_it", "beyond"),
    [
        (RATIO | {"at_least": "0.8"}, "40/100", "39/100"),
        # 1/3 as a limit is no float, and 30/90 lies exactly on it
        (RATE | {"at_least": "1/3"}, "30/90", "29/90"),
        (RATE | {"taken_as": "difference", "at_least": "-0.1"}, "40/100", "39/100"),
        (RATE | {"taken_as": "shortfall", "at_most": "5"}, "40/100", "39/100"),
    ],
)
def test_a_value_exactly_on_the_limit_is_inside(verdict, options, on_it, beyond):
    assert verdict({"F": on_it, "M": "50/100"}, **options) == FindingVerdict.PASS
    assert verdict({"F": beyond, "M": "50/100"}, **options) == FindingVerdict.FAIL


def test_exact_integers_decide_where_floats_are_wrong(verdict):
    # four fifths to the person, and below it in float64
    odd = [
        (4 * x, n, 5 * x, n)
        for n in range(30, 300)
        for x in range(1, n // 5)
        if (4 * x / n) / (5 * x / n) < 0.8
    ]
    x1, n1, x2, n2 = odd[0]

    assert verdict({"F": f"{x1}/{n1}", "M": f"{x2}/{n2}"}, **RATIO, at_least="4/5") == "pass"
    assert verdict({"F": f"{x1 - 1}/{n1}", "M": f"{x2}/{n2}"}, **RATIO, at_least="4/5") == "fail"


def test_a_small_group_gives_no_verdict_on_its_value(gate, measured):
    found = measured({"sex": {"F": "1/29", "M": "50/100"}})

    (finding,) = gate(KIND, **RATE, at_least="0.2").check(found)
    (asked,) = gate(KIND, **RATE, at_least="0.2", fewest_people=29).check(found)

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "too-few-people"
    assert "of 29" not in finding.says
    assert asked.verdict == FindingVerdict.FAIL


@pytest.mark.parametrize(
    ("women", "expected"),
    # Clopper-Pearson limits of 100 people in published tables: 20 -> 12.7 to 29.2,
    # 40 -> 30.3 to 50.3, 5 -> 1.6 to 11.3
    [("40/100", "pass"), ("20/100", "no_verdict"), ("5/100", "fail")],
)
def test_a_whole_interval_has_to_lie_on_one_side(gate, measured, women, expected):
    rule = gate(KIND, **RATE, at_least="0.2", judge="interval")

    (finding,) = rule.check(measured({"sex": {"F": women, "M": "50/100"}}))

    assert finding.verdict == expected
    assert "interval" in finding.says


def test_an_interval_may_be_told_of_few_people_but_not_their_counts(gate, measured):
    rule = gate(KIND, **RATE, at_least="0.2", judge="interval")

    (finding,) = rule.check(measured({"sex": {"F": "0/29", "M": "50/100"}}))

    # the upper limit of 0 in 29 is 11.9 %
    assert finding.verdict == FindingVerdict.FAIL
    assert finding.says.startswith("F: 0.0%, interval 0.0% to 11.9%. ")


def test_an_end_on_the_limit_decides_nothing(gate, measured):
    found = measured({"sex": {"F": "40/100", "M": "50/100"}})
    low = found.measures.measurements[0].low
    limit = f"{low:.18f}"

    (finding,) = gate(KIND, **RATE, at_least=limit, judge="interval").check(found)

    assert finding.verdict == FindingVerdict.NO_VERDICT


def test_a_ratio_without_a_reference_that_selects_is_no_verdict_with_its_reason(gate, measured):
    found = measured({"sex": {"F": "0/100", "M": "0/100"}})

    (finding,) = gate(KIND, **RATIO, at_least="0.8").check(found)
    (difference,) = gate(
        KIND, measure="selection-rate", taken_as="difference", at_least="-0.1"
    ).check(found)

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "reference-selects-nobody"
    assert difference.verdict == FindingVerdict.PASS


def test_a_fail_is_not_hidden_by_a_group_without_verdict(verdict):
    groups = {"A": "1/10", "B": "10/100", "C": "50/100"}

    assert verdict(groups, **RATE, at_least="0.2") == FindingVerdict.FAIL


def test_one_group_has_nothing_to_be_compared_with(gate, measured):
    (finding,) = gate(KIND, **RATIO, at_least="0.8").check(measured({"sex": {"F": "5/100"}}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "too-few-groups"


def test_an_attribute_that_is_not_there_is_not_evaluated(gate, measured):
    found = measured({"sex": {"F": "50/100"}})

    (said,) = gate(KIND, **RATE, at_least="0.2", for_each=("race",)).check(found)
    (spared,) = gate(
        KIND, **RATE, at_least="0.2", for_each=("race",), when_present=True
    ).check(found)  # fmt: skip

    assert (said.reason, said.required) == ("attribute-absent", True)
    assert spared.required is False


def test_only_its_own_measure_is_asked_for(gate):
    rule = gate(KIND, measure="scoring-rate-known", at_least="0.2")

    assert rule.needs() == Needs(metrics=frozenset({"scoring-rate-known"}))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (RATE, "at_least"),
        ({"measure": "selection-ratio", "at_least": "0.2"}, "catalogue"),
        (RATE | {"at_least": "1.2"}, "from 0 to 1"),
        (RATIO | {"at_least": "-0.2"}, "from 0 on"),
        (RATE | {"at_least": "0.5", "at_most": "0.4"}, "nothing can pass"),
        (RATE | {"taken_as": "shortfall", "at_most": "1", "judge": "interval"}, "has no interval"),
        (RATE | {"at_least": "0.2", "judge": "interval", "fewest_people": 9}, "is for values"),
    ],
)
def test_limits_that_cannot_decide_are_refused(gate, options, match):
    with pytest.raises(ValueError, match=match):
        gate(KIND, **options)


def test_a_ratio_can_have_no_upper_end():
    assert end("ratio", float("inf")) == "without end"
    assert end("ratio", 0.5, Fraction(4, 5)) != "without end"


def test_comparisons_of_other_attributes_are_no_slices(tmp_path):
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "auditor: policy/1\n"
        "policy: {id: p, title: t, version: '1', status: in-force, owner: o,"
        " effective_from: 2026-01-01}\n"
        "basis: [{id: b, cite: c, says: s}]\n"
        "gates: [{id: g, kind: measure-limit, says: s, because: [b], for_each: [race],"
        " options: {measure: selection-rate, taken_as: ratio, at_least: 0.5}}]\n"
    )
    cells = {"F*A": (90, 40), "F*B": (90, 40), "M*A": (90, 40), "M*B": (90, 40)}

    (finding,) = auditor.audit(
        auditor.counts(cells, attribute="sex*race"), str(policy)
    ).result.findings

    assert {group["group"] for group in finding.evidence["groups"]} <= {"A", "B"}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("z", "z"),
        ("p-value", "p_value"),
        ("p-mid", "p_mid"),
        ("p-adjusted", "p_adjusted"),
        ("detectable-ratio", "detectable_ratio"),
        ("shortfall-to-reference", "shortfall_to_reference"),
    ],
)
def test_every_number_of_a_comparison_can_have_a_limit(gate, measured, form, field):
    """The numbers are those of the table of measures; beside them a limit turns the verdict."""
    found = measured({"sex": {"F": "40/100", "M": "60/100"}})
    (row,) = found.measures.comparisons
    number = Fraction(getattr(row, field)).limit_denominator(10**12)
    step = abs(number) / 1000

    said = {}
    for name, limit in (("above", number + step), ("below", number - step)):
        for side in ("at_least", "at_most"):
            options = {"measure": "selection-rate", "taken_as": form, side: str(limit)}
            if limit < 0:  # a fraction as text has no sign
                options[side] = f"{float(limit):.9f}"
            (finding,) = gate(KIND, **options).check(found)
            said[name, side] = str(finding.verdict)

    assert said == {
        ("above", "at_least"): "fail",
        ("above", "at_most"): "pass",
        ("below", "at_least"): "pass",
        ("below", "at_most"): "fail",
    }


@pytest.mark.parametrize("apart", ["1", "1.0000000005"])
@pytest.mark.parametrize("side", ["at_least", "at_most"])
def test_a_p_value_on_its_limit_decides_nothing(gate, measured, side, apart):
    found = measured({"sex": {"F": "40/100", "M": "60/100"}})
    (row,) = found.measures.comparisons
    limit = f"{float(Fraction(row.p_value) * Fraction(apart)):.18f}"

    (finding,) = gate(KIND, measure="selection-rate", taken_as="p-value", **{side: limit}).check(
        found
    )

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "on-the-limit"


@pytest.mark.parametrize(
    ("end", "limits", "expected"),
    [
        ("lower-end", {"at_least": "0.3"}, "pass"),
        ("lower-end", {"at_least": "0.35"}, "fail"),
        ("upper-end", {"at_most": "0.75"}, "pass"),
        ("upper-end", {"at_most": "0.65"}, "fail"),
    ],
)
def test_one_end_of_the_interval_can_have_a_limit(gate, measured, end, limits, expected):
    """Clopper-Pearson of 40 and 60 of 100: 0.303 to 0.503 and 0.497 to 0.697 (scipy)."""
    found = measured({"sex": {"F": "40/100", "M": "60/100"}})

    (finding,) = gate(KIND, **RATE, judge=end, **limits).check(found)

    assert str(finding.verdict) == expected
    assert ("with the " + end.replace("-", " ")) in finding.says
    assert "interval" in finding.says


def test_a_number_without_an_interval_has_no_end(gate):
    from auditor.errors import PolicyError

    with pytest.raises((PolicyError, ValueError), match="has no interval"):
        gate(KIND, measure="selection-rate", taken_as="z", at_most="2", judge="upper-end")


def test_a_number_that_does_not_exist_is_no_verdict(gate, measured):
    everybody = measured({"sex": {"F": "100/100", "M": "100/100"}})

    (finding,) = gate(KIND, **RATE, taken_as="z", at_least="-3").check(everybody)

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert "a number that does not exist lies on no side of a limit" in finding.says


@pytest.mark.parametrize("judge", ["interval", "lower-end"])
def test_an_end_that_does_not_exist_is_no_verdict(gate, measured, judge):
    found = measured({"sex": {"F": "400/1000", "M": "410/1000"}})
    rule = gate(KIND, **RATE, taken_as="difference", at_least="-0.2", judge=judge)
    (sound,) = rule.check(found)
    rows = tuple(replace(row, difference_low=float("nan")) for row in found.measures.comparisons)
    (finding,) = rule.check(replace(found, measures=replace(found.measures, comparisons=rows)))

    assert sound.verdict == FindingVerdict.PASS
    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert "an end that does not exist" in finding.says


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"F": "50/100"}, "no_verdict"),
        ({"F": "50/100", "M": "0/0"}, "no_verdict"),
        ({"F": "50/100", "M": "50/100"}, "pass"),
        ({"F": "10/100"}, "fail"),
    ],
)
def test_the_rate_of_one_group_alone_is_no_pass(verdict, groups, expected):
    assert verdict(groups, **RATE, at_least="0.2") == expected
