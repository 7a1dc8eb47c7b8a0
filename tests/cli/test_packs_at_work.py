"""Packs on an export: what a text allows passes, and what it does not allow is held."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import auditor
from tests.cli.conftest import PASSING, PROFILE

BY_A_MODEL = PROFILE.replace(
    "columns:", "decision: {kind: screening, taken_by: model}\ncolumns:", 1
)
SAFEGUARDS = """\
auditor: system/1
system: {id: ranker, name: Ranker}
appeal: {route: Mail, days: 30}
disclosure: {logic: Text, significance: Text, consequences: Text}
"""


@pytest.fixture
def gated(run, case, tmp_path):
    """Gate an export under a pack, with a record or without one."""

    def gated(policy: str, profile: str, record: str | None, as_of: str = "2026-11-22"):
        args = [*case(PASSING, policy, profile=profile), "--as-of", as_of]
        if record is not None:
            (tmp_path / "system.yaml").write_text(record)
            args += ["--system", str(tmp_path / "system.yaml")]
        return run("gate", *args)

    return gated


def test_a_model_alone_with_safeguards_on_record_passes_in_the_united_kingdom(gated):
    ran = gated("uk-equality", BY_A_MODEL, SAFEGUARDS)

    assert ran.code == 0


@pytest.mark.parametrize("lost", ["appeal", "disclosure"])
def test_a_model_alone_without_a_safeguard_does_not(gated, lost):
    record = "".join(f"{line}\n" for line in SAFEGUARDS.splitlines() if not line.startswith(lost))

    assert gated("uk-equality", BY_A_MODEL, record).code not in (0, 2)
    assert gated("uk-equality", BY_A_MODEL, None).code not in (0, 2)


def test_section_19_holds_before_the_safeguards_came(gated):
    ran = gated("uk-equality", BY_A_MODEL, SAFEGUARDS, as_of="2026-01-15")

    assert ran.code == 0
    assert "advises only" not in ran.out + ran.err


BASIS = "auditor: system/1\nsystem: {id: r, name: R}\nspecial_data: {basis: Consent on form 12}\n"


@pytest.mark.parametrize(
    ("feature", "basis", "verdict"),
    [
        ("sex of file", False, "pass"),
        ("age", False, "pass"),
        ("x17", False, "fail"),
        ("x17", True, "pass"),
    ],
)
def test_special_categories_without_a_basis_fail_and_sex_and_age_are_none(
    tmp_path, feature, basis, verdict
):
    (tmp_path / "system.yaml").write_text(BASIS)
    n = np.arange(400)
    frame = pd.DataFrame({"id": n, "age": n % 40 + 20, "sex of file": n % 2, "x17": n // 2 % 2})
    frame["sex"] = np.where(n % 2, "F", "M")
    frame["disability"] = np.where(n // 2 % 2, "yes", "no")
    frame["hired"] = np.where(n % 3, "yes", "no")

    columns = {
        "id": "id",
        "outcome": {"column": "hired", "favorable": ["yes"], "unfavorable": ["no"]},
        "groups": {"sex": "sex", "disability": "disability"},
        "features": [feature],
    }
    audit = auditor.audit(
        frame,
        "eu-gdpr-22",
        profile=auditor.load_profile(
            {"auditor": "profile/1", "profile": {"id": "p"}, "columns": columns}
        ),
        system=str(tmp_path / "system.yaml") if basis else None,
    )

    (found,) = (f for f in audit.result.findings if f.rule == "no-special-categories")
    assert found.verdict == verdict
