"""Examples inside a policy: what is refused, what they show, what a moved number changes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.policy import RowExample, TableExample, load_policy, pack_names
from auditor.rules.bind import bind
from auditor.rules.bound import BoundPolicy
from auditor.rules.filled import filled_options, number_text
from auditor.rules.lint import remarks
from auditor.rules.resolve import resolved, resolved_text
from auditor.run.example_cases import prepare
from auditor.run.examples import example_problems, run_examples
from auditor.run.nudging import nudge_all, nudge_problems
from auditor.vocabulary import Outcome

HEAD = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b1, cite: C, says: S.}]
gates:
  - {id: clear, kind: impact-ratio, says: Close., because: [b1]}
  - {id: known, kind: unknown-share, says: Known., because: [b1], severity: warn}
reviews:
  - {id: near, kind: near-cut-score, says: Look., because: [b1]}
  - {id: drawn, kind: random-control, says: Look., because: [b1]}
  - {id: after, kind: gate-failed, says: Look., because: [b1]}
examples:
"""
TABLE = "  - {name: a, table: {sex: {M: [100, 60], F: [100, 40]}}, expect: {clear: fail}}\n"
ROW = (
    "  - {name: b, row: {outcome: unfavorable, score: 0.45, cut_score: 0.5, scale: [0, 1], "
    "years: null}, expect: {reviews: [near]}}\n"
)


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        Path("p.yaml").write_text(text, encoding="utf-8")
        return Path("p.yaml")

    return write


@pytest.fixture
def bound(write):
    def bound(examples: str, head: str = HEAD) -> BoundPolicy:
        (found,) = bind([write(head + examples)])
        return found

    return bound


def refused(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError, match=r"p\.yaml") as caught:
        bind([path])
    return [(str(p.where), p.slug) for p in caught.value.problems]


def tried(policy: BoundPolicy) -> list[tuple[str, str, str]]:
    """Rule, expected and found of every difference."""
    return [
        (d.rule, d.expected, d.found)
        for one in run_examples(policy, prepare(policy))
        for d in one.differences
    ]


def test_both_kinds_of_example_are_read(write):
    table, row = load_policy(write(HEAD + TABLE + ROW)).examples

    assert isinstance(table, TableExample)
    assert (table.name, table.attribute) == ("a", "sex")
    assert table.counts == {"M": (100, 60), "F": (100, 40)}
    assert table.expect == {"clear": "fail"}
    assert isinstance(row, RowExample)
    assert row.values == {"score": Fraction(9, 20), "years": None}
    assert (row.outcome, row.cut_score, row.better) == (Outcome.UNFAVORABLE, Fraction(1, 2), "high")
    assert (row.scale, row.versions, row.expect) == ((0, 1), (), ("near",))
    assert str(row.places[("expect", "reviews", 0)]) == f"p.yaml:13:{ROW.index('near]') + 1}"


def table(pairs: str, expect: str = "{clear: fail}", attribute: str = "sex") -> str:
    return f"  - {{name: a, table: {{{attribute}: {pairs}}}, expect: {expect}}}\n"


def row(values: str, expect: str = "{reviews: []}") -> str:
    return f"  - {{name: a, row: {{{values}}}, expect: {expect}}}\n"


@pytest.mark.parametrize(
    ("example", "slug"),
    [
        (table("{M: [9, 6]}", "{@claer: fail}"), "unknown-rule"),
        (table("{M: [9, 6]}", "{@near: fail}"), "unknown-rule"),
        (table("{M: [9, 6]}", "{clear: @failed}"), "not-one-of"),
        (table("{M: [9, 6]}", "@{}"), "empty-value"),
        (table("{M: @[40, 60]}"), "bad-counts"),
        (table("{M: @[100]}"), "bad-counts"),
        (table("{M: @[100, 60, 1]}"), "bad-counts"),
        (table("{M: [100, @-1]}"), "out-of-range"),
        (table("{M: [100, @1.5]}"), "wrong-type"),
        (table("{M: [@2000000000, 1]}"), "out-of-range"),
        (table("{M: @100}"), "wrong-type"),
        (table("@{}"), "empty-value"),
        (table("{@Unknown: [9, 6]}"), "bad-label"),
        (table("{@F: [9, 6]}", attribute="sex*race"), "bad-label"),
        (table("{@F*: [9, 6]}", attribute="sex*race"), "bad-label"),
        (table("{F*M: [9, 6]}", attribute="@sex*sex"), "bad-attribute"),
        (table("{F: [9, 6]}, @race: {A: [9, 6]}"), "example-of-several-attributes"),
        (row("score: 0.5").replace("{score", "@{score"), "missing-key"),
        (row("outcome: @selected"), "not-one-of"),
        (row("outcome: favorable, score: @high"), "not-a-number"),
        (row("outcome: favorable, years: @[1]"), "not-a-number"),
        (row("outcome: favorable, scale: @[1, 0]"), "bad-scale"),
        (row("outcome: favorable, cut_score: @2, scale: [0, 1]"), "out-of-range"),
        (row("outcome: favorable, cutscore: @0.5"), "not-a-feature"),
        (row("outcome: favorable", "{reviews: @near}"), "wrong-type"),
        (row("outcome: favorable", "{reviews: [@nera]}"), "unknown-rule"),
        (row("outcome: favorable", "{reviews: [@clear]}"), "unknown-rule"),
        (row("outcome: favorable", "{reviews: @[near, near]}"), "listed-twice"),
        (row("outcome: favorable", "{reviews: [@drawn]}"), "example-of-a-sample"),
        (row("outcome: favorable", "{reviews: [near, @after]}"), "example-of-a-sample"),
        ("  - @{name: a, expect: {clear: fail}}\n", "missing-key"),
        ("  - @{table: {sex: {M: [9, 6]}}, expect: {clear: fail}}\n", "missing-key"),
        ("  - {name: a, table: {sex: {M: [9, 6]}}, @note: x, expect: {clear: fail}}\n",
         "unknown-key"),
    ],
)  # fmt: skip
def test_an_example_that_cannot_be_one_is_refused_at_its_place(write, example, slug):
    column = example.index("@") + 1

    assert (f"p.yaml:12:{column}", slug) in refused(write(HEAD + example.replace("@", "")))


def test_all_examples_are_checked_in_one_round(write):
    text = HEAD + table("{M: [1, 2]}") + row("outcome: ok") + TABLE.replace("fail", "pas")

    assert [slug for _, slug in refused(write(text))] == [
        "bad-counts",
        "example-twice",
        "not-one-of",
        "example-twice",
        "not-one-of",
    ]


@pytest.mark.parametrize("text", ["examples: 3\n", "examples: [3]\n", "examples: {a: b}\n"])
def test_odd_shapes_are_refused_and_break_nothing(write, text):
    assert [slug for _, slug in refused(write(HEAD.replace("examples:\n", text)))] == ["wrong-type"]


def test_a_table_that_no_export_could_have_is_refused_where_it_stands(bound):
    policy = bound(table("{M: [9, 6], F: [9, 6]}", attribute="outcome"))

    with pytest.raises(PolicyError, match="kept for what was decided") as caught:
        prepare(policy)

    assert str(caught.value.problems[0].where) == "p.yaml:12:5"


TABLES = [
    ("{M: [100, 60], F: [100, 40]}", "clear", "fail"),
    ("{M: [100, 60], F: [100, 58]}", "clear", "pass"),
    ("{M: [10, 6], F: [10, 4]}", "clear", "no_verdict"),
    ("{M: [100, 60], F: [100, 40], unknown: [90, 1]}", "known", "warning"),
    ("{M: [100, 60], F: [100, 40], unknown: [9, 1]}", "known", "pass"),
]


@pytest.mark.parametrize(("pairs", "rule", "says"), TABLES)
def test_a_table_is_judged_by_the_engine(bound, pairs, rule, says):
    assert tried(bound(table(pairs, f"{{{rule}: {says}}}"))) == []


@pytest.mark.parametrize(("pairs", "rule", "says"), TABLES)
@pytest.mark.parametrize("expected", ["fail", "warning", "no_verdict", "pass", "descriptive"])
def test_an_example_that_expects_something_else_differs(bound, pairs, rule, says, expected):
    found = tried(bound(table(pairs, f"{{{rule}: {expected}}}")))

    assert found == ([] if expected == says else [(rule, expected, says)])


def test_a_pass_whose_gap_is_real_is_still_a_pass(bound):
    assert tried(bound(table("{M: [10000, 5000], F: [10000, 4200]}", "{clear: pass}"))) == []


def test_an_intersection_may_fail_and_need_not_pass(bound):
    small = "{M*A: [29, 20], M*B: [29, 20], F*A: [29, 20], F*B: [29, 20]}"
    failing = "{M*A: [200, 100], M*B: [200, 100], F*A: [200, 40], F*B: [200, 160]}"
    alone = HEAD.replace("because: [b1]}\n  - {id: known", "because: [b1], for_each: [sex*race]}\n"
                         "  - {id: known")  # fmt: skip

    assert tried(bound(table(small, "{clear: pass}", "sex*race"))) == []
    assert tried(bound(table(small, "{clear: no_verdict}", "sex*race"), alone)) == []
    assert tried(bound(table(failing, "{clear: fail}", "sex*race"))) == []


@pytest.mark.parametrize(
    ("values", "expect"),
    [
        ("score: 0.45", "[near]"),
        ("score: 0.449999999", "[]"),
        ("score: 0.55", "[near]"),
        ("score: 0.550000001", "[]"),
        ("score: null", "[near]"),
    ],
)
@pytest.mark.parametrize("wrong", [False, True])
def test_a_row_is_picked_by_the_reviews_that_are_listed_and_no_other(bound, values, expect, wrong):
    other = "[near]" if expect == "[]" else "[]"
    values = f"outcome: unfavorable, cut_score: 0.5, scale: [0, 1], {values}"

    found = tried(bound(row(values, f"{{reviews: {other if wrong else expect}}}")))

    assert [rule for rule, _, _ in found] == (["near"] if wrong else [])


def test_a_withdrawn_application_is_never_picked(bound):
    assert tried(bound(row("outcome: withdrawn, cut_score: 0.5, scale: [0, 1], score: 0.5"))) == []


def test_a_row_that_no_review_can_look_at_shows_nothing(bound):
    policy = bound(row("outcome: favorable, score: 0.5"))
    (one,) = run_examples(policy, prepare(policy))

    assert not one.differences
    assert not one.as_expected
    assert "declares no cut_score" in one.unseen[0]
    assert [p.slug for p in example_problems(policy, [one])] == ["example-shows-nothing"]


def test_no_example_is_not_a_pass(bound):
    policy = bound("", HEAD.replace("examples:\n", ""))

    assert [p.slug for p in example_problems(policy, [])] == ["no-examples"]


def test_a_wrong_example_is_told_at_its_expectation(bound):
    text = table("{M: [100, 60], F: [100, 40]}", "{clear: pass}")
    policy = bound(text)
    (problem,) = example_problems(policy, run_examples(policy, prepare(policy)))

    assert problem.slug == "example-differs"
    assert str(problem.where) == f"p.yaml:12:{text.index('pass}') + 1}"
    assert "'pass'" in problem.message
    assert "'fail'" in problem.message


ON_THE_LINE = (
    table("{M: [400, 200], F: [400, 200], unknown: [200, 100]}", "{known: pass}"),
    table("{M: [400, 200], F: [399, 200], unknown: [201, 100]}", "{known: warning}").replace(
        "name: a", "name: over"
    ),
)
KNOWN = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: draft, owner: o, effective_from: 2026-01-01}
basis: [{id: b1, cite: C, says: S.}]
gates:
  - {id: known, kind: unknown-share, says: K., because: [b1], options: {limit: 0.20}}
examples:
"""


def moved(policy: BoundPolicy) -> dict[str, bool]:
    return {n.after: n.noticed for n in nudge_all(policy, prepare(policy)).nudges}


def test_a_moved_number_is_noticed_by_an_example_beside_it(bound):
    text = "".join(ON_THE_LINE).replace("warning", "fail")

    assert moved(bound(text, KNOWN)) == {"0.199": True, "0.201": True}


def test_a_moved_number_that_no_example_notices_survives(bound):
    policy = bound(ON_THE_LINE[0], KNOWN)
    nudged = nudge_all(policy, prepare(policy))
    (problem,) = nudge_problems(nudged)

    assert moved(policy) == {"0.199": True, "0.201": False}
    assert [n.after for n in nudged.survivors] == ["0.201"]
    assert (problem.slug, str(problem.where)) == ("nudge-not-noticed", "p.yaml:5:80")


def test_a_number_of_days_is_moved_by_a_day(bound):
    recent = "  - {id: fresh, kind: record-recent, says: K., because: [b1], "
    recent += "options: {entry: audit.on, at_most: 1 week}}\n"
    policy = bound(ON_THE_LINE[0], KNOWN.replace("examples:", recent + "examples:"))
    said = [problem.message for problem in nudge_problems(nudge_all(policy, prepare(policy)))]

    assert "no example notices when at_most of fresh is 6 days and not 7 days" in said


def test_defaults_and_whole_numbers_are_moved_and_samples_are_not(bound):
    policy = bound(TABLE + ROW)
    nudged = nudge_all(policy, prepare(policy))
    pairs = {(n.rule, n.option, n.after) for n in nudged.nudges}

    assert ("clear", "min_people", "29") in pairs
    assert ("clear", "worth_detecting", "0.699") in pairs
    assert ("clear", "unknown_factor", "2.01") in pairs
    assert {n.written for n in nudged.nudges} == {False}
    assert nudged.drawing == ("drawn", "after")
    assert not {"drawn", "after"} & {n.rule for n in nudged.nudges}


def test_a_number_at_the_end_of_its_range_has_one_side(bound):
    policy = bound(
        table("{M: [9, 6], F: [9, 6]}", "{known: pass}"),
        KNOWN.replace("limit: 0.20", "limit: 0"),
    )

    assert set(moved(policy)) == {"0.001"}


def test_numbers_inside_a_condition_are_moved(bound):
    head = KNOWN.replace("gates:", "reviews:").replace(
        "unknown-share, says: K., because: [b1], options: {limit: 0.20}",
        "condition, says: K., because: [b1], options: {when: {all: [{score: {between: "
        "[0.45, 0.55]}}, {years: {at_least: 3}}]}}",
    )
    rows = "".join(
        row(f"outcome: favorable, score: {score}, years: {years}", f"{{reviews: {expect}}}")
        .replace("name: a", f"name: {n}")
        for n, (score, years, expect) in enumerate(
            [(0.45, 3, "[known]"), (0.4499, 3, "[]"), (0.55, 3, "[known]"), (0.45, 2.995, "[]")]
        )
    )  # fmt: skip
    policy = bound(rows.replace("name: ", "name: n"), head)
    nudged = nudge_all(policy, prepare(policy))

    assert tried(policy) == []
    assert {(n.option, n.after): n.noticed for n in nudged.nudges} == {
        ("when.all.0.score.between.0", "0.449"): True,
        ("when.all.0.score.between.0", "0.451"): True,
        ("when.all.0.score.between.1", "0.549"): True,
        ("when.all.0.score.between.1", "0.551"): False,
        ("when.all.1.years.at_least", "2.99"): True,
        ("when.all.1.years.at_least", "3.01"): True,
    }


@pytest.mark.parametrize("name", pack_names())
def test_a_resolved_policy_reads_back_as_the_same_policy(name, write):
    (pack,) = bind([name])
    (again,) = bind([write(resolved_text(pack))])

    assert resolved(again) == resolved(pack)
    assert [r.options.filled() for r in again.rules] == [r.options.filled() for r in pack.rules]
    assert [e.expect for e in again.policy.examples] == [e.expect for e in pack.policy.examples]


def test_two_ways_of_writing_a_threshold_resolve_alike(bound):
    texts = [
        resolved_text(bound(ON_THE_LINE[0], KNOWN.replace("0.20", written)))
        for written in ("1/5", "0.200", ".2", "'0.2'")
    ]

    assert len(set(texts)) == 1


def test_origins_name_the_place_of_what_is_written_and_the_defaults(bound):
    text = resolved_text(bound(TABLE), origins=True)

    assert "  id: ours  # p.yaml:2:14\n" in text
    assert "      threshold: 0.8  # default\n" in text
    assert '        "M": [100, 60]  # p.yaml:12:32\n' in text


def test_texts_of_every_kind_survive_the_resolved_form(write, bound):
    names = ["null", "no", "a: b", "Ö \\u0041", "#x", "- y", "\\x85z", '"q"']
    texts = [f'"{n}"' if n != '"q"' else "'\"q\"'" for n in names]
    head = HEAD.replace("title: T", 'title: "Ö\\u2028 😀: \\x85 # null"')
    policy = bound("".join(TABLE.replace("name: a", f"name: {t}") for t in texts), head)
    (again,) = bind([write(resolved_text(policy))])

    assert [e.name for e in again.policy.examples] == [e.name for e in policy.policy.examples]
    assert again.policy.title == policy.policy.title


def test_every_key_of_a_review_survives_the_resolved_form(bound, write):
    head = HEAD.replace(
        "kind: random-control, says: Look., because: [b1]",
        "kind: random-control, says: Look., because: [b1], options: {count: 3}, due: 9999 weeks",
    ).replace("kind: gate-failed, says", "kind: gate-failed, due: 2 weeks, says")
    policy = bound(row("outcome: favorable, model_version: null, gap: 1/3"), head)
    (again,) = bind([write(resolved_text(policy))])

    assert [rule.entry.due_days for rule in again.rules] == [None, None, None, 69993, 14]
    assert filled_options(again.rules[3]) == {"share": None, "count": 3}
    assert again.policy.examples[0].values == {"gap": Fraction(1, 3)}
    assert again.policy.examples[0].versions == (None,)


def test_a_value_that_is_not_plain_is_never_written_wrongly(bound):
    rule = bound(TABLE).rules[0]
    rule.options = rule.options.model_copy(update={"min_people": object()})

    with pytest.raises(TypeError, match="no plain value"):
        filled_options(rule)


def test_a_negative_number_keeps_its_sign():
    assert str(number_text(Fraction(-5, 4))) == "-1.25"


def test_equivalence_and_the_worst_case_keep_their_words(bound):
    head = HEAD.replace(
        "impact-ratio, says: Close., because: [b1]",
        "impact-ratio, says: Close., because: [b1], "
        "options: {pass_needs: equivalence, unknown_factor: worst-case}",
    )
    options = filled_options(bound(TABLE, head).rules[0])

    assert (options["pass_needs"], options["worth_detecting"]) == ("equivalence", None)
    assert options["unknown_factor"] == "worst-case"


def messages(policy: BoundPolicy, day: date = date(2026, 11, 22)) -> list[str]:
    return [f"{r.level}: {r.message}" for r in remarks(policy, day)]


def test_a_policy_without_anything_to_remark_has_none(bound):
    text = TABLE + ON_THE_LINE[1] + ROW

    assert messages(bound(text)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-01-01}", "2026-01-01, review_by: 2026-11-21}", "was to be reviewed by 2026-11-21"),
        ("says: S.}]", "says: S.}, {id: b2, cite: C, says: S.}]", "nothing rests on the basis"),
        ("{id: near", "{id: more, kind: value-missing, says: x, because: [b1]}\n  - {id: near",
         "no example shows what more picks"),
        ("{id: known", "{id: more, kind: three-deviations, says: x, because: [b1]}\n  - {id: known",
         "no example shows what more says of a table"),
        ("because: [b1]}\n  - {id: known", "because: [b1], for_each: [a, b, c, d]}\n  - {id: known",
         "4 judged attributes add up to a chance of 0.2"),
        ("kind: unknown-share, says: Known., because: [b1], severity: warn",
         "kind: descriptive, says: Known., because: [b1]", "known blocks on the bare ratio"),
        ("because: [b1], severity: warn", "because: [b1], severity: warn, options: {limit: 1/5}",
         "note: known writes what holds anyway: limit"),
    ],
)  # fmt: skip
def test_what_is_worth_a_second_look(bound, old, new, said):
    assert old in HEAD

    found = messages(bound(TABLE + ON_THE_LINE[1] + ROW, HEAD.replace(old, new, 1)))

    assert len(found) == 1
    assert said in found[0]


def test_an_alpha_that_is_adjusted_is_not_remarked(bound):
    new = "because: [b1], for_each: [a, b, c, d], options: {alpha: 0.0375}}\n  - {id: known"
    head = HEAD.replace("because: [b1]}\n  - {id: known", new)

    assert messages(bound(TABLE + ON_THE_LINE[1] + ROW, head)) == []


def test_a_bare_ratio_without_a_threshold_cannot_fail_anything(bound):
    new = "kind: descriptive, says: Known., because: [b1], severity: %s, options: {threshold: null}"
    old = "kind: unknown-share, says: Known., because: [b1], severity: warn"

    assert messages(bound(TABLE + ON_THE_LINE[1] + ROW, HEAD.replace(old, new % "info"))) == []
    with pytest.raises(PolicyError, match="without one nothing could fail"):
        bound(TABLE + ON_THE_LINE[1] + ROW, HEAD.replace(old, new % "block"))


def test_a_draft_needs_no_examples_yet(bound):
    head = HEAD.replace("in-force", "draft").replace("examples:\n", "")

    assert messages(bound("", head)) == []


def test_the_last_day_for_a_review_is_not_past(bound):
    head = HEAD.replace("2026-01-01}", "2026-01-01, review_by: 2026-11-22}")
    text = TABLE + ON_THE_LINE[1] + ROW

    assert messages(bound(text, head)) == []
    assert len(messages(bound(text, head), date(2026, 11, 23))) == 1


GAP = """
gates:
  - {id: pay, kind: mean-gap, says: s, because: [b1], options: {at_most: 0.05, within: grade}}
examples:
  - name: a
    table: {sex: {F: [12, 12], M: [10, 10]}}
    means: {F: MEAN, M: 100}
    within: {grade: g}
    expect: {pay: STATE}
"""


@pytest.mark.parametrize(("mean", "state"), [("94", "fail"), ("96", "pass"), ("95", "fail")])
def test_a_table_can_say_the_mean_of_a_number_by_group(write, mean, state):
    head = HEAD.partition("gates:")[0]
    example = GAP.replace("MEAN", mean).replace("STATE", state)
    (policy,) = bind([write(head + example)])
    (without,) = bind([write(head + example.replace("    within: {grade: g}\n", ""))])

    assert tried(policy) == []
    assert [found for _, _, found in tried(without)] == (
        [] if state == "no_verdict" else ["no_verdict"]
    )


@pytest.mark.parametrize("means", ["{F: 94}", "{F: 94, M: 100, X: 9}", "{F: 94, male: 100}"])
def test_means_are_of_the_groups_of_the_table(write, means):
    head = HEAD.partition("gates:")[0]
    text = GAP.replace("{F: MEAN, M: 100}", means).replace("STATE", "fail")

    assert [slug for _, slug in refused(write(head + text))] == ["bad-means"]


SHOWN = HEAD.replace(
    "reviews:", "  - {id: shown, kind: descriptive, says: Shown., because: [b1], severity: info,\n"
    "     options: {threshold: null, exclude_below: 0.02}}\nreviews:"
)  # fmt: skip
SMALL = (
    "  - {name: small, table: {race: {A: [960, 90], B: [1000, 90], C: [40, 2]}}, left_out: %s, "
    "expect: {shown: descriptive}}\n"
)


def test_an_example_can_say_which_groups_have_no_ratio(bound):
    right = bound(SMALL % "[]", SHOWN)
    wrong = bound(SMALL % "[C]", SHOWN)

    assert example_problems(right, run_examples(right, prepare(right))) == []
    (problem,) = example_problems(wrong, run_examples(wrong, prepare(wrong)))
    assert problem.message == (
        "shown was to say 'C without a ratio' of the example 'small', and says "
        "'no group without a ratio'"
    )


def test_a_share_that_only_leaves_groups_out_is_noticed(bound):
    on_the_limit = bound(SMALL % "[]", SHOWN)
    silent = bound((SMALL % "[]").replace("left_out: [], ", ""), SHOWN)
    below = bound(SMALL.replace("1000", "1005") % "[C]", SHOWN)

    def moved(found):
        nudges = nudge_all(found, prepare(found)).survivors
        return [nudge.after for nudge in nudges if nudge.rule == "shown"]

    assert moved(silent) == ["0.0199", "0.0201"]
    assert moved(on_the_limit) == ["0.0199"]
    assert moved(below) == ["0.0201"]  # 40 of 2,005


def test_groups_left_out_are_expected_of_rules_that_leave_some_out(bound):
    found = bound(TABLE.replace("expect", "left_out: [], expect"))

    (problem,) = example_problems(found, run_examples(found, prepare(found)))

    assert "says 'nothing about groups left out'" in problem.message


def test_groups_left_out_are_part_of_the_resolved_policy(bound):
    assert "left_out: []" in resolved_text(bound(SMALL % "[]", SHOWN))
