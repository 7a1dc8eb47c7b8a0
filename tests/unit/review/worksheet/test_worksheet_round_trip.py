"""From a worksheet to the ledger and back: what is filled in is what is on record."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.errors import UsageError
from auditor.review import Case
from auditor.review.authority import person_called
from auditor.review.worksheet.choosing import chosen
from auditor.review.worksheet.reading import saved
from auditor.review.worksheet.taking import must_be_current, taken
from tests.unit.review.office import (
    ADA,
    BEN,
    LEA,
    NOW,
    TEAM,
    Member,
    Office,
    case,
    demands,
    ring,
    rule,
)  # fmt: skip
from tests.unit.review.worksheet.sheets import (
    JUDGED,
    REVIEWED,
    Sheet,
    entries,
    export,
    filled,
    judge,
    several,
    some_text,
    take,
)  # fmt: skip


def test_two_worksheets_settle_what_waits(office, tmp_path):
    found = judge(office, tmp_path)
    assert (found.filled, found.blank, found.missing, found.already) == (2, 0, 0, 0)
    first = entries(office, "first-judgement")
    assert [entry.draft.body["judgements"][0]["judged"] for entry in first] == ["favorable"] * 2
    assert office.item().state == "open"

    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    words = {**REVIEWED, "outcome": "changed", "rationale": "The work sample is strong."}
    found = take(office, filled(path, "reveal", lambda _: words))

    assert (len(found.drafts), len(found.words)) == (2, 2)
    assert {one.text for one in found.words.values()} == {"The work sample is strong."}
    assert {item.state for item in office.queue().items} == {"resolved"}
    assert {one.final for item in office.queue().items for one in item.decisions} == {"favorable"}
    assert [e.draft.body["first"] for e in entries(office, "reviewed")] == [
        e.draft.id for e in first
    ]


def test_what_the_reveal_showed_is_noted_by_itself(tmp_path):
    factors = "Few years raised the score by 0.1; Gaps lowered the score by 0.2"
    office = Office(cases=(case(1, rule(factors=factors)),))
    judge(office, tmp_path)
    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    sheet = Sheet(path, "reveal")
    assert sheet.at(2, "Raised the score").value == "Few years raised the score by 0.1"
    assert sheet.at(2, "The score lies in").value == "0.5 to 0.6"
    said = {**REVIEWED, "outcome": "changed", "explanation_shown": "talk with the supplier"}
    (draft,) = take(office, filled(path, "reveal", lambda _: said)).drafts

    assert draft.body["explanation_shown"] == [
        "band of the score",
        "reasons that raised the score",
        "reasons that lowered the score",
        "rules that flagged it",
        "talk with the supplier",
    ]


def test_a_second_import_adds_nothing(office, tmp_path):
    judge(office, tmp_path)
    first = tmp_path / "first-Ada.xlsx"
    again = take(office, first)
    assert (again.already, again.drafts) == (2, ())

    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    said = filled(path, "reveal", lambda _: REVIEWED | {"outcome": "changed"})
    words = take(office, said).words
    size = len(office.entries)
    again = take(office, said, words=words)
    assert (again.already, again.drafts, len(office.entries)) == (2, (), size)
    without_words = take(office, said)  # as after they were erased
    assert (without_words.already, without_words.drafts) == (2, ())


def test_what_is_filled_in_later_is_added_and_what_is_changed_corrects(tmp_path):
    office = several(3)
    judge(office, tmp_path, judged="unfavorable")
    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    found = take(office, filled(path, "reveal", lambda n: None if n else REVIEWED))
    assert (found.filled, found.blank, len(found.drafts)) == (1, 2, 1)
    before, words = found.drafts[0], dict(found.words)

    found = take(
        office, filled(path, "reveal", lambda n: REVIEWED if n == 1 else None), words=words
    )
    assert (found.filled, found.blank, found.already, len(found.drafts)) == (2, 1, 1, 1)
    said = {"rationale": "I looked once more."}
    (draft,) = take(
        office,
        filled(path, "reveal", lambda n: said if n == 0 else None),
        words=words | found.words,
    ).drafts
    assert draft.body["corrects"] == before.id


def test_deleted_rows_are_counted_and_rows_may_be_in_any_order(tmp_path):
    office = several(4)
    path = export(office, tmp_path / "first.xlsx", "first")
    sheet = Sheet(path, "first")
    rows = [[cell.value for cell in row] for row in sheet.cells.iter_rows(min_row=2)]
    sheet.cells.delete_rows(2, 4)
    for n, cells in enumerate([rows[3], rows[1]], start=2):
        for place, value in enumerate(cells, start=1):
            sheet.cells.cell(n, place).value = value
        sheet.fill(n, **JUDGED)
    found = take(office, sheet.save())

    assert (found.filled, found.blank, found.missing) == (2, 0, 2)
    assert {d.body["case"] for d in found.drafts} == {office.cases[3].id, office.cases[1].id}


def test_a_program_may_rename_sheets_and_write_a_title_above(tmp_path):
    """As Numbers does: a sheet a table, its name above, a sheet of its own in front."""
    office = several(2)
    path = filled(export(office, tmp_path / "f.xlsx", "first"), "first", lambda _: JUDGED)
    sheet = Sheet(path, "first")
    sheet.cells.insert_rows(1)
    sheet.cells["A1"] = "Table 1"
    sheet.cells.title = "first - Table 1"
    sheet.book["Read me"].title = "Read me - Table 1"
    sheet.book.create_sheet("Export Summary", 0)["A1"] = "exported"
    sheet.save()
    assert take(office, path).filled == 2
    sheet.cells["C4"] = "maybe"
    with pytest.raises(UsageError) as caught:
        take(office, sheet.save())
    assert str(caught.value.problems[0].where) == f"{path}:'first - Table 1'!C4"


def test_what_was_recorded_while_a_worksheet_was_checked_is_not_recorded_twice(office, tmp_path):
    path = filled(
        export(office, tmp_path / "f.xlsx", "first"), "first", lambda n: None if n else JUDGED
    )
    size = len(office.entries)
    slow = taken(saved(path), office.desk, {}, private=ADA.private, now=office.now)
    office.review(1, BEN)
    must_be_current(slow, office.entries[size:])  # about another case
    take(office, path)
    with pytest.raises(UsageError, match="while the worksheet was checked"):
        must_be_current(slow, office.entries[size:])


def merged(*outcomes: str) -> Case:
    decisions = tuple(
        replace(case(n, outcome=outcome).decisions[0], identity=f"{n:032x}")
        for n, outcome in enumerate(outcomes, start=1)
    )
    return Case(id="c" * 32, decisions=decisions)


def test_a_case_of_several_decisions_is_judged_in_one_entry_and_reviewed_in_several(tmp_path):
    office = Office(cases=(merged("unfavorable", "favorable"),))
    path = export(office, tmp_path / "first.xlsx", "first")
    said = (
        JUDGED | {"seconds": 2, "judged": "unfavorable"},
        JUDGED | {"seconds": 1.5, "confidence": "low"},
    )
    (draft,) = take(office, filled(path, "first", lambda n: said[n])).drafts
    assert draft.body["judgements"] == [
        {"identity": f"{1:032x}", "judged": "unfavorable"},
        {"identity": f"{2:032x}", "judged": "favorable"},
    ]
    assert (draft.body["confidence"], draft.body["seconds"]) == ("low", 210)

    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    found = take(office, filled(path, "reveal", lambda _: REVIEWED))
    assert [d.body["first"] for d in found.drafts] == [draft.id] * 2
    assert office.item().state == "resolved"


def test_a_case_is_answered_completely_or_not_at_all(tmp_path):
    office = Office(cases=(merged("unfavorable", "favorable"),))
    path = export(office, tmp_path / "first.xlsx", "first")
    with pytest.raises(UsageError, match="in part: row 2 is about it too") as caught:
        take(office, filled(path, "first", lambda n: None if n else JUDGED))
    assert str(caught.value.problems[0].where).endswith("first!A3")

    sheet = Sheet(path, "first")
    sheet.cells.delete_rows(3)
    with pytest.raises(UsageError, match="another decision that waits"):
        take(office, sheet.save())


def test_a_decision_that_another_person_has_to_decide_is_not_missed(tmp_path):
    one = merged("unfavorable", "favorable")
    both = tuple(replace(d, rules=(rule(readers=2),)) for d in one.decisions)
    office = Office(cases=(replace(one, decisions=both),))
    body = office.body(0, ADA)
    body["settles"] = body["settles"][:1]
    office.put(office.draft("reviewed", body).signed(ADA.private))
    path = export(office, tmp_path / "f.xlsx", "first")
    (draft,) = take(office, filled(path, "first", lambda _: JUDGED)).drafts
    assert [one["identity"] for one in draft.body["judgements"]] == [f"{2:032x}"]


def four_eyes() -> Office:
    return Office(cases=(case(1, rule(readers=2)), case(2, rule(readers=2))))


def test_each_of_two_readers_has_worksheets_of_their_own(tmp_path):
    office = four_eyes()
    for who in (ADA, BEN):
        judge(office, tmp_path, who, judged="unfavorable")
        path = export(office, tmp_path / f"reveal-{who.name}.xlsx", "reveal", reader=who.name)
        take(office, filled(path, "reveal", lambda _: REVIEWED), who)
        left = export(office, tmp_path / f"left-{who.name}.xlsx", "reveal", reader=who.name)
        assert len(Sheet(left, "reveal").rows) == 0
        assert {i.state for i in office.queue().items} == {"open" if who is ADA else "resolved"}


def test_nobody_fills_in_the_worksheet_of_another_reader(tmp_path):
    office = four_eyes()
    judge(office, tmp_path)
    path = filled(export(office, tmp_path / "r.xlsx", "reveal"), "reveal", lambda _: REVIEWED)
    with pytest.raises(UsageError, match="made for another person"):
        take(office, path, BEN)


def test_a_worksheet_for_anybody_of_the_role_is_taken_from_each_of_them(tmp_path):
    office = four_eyes()
    path = export(office, tmp_path / "first.xlsx", "first", reader=None)
    path = filled(path, "first", lambda _: JUDGED)
    assert [len(take(office, path, who).drafts) for who in (ADA, BEN, ADA)] == [2, 2, 0]


def test_a_first_judgement_stays_as_it_is(office, tmp_path):
    judge(office, tmp_path)
    path = tmp_path / "first-Ada.xlsx"
    with pytest.raises(UsageError, match="your first judgement already") as caught:
        take(office, filled(path, "first", lambda n: {"judged": "unfavorable"} if n else None))
    (problem,) = caught.value.problems
    assert str(problem.where) == f"{path}:first!C3"


def test_whoever_knows_the_answer_judges_no_more(office, tmp_path):
    path = filled(export(office, tmp_path / "first.xlsx", "first"), "first", lambda _: JUDGED)
    office.review(0, ADA)
    with pytest.raises(UsageError, match="know the model's answer"):
        take(office, path)


def test_a_reveal_needs_a_first_judgement_of_the_same_person_in_the_ledger(office, tmp_path):
    judge(office, tmp_path)
    path = filled(export(office, tmp_path / "r.xlsx", "reveal"), "reveal", lambda _: REVIEWED)
    bare = Office()
    with pytest.raises(UsageError, match="no first judgement of yours on this decision"):
        take(bare, path)
    left = export(bare, tmp_path / "none.xlsx", "reveal")
    assert len(Sheet(left, "reveal").rows) == 0


@pytest.mark.parametrize("who", [BEN, Member("Eve", ("recruiter",))])
def test_a_first_judgement_of_somebody_else_reveals_nothing(office, tmp_path, who):
    office.keyring = ring(*TEAM)
    body = {
        "case": office.cases[0].id, "result": "a" * 64, "role": "recruiter",
        "judgements": [{"identity": f"{1:032x}", "judged": "favorable"}],
        "confidence": "low", "conflict": False, "seconds": None,
    }  # fmt: skip
    office.put(office.draft("first-judgement", body, words=False).signed(who.private))
    assert len(Sheet(export(office, tmp_path / "r.xlsx", "reveal"), "reveal").rows) == 0


def test_a_conflict_of_interest_keeps_a_case_out_of_the_reveal(office, tmp_path):
    path = export(office, tmp_path / "first.xlsx", "first")
    found = take(
        office, filled(path, "first", lambda n: JUDGED | {"conflict": "no" if n else "yes"})
    )
    assert "somebody else has to decide" in " ".join(found.notes)
    sheet = Sheet(export(office, tmp_path / "r.xlsx", "reveal"), "reveal")
    assert [sheet.at(row, "Decision").value for row in sheet.rows] == ["A-2"]


def test_only_what_waits_for_the_role_is_written(tmp_path):
    office = Office(cases=(case(1), case(2, rule(reviewer="lead")), case(3), case(4)))
    office.escalate(2)
    office.claim(3, BEN)

    def names(**said):
        sheet = Sheet(export(office, tmp_path / "x.xlsx", "first", **said), "first")
        return [sheet.at(row, "Decision").value for row in sheet.rows]

    assert names() == ["A-1"]
    assert names(reader=None) == ["A-1"]
    assert names(reader="ben") == ["A-1", "A-4"]
    assert names(role="lead", reader="Lea") == ["A-2", "A-3"]
    with pytest.raises(UsageError, match="asks for the role 'nobody'"):
        names(role="nobody")
    with pytest.raises(UsageError, match="knows nobody of the name 'Eve'"):
        names(reader="Eve")


def test_a_second_reader_of_another_role_has_a_worksheet(tmp_path):
    office = Office(
        cases=(case(1, rule(readers=2)),),
        demands=demands({"recruiter": ("review",), "lead": ("second-review",)}),
    )
    for who in (ADA, LEA):
        said = {"reader": who.name, "role": who.roles[0]}
        path = export(office, tmp_path / "f.xlsx", "first", **said)
        take(office, filled(path, "first", lambda _: JUDGED | {"judged": "unfavorable"}), who)
        path = export(office, tmp_path / "r.xlsx", "reveal", **said)
        take(office, filled(path, "reveal", lambda _: REVIEWED), who)
    assert office.item().state == "resolved"


def test_an_appeal_goes_to_another_person_and_an_old_worksheet_does_not_answer_it(tmp_path):
    office = several(1)
    judge(office, tmp_path, judged="unfavorable")
    old = filled(export(office, tmp_path / "r.xlsx", "reveal"), "reveal", lambda _: REVIEWED)
    take(office, old)
    office.request()
    assert office.item().state == "open"
    with pytest.raises(UsageError, match="changed since this was exported"):
        take(office, old)
    assert len(Sheet(export(office, tmp_path / "x.xlsx", "reveal"), "reveal").rows) == 0

    judge(office, tmp_path, BEN)
    path = export(office, tmp_path / "b.xlsx", "reveal", reader="Ben")
    said = REVIEWED | {"outcome": "changed", "rationale": "The appeal is right."}
    take(office, filled(path, "reveal", lambda _: said), BEN)
    assert [one.final for one in office.item().decisions] == ["favorable"]


def test_a_blank_row_that_is_out_of_date_keeps_nobody_from_their_work(tmp_path):
    office = several(2)
    judge(office, tmp_path, judged="unfavorable")
    path = export(office, tmp_path / "r.xlsx", "reveal")
    office.request(0, kind="reconsideration")
    found = take(office, filled(path, "reveal", lambda n: REVIEWED if n else None))
    assert (found.filled, found.blank, len(found.drafts)) == (1, 1, 1)
    with pytest.raises(UsageError, match="changed since this was exported"):
        take(office, filled(path, "reveal", lambda _: REVIEWED))


def test_an_appeal_about_a_decision_that_nobody_flagged_is_in_the_worksheets(tmp_path):
    office = several(1)
    office.request(case="f" * 32, identity="e" * 32)
    path = export(office, tmp_path / "first.xlsx", "first")
    take(office, filled(path, "first", lambda _: JUDGED | {"judged": "unfavorable"}))
    path = export(office, tmp_path / "r.xlsx", "reveal")
    with pytest.raises(UsageError, match="no explanation of the model's answer"):
        take(office, filled(path, "reveal", lambda _: REVIEWED))
    said = {"explanation_shown": "notes of the interview"}
    take(office, filled(path, "reveal", lambda n: said if n else None))
    assert {item.state for item in office.queue().items} == {"resolved"}


def test_what_counts_for_nothing_is_refused_with_its_reason_unless_it_is_wanted(office, tmp_path):
    judge(office, tmp_path, judged="unfavorable")
    said = REVIEWED | {"takes_effect": NOW.date() - timedelta(days=1), "rationale": None}
    path = filled(export(office, tmp_path / "r.xlsx", "reveal"), "reveal", lambda _: said)
    with pytest.raises(UsageError) as caught:
        take(office, path)
    assert [p.message for p in caught.value.problems] == [
        "this would count for nothing: it was made after the decision took effect on 2026-11-24 "
        "(and 1 more rows)",
        "this would count for nothing: it gives no rationale (and 1 more rows)",
    ]
    found = take(office, path, anyway=True)
    assert (len(found.drafts), found.notes) == (2, ("2 count for nothing, and are kept on record",))
    assert office.item().state == "open"


def test_same_words_are_noted_and_not_refused(office, tmp_path):
    judge(office, tmp_path, judged="unfavorable")
    path = export(office, tmp_path / "r.xlsx", "reveal")
    found = take(office, filled(path, "reveal", lambda _: REVIEWED))
    assert found.notes == ("2 rows have the same words as another one",)


@pytest.mark.parametrize("keyring", [None, ring(BEN)])
def test_a_key_that_nobody_holds_records_nothing(office, tmp_path, keyring):
    path = filled(export(office, tmp_path / "f.xlsx", "first"), "first", lambda _: JUDGED)
    office.keyring = keyring
    with pytest.raises(UsageError, match="nobody in the keyring holds this key"):
        take(office, path)


def test_a_role_that_its_reviewer_does_not_hold_is_named(office, tmp_path):
    path = export(office, tmp_path / "f.xlsx", "first", reader=None)
    with pytest.raises(UsageError, match="did not hold the role 'recruiter'"):
        take(office, filled(path, "first", lambda _: JUDGED), LEA)


def random_first(draw: random.Random) -> dict[str, object]:
    seconds = draw.choice([None, draw.randint(0, 86_400)])
    return {
        "judged": draw.choice(["favorable", "unfavorable", "cannot say", "Cannot-Say"]),
        "confidence": draw.choice(["low", "medium", " HIGH "]),
        "conflict": draw.choice(["no", "no", "no", "yes"]),
        "seconds": None if seconds is None else draw.choice([seconds / 60, f"{seconds / 60:.4f}"]),
    }


def random_review(draw: random.Random) -> dict[str, object]:
    day = NOW.date() + timedelta(days=draw.randint(0, 4_000))
    labels = [f"CV {some_text(draw)}".replace(";", "").replace("\n", "").strip() for _ in range(4)]
    outcome = draw.choice(["kept", "changed", "not used"])
    return {
        "outcome": outcome,
        "final": draw.choice(["favorable", "unfavorable"]) if outcome == "not used" else None,
        "reason_codes": "; ".join(labels[: draw.randint(0, 4)]) or None,
        "considered": draw.choice(["; ", "\n"]).join(labels[: draw.randint(1, 4)]),
        "takes_effect": draw.choice([day, day.isoformat()]),
        "statement": draw.choice(["none given", "considered"]),
        "rationale": f"ok {some_text(draw, 200)}",
        "seconds": draw.choice([None, draw.randint(0, 1_000)]),
    }


def round_trip(count: int, tmp_path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - examples
    office = Office(
        cases=tuple(
            case(n, outcome=draw.choice(["favorable", "unfavorable"])) for n in range(count)
        )
    )
    by_case = {one.id: one.decisions[0] for one in office.cases}
    order = sorted(by_case)
    said = [random_first(draw) for _ in order]
    path = export(office, tmp_path / "first.xlsx", "first")
    found = take(office, filled(path, "first", said.__getitem__))
    bodies = {d.body["case"]: d.body for d in found.drafts}
    assert len(bodies) == count
    for name, one in zip(order, said, strict=True):
        body, judged = bodies[name], str(one["judged"]).lower().replace(" ", "-")
        assert body["judgements"] == [{"identity": by_case[name].identity, "judged": judged}]
        assert body["confidence"] == str(one["confidence"]).strip().lower()
        assert body["conflict"] == (one["conflict"] == "yes")
        minutes = one["seconds"]
        assert body["seconds"] == (None if minutes is None else round(float(minutes) * 60))

    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    mine = [name for name, one in zip(order, said, strict=True) if one["conflict"] == "no"]
    reviewed = [random_review(draw) for _ in mine]
    found = take(office, filled(path, "reveal", reviewed.__getitem__))
    bodies = {d.body["case"]: (d.body, d.id) for d in found.drafts}
    assert len(bodies) == len(mine)
    for name, one in zip(mine, reviewed, strict=True):
        (body, id_), decision = bodies[name], by_case[name]
        other = {"favorable": "unfavorable", "unfavorable": "favorable"}[decision.outcome]
        final = one["final"] or (decision.outcome if one["outcome"] == "kept" else other)
        assert body["settles"] == [
            {
                "identity": decision.identity, "rules": ["p/near"], "model": decision.outcome,
                "final": final, "outcome": str(one["outcome"]).replace(" ", "-"),
            }
        ]  # fmt: skip
        for field in ("reason_codes", "considered"):
            text = str(one[field] or "").replace("\n", ";")
            assert body[field] == list(dict.fromkeys(t.strip() for t in text.split(";") if t))
        day = one["takes_effect"]
        assert body["takes_effect"] == (day.isoformat() if isinstance(day, date) else day)
        assert body["statement"] == str(one["statement"]).replace(" ", "-")
        assert found.words[id_, "rationale"].text == str(one["rationale"]).strip()
        assert body["seconds"] == (None if one["seconds"] is None else one["seconds"] * 60)


def test_what_was_filled_in_is_what_is_on_record(tmp_path):
    round_trip(120, tmp_path, seed=20261129)


@pytest.mark.trust
def test_what_was_filled_in_is_what_is_on_record_for_ten_thousand_rows(tmp_path):
    round_trip(10_000, tmp_path, seed=20261130)


def lines_of(office, step, who, role="recruiter"):
    queue = office.queue()
    person = person_called(who.name, queue.as_of, office.keyring)
    return [line.decision.decision for line in chosen(office.desk, queue, step, role, person).lines]


def test_whoever_decided_first_after_an_appeal_may_still_answer_it(tmp_path):
    office = several(1)
    office.request()
    judge(office, tmp_path)
    office.review(0, ADA, outcome="changed", rules=["p/near"])
    assert lines_of(office, "reveal", ADA) == ["A-1"]
    path = export(office, tmp_path / "r.xlsx", "reveal")
    said = REVIEWED | {"outcome": "changed"}
    take(office, filled(path, "reveal", lambda _: said))
    assert office.item().state == "resolved"


def test_whoever_decided_before_an_appeal_has_no_row_of_it(tmp_path):
    """The negative control, and so is a request that nobody stands behind."""
    office = several(1)
    judge(office, tmp_path)
    office.review(0, ADA)
    office.request()
    assert lines_of(office, "reveal", ADA) == []
    assert lines_of(office, "first", BEN) == ["A-1"]

    entry = office.entries.pop()
    office.put(replace(entry.draft, signature=None, by=None))
    assert lines_of(office, "first", BEN) == []
    assert office.item().roles == ("recruiter",)


def test_a_conflict_in_an_earlier_review_keeps_a_case_out_as_well(office, tmp_path):
    office.review(0, conflict=True)
    assert lines_of(office, "first", ADA) == ["A-2"]
    assert lines_of(office, "first", BEN) == ["A-1", "A-2"]


def test_whoever_is_not_trained_or_may_not_decide_otherwise_has_no_row():
    nia = Member("Nia", ("recruiter",), trained_on=None)
    wim = Member("Wim", ("recruiter",), may_change=False)
    office = Office(keyring=ring(*TEAM, nia, wim))
    assert [lines_of(office, "first", who) for who in (nia, wim)] == [[], []]
    assert lines_of(office, "first", ADA) == ["A-1", "A-2"]
