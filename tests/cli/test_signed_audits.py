"""`--keyring` on audit and gate: an export is opened under signed policies only."""

from __future__ import annotations

import json
from datetime import date

import pytest

import auditor
from tests.cli.conftest import PASSING

POLICY = """\
auditor: policy/1
policy: {id: ours, title: Our rule, version: "3", status: in-force, owner: people team,
  effective_from: 2026-01-01, signed_by: [hr]}
basis: [{id: b1, cite: Handbook 7, says: S.}]
gates:
  - {id: ratio, kind: impact-ratio, says: s, because: [b1]}
"""
UNCHECKED = "its signatures were not checked"


@pytest.fixture
def words(run, case, tmp_path, monkeypatch) -> list[str]:
    """Words that audit a passing export under the policy; the keyring knows Ada, for hr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(POLICY)
    line = run("policy", "sign", "--new-key", "ada.key").out.replace("YOUR ROLE", "hr")
    start = line.index(", from: ")
    (tmp_path / "ring.yaml").write_text(
        f"auditor: keyring/1\npeople:\n{line[:start]}, from: 2026-01-01}}\n".replace("YOUR", "Ada")
    )
    return [*case(PASSING, "p.yaml"), "--as-of", "2026-06-01"]


def sign(run) -> None:
    ran = run("policy", "sign", "p.yaml", "--key", "ada.key", "--role", "hr",
              "--as-of", "2026-05-01")  # fmt: skip
    assert ran.code == 0


def entry(tmp_path) -> dict:
    return json.loads((tmp_path / "out" / "audit.json").read_text())["policies"][0]


@pytest.mark.parametrize("verb", ["audit", "gate"])
def test_a_signed_policy_runs_and_the_result_names_the_roles_and_no_person(
    run, words, tmp_path, verb
):
    sign(run)
    ran = run(verb, *words, "--keyring", "ring.yaml", "--out", "out")
    verified = run("policy", "verify", "p.yaml", "--keyring", "ring.yaml", "--as-of", "2026-06-01")
    found = entry(tmp_path)

    assert (ran.code, verified.code) == (0, 0)
    assert (found["signed_by"], found["signed"]) == (["hr"], ["hr"])
    assert found["digest"] in verified.err
    assert UNCHECKED not in ran.err
    assert "Ada" not in (tmp_path / "out" / "audit.json").read_text()
    page = (tmp_path / "out" / "report.html").read_text() if verb == "audit" else ""
    assert verb == "gate" or f"hr; what was signed: <code>{found['digest']}</code>" in page


@pytest.mark.parametrize("verb", ["audit", "gate"])
def test_an_unsigned_policy_is_refused_before_the_export_is_opened(run, words, tmp_path, verb):
    (tmp_path / words[0].rpartition("/")[2]).unlink()
    unsigned = run(verb, *words, "--keyring", "ring.yaml", "--out", "out")
    sign(run)
    signed = run(verb, *words, "--keyring", "ring.yaml", "--out", "out")

    assert unsigned.code == 6
    assert "the role 'hr' has not signed" in unsigned.err
    assert not (tmp_path / "out").exists()
    assert signed.code == 74  # now the export is looked for


def test_a_policy_that_changed_since_is_refused(run, words, tmp_path):
    sign(run)
    (tmp_path / "p.yaml").write_text(
        POLICY.replace("because: [b1]", "because: [b1], severity: warn")
    )

    assert run("gate", *words, "--keyring", "ring.yaml").code == 6


def test_deleting_signed_by_does_not_help(run, words, tmp_path):
    (tmp_path / "p.yaml").write_text(POLICY.replace(", signed_by: [hr]", ""))
    ran = run("gate", *words, "--keyring", "ring.yaml")

    assert ran.code == 6
    assert "has no valid signature" in ran.err


def test_without_a_keyring_the_report_says_that_nobody_looked(run, words, tmp_path):
    ran = run("audit", *words, "--out", "out")

    assert ran.code == 0  # it is made
    assert UNCHECKED in " ".join(ran.err.split())
    assert UNCHECKED in (tmp_path / "out" / "report.html").read_text()
    assert entry(tmp_path)["signed"] is None


def test_where_nobody_looked_at_the_signatures_there_is_no_verdict(run, words, tmp_path):
    sign(run)
    ran = run("gate", *words, "--out", "out")
    stored = run("gate", "out")
    made = auditor.audit(
        tmp_path / "applicants.csv",
        tmp_path / "p.yaml",
        profile=tmp_path / "profile.yaml",
        as_of=date(2026, 6, 1),
    )

    assert (ran.code, stored.code, made.verdict.exit_code) == (4, 4, 4)
    for said in (ran.out + ran.err, stored.out + stored.err, made.verdict.says):
        assert "has to be signed by hr, and nobody looked whether it is" in " ".join(said.split())
        assert "keyring" in said
    with pytest.raises(auditor.NoVerdict):
        made.raise_for_verdict()


def test_a_policy_that_only_advises_holds_nothing_back_unsigned(run, words, tmp_path):
    text = (tmp_path / "p.yaml").read_text()
    (tmp_path / "p.yaml").write_text(text.replace("status: in-force", "status: draft"))

    assert run("gate", *words, "--policy", "us-adverse-impact").code == 0


@pytest.mark.parametrize("edit", ["record", "severity", "required"])
def test_an_edited_result_is_no_way_round_the_signatures(run, words, tmp_path, edit):
    run("audit", *words, "--out", "out")
    path = tmp_path / "out" / "audit.json"
    document = json.loads(path.read_text())
    (told,) = document["not_evaluated"]
    if edit == "record":
        document["not_evaluated"] = []
    else:
        told |= {"severity": "warn"} if edit == "severity" else {"required": False}
    document["verdict"] |= {"state": "pass", "exit_code": 0}
    path.write_text(json.dumps(document))
    ran = run("gate", "out")

    assert ran.code == 6
    assert "has to be signed by hr, and the result says no more of it" in ran.err


def test_a_pack_needs_no_signature(run, words, tmp_path):
    sign(run)
    words = [*words, "--policy", "professional-practice"]

    assert run("audit", *words, "--keyring", "ring.yaml", "--out", "out").code == 0


def test_every_unsigned_policy_is_named(run, words, tmp_path):
    (tmp_path / "q.yaml").write_text(POLICY.replace("id: ours", "id: theirs"))
    ran = run("audit", *words, "--policy", "q.yaml", "--keyring", "ring.yaml")

    assert ran.code == 6
    assert "ours 3" in ran.err
    assert "theirs 3" in ran.err


def test_a_broken_keyring_is_2_and_an_absent_one_74(run, words, tmp_path):
    (tmp_path / "broken.yaml").write_text("auditor: policy/1\n")

    assert run("audit", *words, "--keyring", "broken.yaml").code == 2
    assert run("audit", *words, "--keyring", "none.yaml").code == 74
    assert run("gate", *words, "--keyring", "").code == 74


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"signed_by": []}, "wrong on which roles have to sign ours"),
        ({"in_force": False}, "wrong on whether ours moved its verdict"),
    ],
)
def test_who_has_the_policy_sees_that_a_result_says_less_of_it(run, words, tmp_path, edit, message):
    run("audit", *words, "--policy", "us-adverse-impact", "--out", "out")
    path = tmp_path / "out" / "audit.json"
    document = json.loads(path.read_text())
    document["policies"][0] |= edit
    document["not_evaluated"] = []
    if "in_force" in edit:
        document["policies"][0] |= {"signed": ["hr"]}
    document["verdict"] |= {"state": "pass", "exit_code": 0}
    path.write_text(json.dumps(document))
    named = ["--policy", "p.yaml", "--policy", "us-adverse-impact"]
    ran = run("gate", "out", *named)

    assert ran.code == 6
    assert message in " ".join(ran.err.split())


def test_a_stored_result_takes_no_keyring(run, words):
    run("audit", *words, "--out", "out")

    assert run("gate", "out", "--keyring", "ring.yaml").code == 2


def test_signatures_that_a_stored_result_claims_are_read_anew(run, words, tmp_path):
    sign(run)
    assert run("audit", *words, "--keyring", "ring.yaml", "--out", "out").code == 0
    held = ("gate", "out", "--policy", "p.yaml")

    assert run(*held, "--keyring", "ring.yaml").code == 0
    ran = run(*held)
    assert (ran.code, "no --keyring tells by whom" in ran.err) == (6, True)
    (tmp_path / "p.yaml.sig").unlink(missing_ok=True)
    for path in tmp_path.glob("p*.sig*"):
        path.unlink()
    assert run(*held, "--keyring", "ring.yaml").code == 6


def test_a_stored_result_that_claims_a_signature_nobody_made_is_refused(run, words, tmp_path):
    assert run("audit", *words, "--out", "out").code == 0
    place = tmp_path / "out" / "audit.json"
    document = json.loads(place.read_text())
    document["policies"][0]["signed"] = ["hr"]
    document["not_evaluated"] = []
    document["verdict"] |= {"state": "pass", "exit_code": 0}
    place.write_text(json.dumps(document))

    for more in ((), ("--keyring", "ring.yaml")):
        ran = run("gate", "out", "--policy", "p.yaml", *more)
        assert (ran.code, "PASS" in ran.err) == (6, False)
