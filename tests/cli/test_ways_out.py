"""A decision that a model took alone, under the California privacy regulations."""

from __future__ import annotations

import pytest

from tests.cli.conftest import PASSING, PROFILE

MODEL_ALONE = PROFILE.replace("columns:", "decision: {kind: screening, taken_by: model}\ncolumns:")
A_PERSON = PROFILE.replace("columns:", "decision: {kind: screening, taken_by: both}\ncolumns:")
HEAD = "auditor: system/1\nsystem: {id: ranker, name: Ranker}\n"
OPT_OUT = "opt_out: {route: form, days: 21}\n"
HALF = "opt_out: {route: form}\nappeal: {days: 30}\nopt_out_exception: {works: Study 7}\n"


@pytest.mark.parametrize(
    ("profile", "record", "code"),
    [
        (MODEL_ALONE, OPT_OUT, 5),  # allowed; a person has to look, and nothing fails
        (MODEL_ALONE, "", 5),
        (A_PERSON, OPT_OUT, 0),
        (A_PERSON, "appeal: {route: mail, days: 45}\n", 0),
        (A_PERSON, HALF, 4),
        (A_PERSON, "", 4),
    ],
)
def test_one_way_out_is_enough_and_none_is_no_verdict(run, case, tmp_path, profile, record, code):
    words = case(PASSING, "us-ca-cppa", profile=profile)
    (tmp_path / "system.yaml").write_text(HEAD + record)

    ran = run("gate", *words, "--system", tmp_path / "system.yaml", "--as-of", "2027-01-02")

    assert ran.code == code
    said = " ".join(ran.err.split())
    assert ("does not say one of opt_out, appeal, opt_out_exception" in said) == (
        record in ("", HALF)
    )
