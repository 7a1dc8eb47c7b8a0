"""A fail about several groups, categories or features is waived when each of them is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

import auditor
from auditor.errors import IntegrityError, PolicyError
from auditor.findings import Failing, Finding, fingerprint_of, with_waivers
from auditor.vocabulary import FindingVerdict, Severity

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)
RACE = {
    "White": (500, 300), "Black": (500, 200), "Asian": (500, 190),
    "Hispanic": (500, 191), "Other": (500, 195),
}  # fmt: skip
RATIOS = {group: f"{of}/300" for group, (_, of) in RACE.items() if group != "White"}
HEAD = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2020-01-01}
basis: [{id: b, cite: c, says: s}]
gates:
  - {id: g, says: s, because: [b], %s}
waivers:
  granted:
"""
KINDS = {
    "impact-ratio": ("kind: impact-ratio", RATIOS),
    "measure-limit": (
        "kind: measure-limit, options: {measure: selection-rate, at_least: 0.5}",
        {group: f"{of}/500" for group, (_, of) in RACE.items() if group != "White"},
    ),
    "descriptive": ("kind: descriptive, severity: block", RATIOS),
    "three-deviations": (
        "kind: three-deviations",
        {"Black": "6.3", "Asian": "7.0", "Hispanic": "6.9", "Other": "6.6"},
    ),
}


def waiver(n: int, value: str, until=None, **about: str) -> str:
    """Text of a waiver of rule g about a group of an attribute, or about a feature."""
    name = about.get("feature") or about.get("version", "").strip('"') or about.get("group")
    mark = fingerprint_of("ours", "g", about.get("attribute"), name, about.get("stratum"))
    said = "".join(f"      {key}: {text}\n" for key, text in about.items())
    return (
        f"    - id: w-{n}\n      finding: '{mark}'\n      rule: g\n{said}      value: {value}\n"
        "      because: x\n      instead: y\n"
        "      requested_by: {name: Ann, role: owner}\n"
        "      approved_by: [{name: Ben, role: lead}]\n"
        f"      from: {TODAY}\n      until: {until or TODAY}\n"
        "      justification:\n        {job_related: j, validation_study: v,"
        " alternatives: [{tried: t, why_not: n}]}\n"
    )


@pytest.fixture
def write(tmp_path):
    def write(rule: str, *waivers: str) -> str:
        file = tmp_path / "p.yaml"
        text = HEAD % rule + "".join(waivers)
        file.write_text(text if waivers else text.replace("  granted:\n", "  granted: []\n"))
        return str(file)

    return write


@pytest.fixture
def by_race(write):
    def by_race(kind: str, *groups: str, **ends):
        rule, values = KINDS[kind]
        waivers = [
            waiver(n, values[g], ends.get(g), attribute="race", group=g)
            for n, g in enumerate(groups)
        ]
        return auditor.audit(auditor.counts(RACE, attribute="race"), write(rule, *waivers))

    return by_race


@pytest.mark.parametrize("kind", KINDS)
def test_a_waiver_of_one_group_leaves_the_fail_of_the_others(by_race, kind):
    audit = by_race(kind, "Asian")

    assert audit.verdict.exit_code == 1
    assert "Waived for Asian (w-0); not waived for " in audit.verdict.says
    for group in ("Black", "Hispanic", "Other"):
        assert group in audit.verdict.says.partition("; not waived for ")[2]
    (listed,) = audit.result.document["waivers"]
    assert listed["state"] == "in-use"
    assert "The same fail is about" in listed["says"]
    assert listed["says"].endswith("not waived: it stands.")
    assert "fail, waived" not in str(audit)


@pytest.mark.parametrize("kind", KINDS)
def test_waivers_of_all_groups_that_fail_open_the_gate(by_race, kind):
    audit = by_race(kind, *RATIOS)

    assert audit.verdict.exit_code == 0
    assert audit.verdict.says.startswith("Waived (")
    assert all(f"w-{n}" in audit.verdict.says for n in range(4))
    (finding,) = audit.result.findings
    assert {f.about: bool(f.waiver) for f in finding.failing} == dict.fromkeys(RATIOS, True)
    assert str(audit).count("Justification on record: j") == 4


def test_the_page_says_of_each_group_its_number_its_fingerprint_and_its_waiver(by_race, tmp_path):
    page = (by_race("impact-ratio", "Asian").save(tmp_path / "o") / "report.html").read_text()

    mark = fingerprint_of("ours", "g", "race", "Black", None)
    assert f"<bdi>Black</bdi>: value 0.666667, fingerprint <code>{mark}</code>, not waived" in page
    assert "value 0.633333" in page
    assert "waived by w-0" in page


def test_one_waiver_that_ends_closes_the_gate_for_all(by_race, tmp_path, monkeypatch):
    from auditor.run import holding

    audit = by_race("impact-ratio", *RATIOS, Black=TODAY, Asian=TODAY + 9 * DAY,
                    Hispanic=TODAY + 9 * DAY, Other=TODAY + 9 * DAY)  # fmt: skip
    place = audit.save(tmp_path / "out")
    assert auditor.load(place).verdict.exit_code == 0

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + 2 * DAY

    monkeypatch.setattr(holding, "datetime", Later)

    verdict = auditor.load(place).verdict
    assert verdict.exit_code == 1
    assert "not waived for Black." in verdict.says


@pytest.mark.parametrize("edit", ["fail", "part", "gone"])
def test_a_result_edited_to_be_waived_as_a_whole_is_refused(by_race, tmp_path, edit):
    place = by_race("impact-ratio", "Asian").save(tmp_path / "out") / "audit.json"
    document = json.loads(place.read_text())
    (finding,) = document["findings"]
    if edit == "fail":
        finding["waiver"] = "w-0"
    if edit == "part":
        finding["failing"] = [{**one, "waiver": "w-0"} for one in finding["failing"]]
    if edit == "gone":
        finding["failing"] = [one for one in finding["failing"] if one["waiver"]]
    place.write_text(json.dumps(document))

    with pytest.raises(IntegrityError, match=r"waiver|does not follow"):
        auditor.load(place)


def test_a_real_gap_that_only_warns_is_compared_as_well(write):
    """The fail that was waived has gone, and a smaller gap of the same group is named."""
    table = auditor.counts({"F": (9000, 4200), "M": (9000, 5000)}, attribute="sex")
    path = write("kind: impact-ratio", waiver(0, "0.84", attribute="sex", group="F"))
    audit = auditor.audit(table, path)

    (listed,) = audit.result.document["waivers"]
    assert (audit.verdict.exit_code, listed["state"]) == (0, "in-use")


@pytest.fixture
def reading(write):
    def reading(*features: str, rule: str = "", waivers: tuple[str, ...] = ()):
        frame = pd.DataFrame(
            {"id": range(80), "sex": ["F", "M"] * 40, "out": ["y", "y", "n", "n"] * 20}
        ).assign(**{name: np.arange(80) % 7 for name in features})
        rule = rule or "kind: feature-not-allowed, options: {names: [zip, postal]}"
        return auditor.audit(
            frame, write(rule, *waivers), id="id", outcome="out", favorable=["y"],
            unfavorable=["n"], groups={"sex": "sex"}, features=list(features),
        )  # fmt: skip

    return reading


def test_a_waiver_of_one_feature_holds_for_no_other_one(reading):
    granted = (waiver(0, "1", feature="zip"),)

    same = reading("zip", "years", waivers=granted)
    other = reading("postal_code", "years", waivers=granted)
    both = reading("zip", "postal_code", waivers=granted)

    assert [a.verdict.exit_code for a in (same, other, both)] == [0, 1, 1]
    states = [a.result.document["waivers"][0]["state"] for a in (same, other, both)]
    assert states == ["in-use", "unused", "in-use"]
    assert "Waived for zip (w-0); not waived for postal_code." in both.verdict.says
    each = (*granted, waiver(1, "1", feature="postal_code"))
    assert reading("zip", "postal_code", waivers=each).verdict.exit_code == 0


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({}, "names one feature"),
        ({"group": "zip"}, "names one feature"),
        ({"feature": "zip", "attribute": "sex"}, "names one feature and no group"),
    ],
)
def test_a_waiver_of_features_that_names_none_is_refused(reading, about, message):
    with pytest.raises(PolicyError, match=message):
        reading("zip", waivers=(waiver(0, "1", **about),))


def test_a_waiver_of_groups_that_names_a_feature_is_refused(by_race, write):
    with pytest.raises(PolicyError, match="names no feature"):
        auditor.audit(
            auditor.counts(RACE, attribute="race"),
            write("kind: impact-ratio", waiver(0, "1", attribute="race", feature="Asian")),
        )


def test_each_category_of_a_gap_in_means_needs_a_waiver_of_its_own(write):
    jobs = np.repeat(["nurse", "porter"], 60)
    sex = np.tile(["F", "M"], 60)
    pay = np.where(sex == "M", 100.0, np.where(jobs == "nurse", 90.0, 94.0))
    frame = pd.DataFrame({"id": range(120), "job": jobs, "sex": sex, "pay": pay})
    rule = "kind: mean-gap, options: {at_most: 0.05, within: job}"

    def audited(*waivers: str) -> auditor.Audit:
        return auditor.audit(
            frame, write(rule, *waivers), id="id", score="pay", groups={"sex": "sex"},
            strata={"job": "job"},
        )  # fmt: skip

    nurses = waiver(0, "0.1", attribute="sex", group="F", stratum="nurse")
    porters = waiver(1, "0.06", attribute="sex", group="F", stratum="porter")

    assert [f.name for f in audited().result.findings[0].failing] == ["F in nurse", "F in porter"]
    assert audited(nurses).verdict.exit_code == 1
    assert "not waived for F in porter." in audited(nurses).verdict.says
    assert audited(nurses, porters).verdict.exit_code == 0


def test_a_waiver_of_one_version_holds_for_no_other_one(write):
    frame = pd.DataFrame(
        {"id": range(80), "sex": ["F", "M"] * 40, "out": ["y", "y", "n", "n"] * 20}
    )
    record = {"auditor": "system/1", "system": {"id": "s", "name": "S", "version": "1.4"}}

    def audited(*versions: str, waivers: tuple[str, ...] = ()) -> auditor.Audit:
        return auditor.audit(
            frame.assign(model=[*versions, *[versions[-1]] * (80 - len(versions))]),
            write("kind: record-version", *waivers), id="id", outcome="out", favorable=["y"],
            unfavorable=["n"], groups={"sex": "sex"}, model_version="model", system=record,
        )  # fmt: skip

    granted = (waiver(0, "1", version='"1.5"'),)
    many = tuple(waiver(n, "1", version=f'"2.{n}"') for n in range(7))

    assert audited("1.4", "1.5").verdict.exit_code == 1
    assert audited("1.4", "1.5", waivers=granted).verdict.exit_code == 0
    assert audited("1.4", "1.6", waivers=granted).verdict.exit_code == 1
    assert audited("1.5", "1.6", waivers=granted).verdict.exit_code == 1
    # a version that the evidence does not list, or that is missing, is never waived
    assert audited(*(f"2.{n}" for n in range(5)), waivers=many).verdict.exit_code == 0
    assert audited(*(f"2.{n}" for n in range(7)), waivers=many).verdict.exit_code == 1
    assert audited("1.4", "", "1.5", waivers=granted).verdict.exit_code == 1


@pytest.mark.parametrize("ids", [["w-2", "w-1", "w-2"], ["w-1", "w-2", "w-2"]])
def test_waivers_of_one_fail_are_named_in_one_order(ids):
    parts = tuple(
        Failing(about=group, stratum=None, fingerprint="0" * 16, value=0.5) for group in "ABC"
    )
    fail = Finding(
        policy="ours", rule="g", kind="k", verdict=FindingVerdict.FAIL, severity=Severity.BLOCK,
        attribute="race", group="A", reference="D", says="s", detail="", next="", because=("b",),
        failing=parts,
    )  # fmt: skip

    assert with_waivers(fail, ids).waiver == "w-1, w-2"
