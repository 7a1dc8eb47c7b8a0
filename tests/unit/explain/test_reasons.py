import numpy as np
import pytest

from auditor.explain import Attributions, Reason, reasons


def _attributions(values, inputs, unit="log-odds"):
    values = np.array([values])
    return Attributions(
        names=("experience", "zip_income", "gap_months", "assessment"),
        values=values,
        inputs=np.array([inputs]),
        outputs=values.sum(axis=1),
        lines=np.array([17]),
        base=0.0,
        unit=unit,
        explains="",
        method="",
        background="",
        background_rows=0,
        additivity=0.0,
    )


def test_the_three_strongest_reasons_are_sentences():
    result = reasons(_attributions([0.2, -0.31, 0.01, 1.5], [3.0, 0.12, 0.0, 88.0]), 0)

    assert [str(reason) for reason in result] == [
        "assessment 88 raised the score by 1.50 log-odds",
        "zip_income 0.12 lowered the score by 0.31 log-odds",
        "experience 3 raised the score by 0.20 log-odds",
    ]


def test_k_reasons_are_given_and_equal_ones_keep_the_models_order():
    found = reasons(_attributions([0.1, -0.1, 0.1, 0.05], [1.0, 2.0, 3.0, 4.0]), 0, k=2)

    assert [reason.feature for reason in found] == ["experience", "zip_income"]


def test_features_that_moved_nothing_are_no_reasons():
    found = reasons(_attributions([0.0, 0.0, -0.2, 0.0], [1.0, 2.0, np.nan, 4.0]), 0)

    assert [str(reason) for reason in found] == [
        "gap_months (missing) lowered the score by 0.20 log-odds"
    ]


@pytest.mark.parametrize(
    ("unit", "amount", "says"),
    [
        ("probability", 0.05, "by 0.05 in probability"),
        ("score", -2.0, "by 2.00"),
        ("model output", 43210.0, "by 4.3e+04"),
        ("log of the model output", 0.5, "by 0.50 on the log scale"),
        ("log-odds", 0.0012, "by 0.0012 log-odds"),
    ],
)
def test_the_unit_is_part_of_the_sentence(unit, amount, says):
    reason = Reason(feature="x", value=1.0, attribution=amount, unit=unit)

    assert str(reason).endswith(says)
