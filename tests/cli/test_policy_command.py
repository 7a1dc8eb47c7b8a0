"""`auditor policy`: what it prints, where, and what it exits with."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from auditor.cli import main
from auditor.errors import PolicyError
from auditor.policy import pack_names
from auditor.rules.bind import bind
from auditor.rules.resolve import resolved

POLICY = """\
auditor: policy/1
policy: {id: ours, title: Our rule, version: "3", status: in-force, owner: people team,
  effective_from: 2026-01-01, review_by: 2027-01-01}
basis: [{id: b1, cite: Handbook 7, says: S., status: practice, source: Read whole.}]
gates:
  - {id: known, kind: unknown-share, says: We know enough., because: [b1], options: {limit: 1/4}}
examples:
  - {name: on the line, table: {sex: {M: [300, 1], unknown: [100, 1]}}, expect: {known: pass}}
  - {name: over, table: {sex: {M: [2999, 1], unknown: [1000, 1]}}, expect: {known: fail}}
"""


@pytest.fixture
def file(tmp_path):
    def file(text: str = POLICY, name: str = "ours.yaml") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return file


def place(part: str) -> str:
    """Line and column of a part of the policy."""
    before = POLICY[: POLICY.index(part)].split("\n")
    return f"{len(before)}:{len(before[-1]) + 1}"


def words(text: str) -> str:
    """Text without the line breaks that the width of the terminal makes."""
    return " ".join(text.split())


def test_list_names_every_pack_and_whether_it_is_in_force(run):
    ran = run("policy", "list", "--as-of", "2026-11-22")
    early = run("policy", "list", "--as-of", "2024-01-01")

    assert (ran.code, ran.out) == (0, "")
    assert [name for name in pack_names() if name not in ran.err] == []
    assert "5 gates, 0 reviews" in words(ran.err)
    assert words(ran.err).count("not yet in force, advises only until 2027-") == 4
    assert "stayed, advises only" in words(ran.err)
    assert words(early.err).count("not yet in force, advises only until 2026-01-01") == 4


def test_show_says_everything_that_decides_in_plain_words(run, file):
    ran = run("policy", "show", file(), "--as-of", "2026-11-22")
    said = words(ran.err)

    assert (ran.code, ran.out) == (0, "")
    for part in (
        "ours 3: Our rule",
        "In force since 2026-01-01; owner: people team.",
        "Never checked. To be reviewed by 2027-01-01.",
        "known (unknown-share) We know enough.",
        "Severity block: it moves the verdict.",
        "As written: limit 1/4.",
        "Because: Handbook 7 (practice).",
        "Source: Read whole.",
        "2 examples",
    ):
        assert part in said


@pytest.mark.parametrize("name", pack_names())
def test_show_of_a_pack_names_every_rule_and_every_text(run, name):
    ran = run("policy", "show", name)
    (bound,) = bind([name])
    said = words(ran.err)

    assert ran.code == 0
    assert [r.entry.id for r in bound.rules if f"{r.entry.id} ({r.kind})" not in said] == []
    assert [b.id for b in bound.policy.basis if words(b.says) not in said] == []


def test_show_resolved_is_a_policy_of_its_own_on_standard_output(run, file, tmp_path):
    path = file()
    ran = run("policy", "show", path, "--resolved")
    again = file(ran.out, "again.yaml")

    assert (ran.code, ran.err) == (0, "")
    assert "limit: 0.25\n" in ran.out
    assert resolved(bind([again])[0]) == resolved(bind([path])[0])
    assert run("policy", "show", again, "--resolved").out == ran.out


def test_show_origins_tells_where_each_value_comes_from(run, file):
    path = file()
    ran = run("policy", "show", path, "--origins")

    assert ran.code == 0
    assert f"limit: 0.25  # {path}:{place('1/4')}\n" in ran.out
    assert "when_present: false  # default\n" in ran.out
    assert [line for line in ran.out.splitlines() if ": " in line and "  # " not in line] == []


def test_check_of_a_good_file_says_so(run, file):
    ran = run("policy", "check", file(), "--as-of", "2026-11-22")

    assert ran.code == 0
    assert "no error, 0 warnings, 0 notes" in words(ran.err)


def test_check_warns_without_refusing(run, file):
    ran = run("policy", "check", file(), "--as-of", "2027-01-02")

    assert ran.code == 0
    assert "warning: the policy was to be reviewed by 2027-01-01" in words(ran.err)
    assert f"ours.yaml:{place('2027-01-01')}" in ran.err


def test_check_tells_the_problems_of_every_file_at_once(run, file):
    first = file(POLICY.replace("limit: 1/4", "limit: 25%"), "first.yaml")
    second = file(POLICY.replace("{known: pass}", "{knwon: pass}"), "second.yaml")
    third = file(POLICY.replace("{sex: {M: [300", "{outcome: {M: [300"), "third.yaml")

    ran = run("policy", "check", first, second, third, file())

    assert ran.code == 2
    assert f"first.yaml:{place('1/4')}" in ran.err
    assert "second.yaml:8:" in ran.err
    assert "third.yaml:8:5" in ran.err
    assert "no error, 0 warnings" in words(ran.err)


@pytest.mark.parametrize("verb", ["check", "test", "show"])
def test_a_path_that_is_not_there_exits_74_and_an_unknown_pack_2(run, verb):
    assert run("policy", verb, "./absent.yaml").code == 74
    assert run("policy", verb, "us-adverse-impct").code == 2


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_clean(run, name):
    ran = run("policy", "check", name, "--as-of", "2026-11-22")

    assert ran.code == 0
    assert "no error, 0 warnings" in words(ran.err)


@pytest.mark.parametrize("name", pack_names())
def test_the_examples_of_a_pack_turn_out_as_expected(run, name):
    ran = run("policy", "test", name)

    assert (ran.code, ran.out) == (0, "")
    assert "differs" not in ran.err


@pytest.mark.parametrize("name", ["us-adverse-impact", "professional-practice"])
def test_every_number_of_a_pack_is_held_by_an_example(run, name):
    ran = run("policy", "test", "--mutate", name)

    assert ran.code == 0
    assert "noticed" in ran.err


def test_an_example_that_is_wrong_exits_2_and_says_what_was_found(run, file):
    ran = run("policy", "test", file(POLICY.replace("{known: pass}", "{known: warning}")))
    said = words(ran.err)

    assert ran.code == 2
    assert "differs on the line" in said
    assert "known: expected warning, found pass." in said
    assert "1 of 2 examples turned out as expected." in said
    assert f"ours.yaml:{place('pass}')}" in ran.err


def test_a_moved_number_that_nobody_notices_exits_2(run, file):
    path = file(POLICY.replace("[2999, 1], unknown: [1000, 1]", "[100, 1], unknown: [100, 1]"))

    assert run("policy", "test", path).code == 0
    ran = run("policy", "test", "--mutate", path)
    assert ran.code == 2
    assert "1 of 2 moved numbers noticed." in words(ran.err)
    assert "limit of known is 0.251 and not 0.25" in ran.err
    assert run("policy", "test", "--mutate", file()).code == 0


def test_a_policy_without_examples_is_not_tested(run, file):
    ran = run("policy", "test", file(POLICY[: POLICY.index("examples:")]))

    assert ran.code == 2
    assert "nothing was tested" in ran.err


def test_one_bad_policy_hides_no_other(run, file):
    bad = file(POLICY.replace("limit: 1/4", "limit: 25%"), "bad.yaml")
    wrong = file(POLICY.replace("{known: pass}", "{known: fail}"))

    ran = run("policy", "test", bad, wrong)

    assert ran.code == 2
    assert f"bad.yaml:{place('1/4')}" in ran.err
    assert "expected fail, found pass" in words(ran.err)


def test_without_a_verb_the_verbs_are_listed():
    said = CliRunner().invoke(main, ["policy"]).output

    assert all(f"  {verb} " in said for verb in ("list", "show", "check", "test"))


def test_the_library_raises_what_the_command_prints(file):
    with pytest.raises(PolicyError, match="25%"):
        bind([file(POLICY.replace("limit: 1/4", "limit: 25%"))])
