from __future__ import annotations

import pytest

from auditor.findings import Finding
from auditor.vocabulary import FindingVerdict, Severity

SAID = {
    "policy": "ours",
    "rule": "four-fifths",
    "kind": "impact-ratio",
    "verdict": FindingVerdict.FAIL,
    "severity": Severity.BLOCK,
    "says": "s",
    "attribute": "sex",
    "group": "F",
}


def test_a_fingerprint_names_what_is_judged_not_the_numbers():
    one = Finding(**SAID, evidence={"ratio": 0.5})
    later = Finding(
        **{**SAID, "says": "other words", "verdict": FindingVerdict.PASS}, evidence={"ratio": 0.9}
    )

    assert one.fingerprint == later.fingerprint
    assert len(one.fingerprint) == 16
    assert set(one.fingerprint) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "changed",
    [
        {"policy": "yours"},
        {"rule": "other"},
        {"attribute": "race"},
        {"group": "M"},
        {"group": None},
        {"stratum": "job=1"},
    ],
)
def test_another_subject_has_another_fingerprint(changed):
    assert Finding(**{**SAID, **changed}).fingerprint != Finding(**SAID).fingerprint


def test_parts_do_not_run_into_one_another():
    one = Finding(**{**SAID, "policy": "a", "rule": "bc"})
    other = Finding(**{**SAID, "policy": "ab", "rule": "c"})

    assert one.fingerprint != other.fingerprint
