from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

import auditor
from auditor.demo.files import write_demo
from auditor.ingest import load_profile
from tests.cli.conftest import FAILING

POLICY = "us-adverse-impact"


@pytest.fixture
def inspect(run, tmp_path):
    """Write an export, inspect it, and say where its profile went."""

    def call(text: str, *options: object, name: str = "applicants.csv"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        target = tmp_path / "written.yaml"
        ran = run("inspect", tmp_path / name, "--write-profile", target, *options)
        return ran, tmp_path / name, target

    return call


@pytest.fixture
def audited(run, tmp_path):
    """Audit an export with a profile as it was written."""

    def call(export: Path, profile: Path):
        out = tmp_path / "out"
        return run("audit", export, "--profile", profile, "--policy", POLICY, "--out", out)

    return call


def table(status: list[str], gender: list[str], n: int = 60) -> str:
    rows = [f"A{i:03d},{gender[i % len(gender)]},{status[i % len(status)]}" for i in range(n)]
    return "\n".join(["application_id,gender,status", *rows]) + "\n"


def one_line(text: str) -> str:
    return " ".join(text.split())


def counts(result) -> list[tuple]:
    """Everybody counted, by attribute, without the names that a profile gives its groups."""
    rows = result.document["measurements"]
    return sorted((r["metric"], r["attribute"] or "", r["n"], r["favorable"] or 0) for r in rows)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("demo"), rows=3000)


def test_the_profile_written_for_the_demo_audits_it_as_its_own_does(run, demo, tmp_path):
    written = tmp_path / "p.yaml"
    ran = run("inspect", demo.export, "--write-profile", written)
    own = auditor.audit(demo.export, POLICY, profile=demo.profile).result
    guessed = auditor.audit(demo.export, POLICY, profile=written).result

    assert (ran.code, ran.out) == (0, "")
    assert "3,012 rows" in ran.err
    assert load_profile(written).duplicates == "drop-identical"
    buckets = own.document["row_account"]["buckets"]
    assert buckets["duplicate"] == 12
    assert guessed.document["row_account"]["buckets"] == buckets
    assert guessed.document["row_account"]["used"] == own.document["row_account"]["used"]
    assert counts(guessed) == counts(own)
    assert guessed.document["verdict"]["state"] == own.document["verdict"]["state"]


def test_the_profile_written_for_a_plain_export_gates_it(run, case, tmp_path):
    words = case(FAILING)
    written = tmp_path / "p.yaml"

    assert run("inspect", words[0], "--write-profile", written).code == 0
    assert "duplicates" not in written.read_text()
    assert run("gate", words[0], "--profile", written, "--policy", POLICY).code == 1
    assert run("gate", *words).code == 1


def test_without_a_profile_to_write_it_changes_nothing(run, case, listing):
    words = case(FAILING)
    before = listing()

    ran = run("inspect", words[0])

    assert (ran.code, ran.out) == (0, "")
    assert "gender" in ran.err
    assert "outcome (clear)" in ran.err
    assert "--write-profile" in ran.err
    assert listing() == before


def test_a_hyphen_writes_the_profile_to_standard_output(run, case, tmp_path):
    words = case(FAILING)

    ran = run("inspect", words[0], "--write-profile", "-")

    assert ran.code == 0
    assert ran.out.startswith("# How applicants.csv reads")
    assert "auditor: profile/1\n" in ran.out
    (tmp_path / "p.yaml").write_text(ran.out)
    assert load_profile(tmp_path / "p.yaml").ids == ("application_id",)
    assert not Path("-").exists()


def test_every_guess_carries_a_remark(run, case):
    ran = run("inspect", case(FAILING)[0], "--write-profile", "-")
    guesses = re.findall(r"^ +(?:column|favorable|unfavorable|F.*|M.*|id): .*$", ran.out, re.M)

    assert len(guesses) > 5
    assert all("# guessed: check" in line for line in guesses if "id: applicants" not in line)


def test_a_written_profile_can_be_read_by_its_owner_only(inspect):
    ran, _, target = inspect(table(["Hired", "Rejected"], ["F", "M"]))

    assert ran.code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_profile_that_exists_is_kept(run, inspect):
    _, export, target = inspect(table(["Hired", "Rejected"], ["F", "M"]))
    target.write_text("mine")

    again = run("inspect", export, "--write-profile", target)

    assert again.code == 2
    assert "--force" in again.err
    assert target.read_text() == "mine"


def test_force_replaces_it(run, inspect):
    _, export, target = inspect(table(["Hired", "Rejected"], ["F", "M"]))
    target.write_text("mine")

    assert run("inspect", export, "--write-profile", target, "--force").code == 0
    assert load_profile(target).ids == ("application_id",)


def test_nothing_forces_a_profile_over_the_export(run, inspect):
    _, export, _ = inspect(table(["Hired", "Rejected"], ["F", "M"]))
    before = export.read_bytes()

    ran = run("inspect", export, "--write-profile", export, "--force")

    assert ran.code == 2
    assert "#out-is-an-input" in ran.err
    assert export.read_bytes() == before


def test_a_profile_that_cannot_be_written_exits_with_the_code_of_a_path(run, inspect, tmp_path):
    _, export, _ = inspect(table(["Hired", "Rejected"], ["F", "M"]))
    blocked = tmp_path / "file"
    blocked.write_text("")

    ran = run("inspect", export, "--write-profile", blocked / "p.yaml")

    assert ran.code == 74
    assert "the profile cannot be written" in ran.err
    assert "Traceback" not in ran.err


def test_an_unplaced_outcome_stops_the_audit_until_it_is_placed(inspect, audited):
    ran, export, target = inspect(table(["Hired", "Rejected", "Panel 2"], ["F", "M"]))
    refused = audited(export, target)
    text = target.read_text()
    target.write_text(text.replace("Rejected]", "Rejected, Panel 2]"))

    assert ran.code == 0
    assert "refuses the profile" in ran.err
    assert "#   Panel 2\n" in text
    assert refused.code == 3
    assert "'Panel 2', which the profile maps to no outcome" in refused.err
    assert audited(export, target).code == 0


def test_an_unplaced_group_stops_the_audit_until_it_is_placed(inspect, audited):
    _, export, target = inspect(table(["Hired", "Rejected"], ["F", "M", "Femal"]))
    refused = audited(export, target)
    target.write_text(target.read_text().replace("[F]", "[F, Femal]"))

    assert refused.code == 3
    assert "'Femal'" in refused.err
    assert audited(export, target).code == 0


ESSENTIALS = {
    "odd words": (table(["Blue", "Green"], ["F", "M"]), "which the profile maps to no outcome"),
    "no outcome": (table(["Blue", "Red"], ["F", "M"]).replace("status", "x", 1), "no column"),
    "one side": (table(["Rejected"], ["F", "M"]), "which the profile maps to no outcome"),
    "codes": (table(["Hired", "Rejected"], ["1", "2"]), "which the profile maps to no group"),
    "no attribute": (table(["Hired", "Rejected"], ["a", "b"]).replace("gender", "x"), "no column"),
    "repeated id": (table(["Hired", "Rejected"], ["F", "M"]).replace("A001", "A000"), "before"),
    "no id": (re.sub(r"(?m)^(A\d+|application_id),", "", table(["Hired", "Rejected"], ["F", "M"])),
              "no column"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ESSENTIALS)
def test_where_something_essential_is_unsure_an_audit_refuses_the_profile(
    inspect, audited, tmp_path, kind
):
    text, says = ESSENTIALS[kind]
    ran, export, target = inspect(text)
    refused = audited(export, target)

    assert ran.code == 0
    assert "refuses the profile" in one_line(ran.err)
    assert load_profile(target).path == str(target)
    assert refused.code == 3
    assert says in refused.err
    assert not (tmp_path / "out").exists()


def test_a_file_without_any_group_is_said_to_be_of_no_use(inspect):
    ran, _, _ = inspect("application_id,status\nA1,Hired\nA2,Rejected\nA3,Rejected\n")

    assert ran.code == 0
    assert "nothing here can be audited for group differences" in one_line(ran.err)
    assert "Add such a column to the export" in one_line(ran.err)


def test_a_small_group_is_not_counted_out_loud_and_nothing_reveals_it(run, tmp_path):
    genders = ["F"] * 40 + ["M"] * 31 + ["Non-binary"] * 3
    rows = [f"A{i},{g},{'Hired' if i % 2 else 'Rejected'}" for i, g in enumerate(genders)]
    (tmp_path / "x.csv").write_text("\n".join(["application_id,gender,status", *rows]) + "\n")

    ran = run("inspect", tmp_path / "x.csv")

    assert "'Non-binary' under 10" in one_line(ran.err)
    assert "'F' 40" in ran.err
    assert "'M' not shown" in ran.err
    assert " 31" not in ran.err


def test_no_id_name_or_address_is_shown(run, tmp_path):
    head = "application_id,Candidate Name,email,notes,gender,status,department\n"
    rows = [
        f"secret{i},secret name,secret{i}@x.org,secret words,{'FM'[i % 2]},"
        f"{('Hired', 'Rejected')[i % 2]},Sales\n"
        for i in range(40)
    ]
    (tmp_path / "x.csv").write_text(head + "".join(rows))

    ran = run("inspect", tmp_path / "x.csv", "--write-profile", "-")

    assert ran.code == 0
    assert "secret" not in ran.out + ran.err
    assert "'Sales' 40" in ran.err


def test_the_encoding_is_taken_as_declared(run, inspect):
    text = table(["Hired", "Rejected"], ["F", "M", "Préfère ne pas dire"]).encode("cp1252")
    refused, export, target = inspect(text)
    ran = run("inspect", export, "--write-profile", target, "--encoding", "cp1252")

    assert refused.code == 3
    assert "--encoding cp1252" in refused.err
    assert ran.code == 0
    assert "Préfère ne pas dire" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", 3, "empty"),
        (b"application_id,gender\n", 3, "no row"),
        (b"application_id,gender\nA1,F\nA2\n", 3, "applicants.csv:3"),
        (b"a,a\n1,2\n", 3, "same name"),
        (b"%PDF-1.7\n" + b"x" * 50, 3, "PDF"),
    ],
)
def test_a_bad_file_is_refused_with_its_code_and_nothing_is_written(inspect, content, code, says):
    ran, _, target = inspect(content)

    assert ran.code == code
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert not target.exists()


def test_a_missing_file_exits_with_the_code_of_a_path(run, tmp_path):
    assert run("inspect", tmp_path / "none.csv").code == 74


def test_an_unknown_encoding_is_a_wrong_call(inspect):
    ran, _, _ = inspect("id,sex\n1,F\n", "--encoding", "klingon")

    assert ran.code == 2


def test_names_that_command_a_terminal_do_not_reach_it(run, tmp_path):
    (tmp_path / "x.csv").write_text("application_id,gender,te\x1b[31mam\n1,F\x1b[0m,a\n2,M,b\n")

    ran = run("inspect", tmp_path / "x.csv", "--write-profile", "-")

    assert ran.code == 0
    assert "\x1b" not in ran.err + ran.out


def test_one_row_and_one_column_are_one(run, tmp_path):
    (tmp_path / "one.csv").write_text("id\n1\n")

    assert "1 row, 1 column; nothing is changed" in run("inspect", tmp_path / "one.csv").err
