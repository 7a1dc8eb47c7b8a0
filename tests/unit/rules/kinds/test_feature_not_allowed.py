from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

import auditor
from auditor.errors import PolicyError
from auditor.rules.bind import bind
from auditor.vocabulary import FindingVerdict

KIND = "feature-not-allowed"


@pytest.fixture
def judged(gate, evidence):
    def judged(inputs, **options):
        (said,) = gate(KIND, **options).check(replace(evidence(2), inputs=inputs))
        return said

    return judged


@pytest.mark.parametrize(
    "name", ["zip", "ZIP", "zip3", "home_zip", "ZipCode", "homeZip", "Zip-5", "the zip of work"]
)
def test_a_word_is_found_however_the_name_is_written(judged, name):
    said = judged({"years": (), name: ()}, names=["zip"])

    assert said.verdict == FindingVerdict.FAIL
    assert said.says == f"The model reads {name}, which it may not read."


@pytest.mark.parametrize("name", ["zipper", "gzip", "unzipped", "zi_p", "years"])
def test_part_of_a_word_is_none(judged, name):
    assert judged({name: ()}, names=["zip"]).verdict == FindingVerdict.PASS


@pytest.mark.parametrize(("name", "found"), [("PostalCode", "fail"), ("code_postal", "pass")])
def test_several_words_stand_in_their_order(judged, name, found):
    assert judged({name: ()}, names=["postal code"]).verdict == found


def test_what_tells_a_protected_attribute_is_found_where_asked_for(judged):
    inputs = {"years": (), "is_f": ("sex",)}

    assert judged(inputs, protected=True).evidence["protected"] == ["is_f"]
    assert judged(inputs, names=["zip"]).verdict == FindingVerdict.PASS


@pytest.mark.parametrize(
    ("tells", "verdict"), [((), "pass"), (("sex",), "pass"), (("race",), "fail"),
                           (("sex", "Ethnic group"), "fail")],
)  # fmt: skip
def test_only_named_attributes_count_where_they_are_named(judged, tells, verdict):
    said = judged({"x17": tells}, names=["race", "ethnic"], protected=True, only_named=True)

    assert said.verdict == verdict


@pytest.fixture
def with_record(gate, evidence, on_record):
    def with_record(record, **options):
        seen = replace(on_record(record), inputs={"race_code": ()})
        (said,) = gate(KIND, names=["race"], unless="special_data.basis", **options).check(seen)
        return said

    return with_record


def test_a_basis_on_record_allows_what_is_named(with_record):
    said = with_record({"special_data": {"basis": "Explicit consent, form 12"}})

    assert said.verdict == "pass"
    assert said.says == "The model reads race_code; the record says special_data.basis."


@pytest.mark.parametrize("record", [{}, {"special_data": {"necessity": "Audit"}}])
def test_without_a_basis_nothing_is_allowed(with_record, record):
    assert with_record(record).verdict == "fail"


def test_without_a_record_nothing_is_allowed(judged):
    assert judged({"race": ()}, names=["race"], unless="special_data.basis").verdict == "fail"


def test_without_features_nobody_knows(judged):
    said = judged({}, names=["zip"])

    assert (said.reason, said.required) == ("no-features-declared", True)


def test_an_audit_sees_what_the_profile_declares(tmp_path):
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "auditor: policy/1\n"
        "policy: {id: p, title: t, version: '1', status: in-force, owner: o,"
        " effective_from: 2026-01-01}\n"
        "basis: [{id: b, cite: c, says: s}]\n"
        "gates:\n"
        "  - {id: zip, kind: feature-not-allowed, says: s, because: [b], options: {names: [zip]}}\n"
        "  - {id: sex, kind: feature-not-allowed, says: s, because: [b],"
        " options: {protected: true}}\n"
    )
    n = np.arange(40)
    frame = pd.DataFrame(
        {"id": n, "sex": np.where(n % 2, "F", "M"), "o": "y", "zip3": n, "s": n % 2, "years": n}
    )

    found = {
        tuple(features): {
            f.rule: str(f.verdict)
            for f in auditor.audit(
                frame,
                str(policy),
                profile=auditor.load_profile(
                    {
                        "auditor": "profile/1",
                        "profile": {"id": "p"},
                        "columns": {
                            "id": "id",
                            "outcome": {"column": "o", "favorable": ["y"], "unfavorable": ["n"]},
                            "groups": {"sex": "sex"},
                            "features": list(features),
                        },
                    }
                ),
            ).result.findings
        }
        for features in (("years",), ("zip3",), ("s", "years"))
    }

    assert found == {
        ("years",): {"zip": "pass", "sex": "pass"},
        ("zip3",): {"zip": "fail", "sex": "pass"},
        ("s", "years"): {"zip": "pass", "sex": "fail"},
    }


def test_an_option_has_to_be_said(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "auditor: policy/1\n"
        "policy: {id: p, title: t, version: '1', status: draft, owner: o,"
        " effective_from: 2026-01-01}\n"
        "basis: [{id: b, cite: c, says: s}]\n"
        "gates: [{id: zip, kind: feature-not-allowed, says: s, because: [b]}]\n"
    )

    with pytest.raises(PolicyError, match="needs 'names' or 'protected: true'"):
        bind([path])


@pytest.mark.parametrize("options", [{"names": ["race"]}, {"protected": True}])
def test_only_named_needs_both(gate, options):
    with pytest.raises(ValidationError, match="needs 'names' and 'protected: true'"):
        gate(KIND, only_named=True, **options)
