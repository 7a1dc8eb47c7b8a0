"""`--system`: what is on record reaches rules, result and report; what is not is never a pass."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.cli.conftest import PASSING, PROFILE

POLICY = """\
auditor: policy/1
policy: {id: recorded, title: T, version: "1", status: in-force, owner: o,
  effective_from: 2026-01-01}
basis: [{id: b1, cite: Handbook 7, says: S.}]
gates:
  - {id: answered, kind: record-present, says: A., because: [b1],
     options: {entries: [questions.model, dpia]}}
  - {id: recent, kind: record-recent, says: R., because: [b1],
     options: {entry: dpia, at_most: 365 days}}
"""
RECORD = """\
auditor: system/1
system: {id: ranker, name: Ranker, version: "1.4"}
questions: {model: {answer: Trees., source: vendor, answered_on: 2026-01-05}}
dpia: {reference: DPIA 7, on: 2026-03-01}
"""


@pytest.fixture
def words(case, tmp_path):
    """Words that gate an export under the policy, with or without a record."""

    def words(record: str | None = RECORD, policy: str = POLICY, as_of: str = "2026-11-22"):
        (tmp_path / "ours.yaml").write_text(policy)
        args = case(PASSING, str(tmp_path / "ours.yaml"), profile=PROFILE)
        args += ["--as-of", as_of]
        if record is not None:
            (tmp_path / "system.yaml").write_text(record)
            args += ["--system", str(tmp_path / "system.yaml")]
        return args

    return words


def test_what_is_on_record_passes(run, words):
    assert run("gate", *words()).code == 0


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (None, "No system record was given, so nothing says questions.model and dpia."),
        (RECORD.replace("source: vendor, ", ""), "does not say questions.model.source"),
        (RECORD.replace("dpia:", "risk_assessment:"), "does not say dpia"),
        (RECORD.replace("on: 2026-03-01", "on: 2026-11-23"), "not yet"),
    ],
)
def test_what_is_not_on_record_is_no_verdict_and_never_a_pass(run, words, record, says):
    ran = run("gate", *words(record))

    assert ran.code == 4
    assert says in " ".join(ran.err.split())


def test_what_is_too_old_on_the_day_of_the_run_fails(run, words):
    assert run("gate", *words(as_of="2027-03-01")).code == 0
    assert run("gate", *words(as_of="2027-03-02")).code == 1


def test_a_warning_about_a_record_does_not_move_the_verdict_and_is_listed(run, words, tmp_path):
    gentle = POLICY.replace("because: [b1],\n", "because: [b1], severity: warn,\n")
    both = gentle + (
        "  - {id: clear, kind: impact-ratio, says: C., because: [b1],\n"
        "     options: {threshold: 4/5}}\n"
    )

    ran = run("gate", *words(None, both), "--out", tmp_path / "out")

    assert ran.code == 0
    missing = json.loads((tmp_path / "out" / "audit.json").read_text())["not_evaluated"]
    assert [(n["rule"], n["reason"]) for n in missing] == [
        ("answered", "no-system-record"),
        ("recent", "no-system-record"),
    ]


def test_the_result_holds_the_answers_and_what_is_missing(run, words, tmp_path):
    run("audit", *words(), "--out", tmp_path / "out")
    document = json.loads((tmp_path / "out" / "audit.json").read_text())
    system = document["system"]

    by_name = {entry["entry"]: entry for entry in system["entries"]}
    assert (system["id"], system["name"], system["version"]) == ("ranker", "Ranker", "1.4")
    assert system["sha256"] == hashlib.sha256(RECORD.encode()).hexdigest()
    assert by_name["dpia"] == {
        "entry": "dpia",
        "asks": "Is there a data protection impact assessment?",
        "state": "answered",
        "since": "2026-03-01",
        "missing": [],
        "values": [{"reference": "DPIA 7", "on": "2026-03-01"}],
    }
    assert by_name["system"]["state"] == "incomplete"
    assert by_name["questions.training"]["missing"] == ["answer", "source", "answered_on"]


def test_terminal_and_page_show_the_checklist(run, words, tmp_path):
    ran = run("audit", *words(), "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()

    said = " ".join(ran.err.split())
    assert "System Ranker 1.4: 2 of 30 entries on record. Open: questions: training" in said
    assert (
        "Not answered on record about the system: training, data, explanation, verification."
        in said
    )
    assert 'id="system"' in page
    assert "DPIA 7" in page


def test_without_a_record_neither_shows_a_checklist(run, words, tmp_path):
    ran = run("audit", *words(None), "--out", tmp_path / "out")

    assert "System " not in ran.err
    assert 'id="system"' not in (tmp_path / "out" / "report.html").read_text()


def test_a_wrong_record_is_refused_with_all_its_problems_before_the_export_is_opened(
    run, words, tmp_path, listing
):
    args = words(RECORD.replace("dpia:", "dipa:").replace("2026-01-05", "soon"))
    (tmp_path / "applicants.csv").unlink()
    before = listing()

    ran = run("audit", *args, "--out", tmp_path / "out")

    assert ran.code == 2
    assert "system.yaml:3:66" in ran.err
    assert "system.yaml:4:1" in ran.err
    assert "did you mean 'dpia'?" in ran.err
    assert listing() == before


def test_a_record_that_is_not_there_is_a_path_error(run, words):
    ran = run("gate", *words(None), "--system", "nowhere.yaml")

    assert ran.code == 74
    assert "nowhere.yaml" in ran.err


def test_a_profile_in_its_place_says_where_it_goes(run, words):
    ran = run("gate", *words("auditor: profile/1\n"))

    assert ran.code == 2
    assert "it goes with --profile" in ran.err


def test_a_stored_result_is_judged_as_it_is_and_takes_no_record(run, words, tmp_path):
    run("audit", *words(), "--out", tmp_path / "out")

    assert run("gate", tmp_path / "out").code == 0
    assert run("gate", tmp_path / "out", "--system", tmp_path / "system.yaml").code == 2


def test_a_checklist_that_was_edited_to_look_answered_is_seen(run, words, tmp_path):
    run("audit", *words(), "--out", tmp_path / "out")
    path = tmp_path / "out" / "audit.json"
    document = json.loads(path.read_text())
    entry = next(e for e in document["system"]["entries"] if e["entry"] == "owners")
    entry["state"] = "answered"
    path.write_text(json.dumps(document))

    assert run("gate", tmp_path / "out").code == 6
