"""The gate with a ledger: what people recorded counts, and nothing else opens it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

import auditor
from auditor.errors import IntegrityError, PathError, ReviewsOpen, SignatureError
from auditor.ledger import Words, new_draft
from auditor.ledger.checkpoint import sign_checkpoint
from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.sqlite.salvaging import salvage_ledger
from auditor.ledger.verification import verify_ledger
from auditor.report import render_html, render_text
from auditor.review import Said, answers, checked_review
from auditor.run.reviewing import desk_of
from tests.unit.review.office import ADA, EVE, Member, ring

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LOG = Member("Log", ("checkpoint",))
POLICY = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates:
  - {id: unknown, kind: unknown-share, says: s, because: [b], options: {limit: 0.9}}
reviews:
  - {id: near, kind: near-cut-score, says: Look., because: [b], options: {band: 0.01},
     reviewer: recruiter, due: 3 days}
"""


@pytest.fixture
def made(audit, frame, tmp_path) -> auditor.Audit:
    (tmp_path / "ours.yaml").write_text(POLICY)
    scores = frame.assign(score=[(i % 100) / 100 for i in range(len(frame))])
    return audit(scores, str(tmp_path / "ours.yaml"), score="score", cut_score=0.5, scale=(0, 1))


@pytest.fixture
def ledger(tmp_path):
    with make_ledger(tmp_path / "reviews.db", "ours", clock=lambda: NOW) as held:
        yield held


def review(made, ledger, case, who=ADA, **said):
    desk = desk_of(made.result, made.files, ledger, ring(ADA))
    told = Said(
        case=case.id, role="recruiter", answers=answers(case, "kept"), rationale="Read it.",
        considered=("CV",), explanation_shown=("reasons",), takes_effect=date(2026, 12, 1),
    )  # fmt: skip
    checked = checked_review(desk, replace(told, **said), private=who.private, now=NOW)
    ledger.append([checked.draft], checked.words)


def test_words_at_hand_that_say_nothing_open_no_gate(made, ledger):
    """Of whoever has a key and a program of their own; erased words are nobody's to judge."""
    desk = desk_of(made.result, made.files, ledger, ring(ADA))
    words = Words(text="x.")
    for case in desk.cases:
        told = Said(
            case=case.id, role="recruiter", answers=answers(case, "kept"), rationale="Read it.",
            considered=("CV",), explanation_shown=("reasons",), takes_effect=date(2026, 12, 1),
        )  # fmt: skip
        body = checked_review(desk, told, private=ADA.private, now=NOW).draft.body
        draft = new_draft(ledger.name, "reviewed", body, words={"rationale": words}, now=NOW)
        ledger.append([draft.signed(ADA.private)], {(draft.id, "rationale"): words})

    found = desk_of(made.result, made.files, ledger, ring(ADA)).queue(NOW.date())
    assert found.reviews_open == len(desk.cases)
    assert found.items[0].records[-1].objections == ("its rationale says nothing",)


def cases(made, ledger):
    return desk_of(made.result, made.files, ledger, None).cases


def test_the_gate_opens_when_every_mandatory_flag_is_settled(made, ledger):
    waiting = cases(made, ledger)
    day = NOW.date()

    assert len(waiting) > 3
    assert made.verdict.exit_code == 5
    for n, case in enumerate(waiting):
        seen = made.reviewed(ledger, ring(ADA), as_of=day).verdict
        assert (seen.reviews_open, seen.exit_code) == (len(waiting) - n, 5)
        review(made, ledger, case)
    opened = made.reviewed(ledger, ring(ADA), as_of=day)
    assert (opened.verdict.exit_code, opened.verdict.state.value) == (0, "pass")
    opened.raise_for_verdict()
    with pytest.raises(ReviewsOpen):
        made.raise_for_verdict()


def test_without_a_keyring_nothing_counts_and_the_sentence_says_so(made, ledger):
    for case in cases(made, ledger):
        review(made, ledger, case)
    seen = made.reviewed(ledger, as_of=NOW.date()).verdict

    assert seen.exit_code == 5
    assert "no keyring says whose key is whose" in seen.says


def test_a_record_of_nobody_known_clears_nothing(made, ledger):
    for case in cases(made, ledger):
        review(made, ledger, case, who=EVE)
    seen = made.reviewed(ledger, ring(ADA), as_of=NOW.date())

    assert seen.verdict.exit_code == 5
    assert seen.reviews["unauthenticated"] == seen.reviews["records"] == len(cases(made, ledger))
    assert "not authentic" in seen.verdict.says


def test_what_is_overdue_is_said(made, ledger):
    seen = made.reviewed(ledger, ring(ADA), as_of=date(2026, 12, 24))

    assert f"{seen.verdict.reviews_open} of them are overdue" in seen.verdict.says


@pytest.mark.parametrize("as_path", [True, False])
def test_a_ledger_that_cannot_be_opened_is_never_a_pass(made, tmp_path, as_path):
    place = tmp_path / "none.db"
    with pytest.raises(PathError) as caught:  # V-35
        made.reviewed(place if as_path else str(place), ring(ADA))

    assert caught.value.exit_code == 74
    assert not place.exists()


def test_a_ledger_that_does_not_hold_is_refused(made, ledger, monkeypatch):
    review(made, ledger, cases(made, ledger)[0])
    rows = list(ledger.rows())
    broken = rows[1]._replace(content=rows[1].content.replace(b'"kept"', b'"held"'))
    monkeypatch.setattr(SqliteLedger, "rows", lambda _, start=0: iter([rows[0], broken][start:]))

    with pytest.raises(IntegrityError) as caught:
        made.reviewed(ledger, ring(ADA))
    assert caught.value.exit_code == 6


def test_a_keyring_that_is_wrong_or_not_there(made, ledger, tmp_path):
    with pytest.raises(PathError):
        made.reviewed(ledger, tmp_path / "none.yaml")
    (tmp_path / "ring.yaml").write_text("auditor: keyring/1\n")
    with pytest.raises(SignatureError):
        made.reviewed(ledger, tmp_path / "ring.yaml")


def test_reports_say_what_people_did(made, ledger):
    first, *rest = cases(made, ledger)
    review(made, ledger, first)
    seen = made.reviewed(ledger, ring(ADA), as_of=NOW.date())
    total = 1 + len(rest)

    text, page = render_text(seen.judged()), render_html(seen.judged())
    for shown in (text, page):
        assert f"1 of {total} required reviews done, 1 in time" in " ".join(shown.split())
    assert "Human review" in page
    assert "Human review" not in render_html(made.judged())
    assert first.decisions[0].decision not in page


def test_a_stored_result_holds_no_reviews(made, ledger, tmp_path):
    seen = made.reviewed(ledger, ring(ADA), as_of=NOW.date())
    place = seen.save(tmp_path / "out")

    assert auditor.load(place).reviews is None
    text = (place / "audit.json").read_text()
    counted = json.dumps(seen.reviews)
    (place / "audit.json").write_text(text.replace('"reviews": null', f'"reviews": {counted}'))
    with pytest.raises(IntegrityError, match="stand in a ledger only"):
        auditor.load(place)


def test_an_audit_without_flags_needs_nobody(audit, ledger):
    counts = auditor.counts({"M": (1000, 505), "F": (1000, 500)}, attribute="sex")
    seen = auditor.audit(counts, "us-adverse-impact").reviewed(ledger, ring(ADA))

    assert seen.verdict.exit_code == 0
    assert (seen.reviews["required"], seen.reviews["records"]) == (0, 0)


def test_a_gate_rests_on_no_ledger_whose_checkpoints_ended_long_ago(made, tmp_path):
    now = datetime(2090, 6, 1, 12, 0, tzinfo=UTC)
    made = replace(made, files={})  # no flag waits: only the ledger is in question
    private, known = LOG.private, ring(ADA, LOG)
    with make_ledger(tmp_path / "old.db", "ours", clock=lambda: now) as old:
        first = sign_checkpoint("ours", 1, verify_ledger(old).root, private)
        old.append([new_draft("ours", "released", {"case": "c"}, now=now)])

        def day(days):
            return (now + timedelta(days=days)).date()

        def gate(days, *checkpoints):
            return made.reviewed(old, known, as_of=day(days), checkpoints=checkpoints)

        nobody = made.reviewed(old, ring(ADA), as_of=day(60))
        assert nobody.verdict.exit_code == 0  # nobody has the role, so nobody will make one
        codes = [gate(days).verdict.exit_code for days in (7, 8, 60)]
        assert codes == [0, 6, 6]  # also where those that were kept in it are taken away
        assert gate(7, first).verdict.exit_code == 0
        late = gate(8, first)
        assert (late.verdict.exit_code, late.verdict.state.value) == (6, "no_verdict")
        assert "exits 6: the ledger cannot be relied on" in render_text(late.judged())
        assert "since 2090-06-01 are covered by no checkpoint" in render_html(late.judged())
        with pytest.raises(IntegrityError, match="covered by no checkpoint") as refused:
            late.raise_for_verdict()
        assert refused.value.problems[0].slug == "ledger-long-unanchored"
        second = sign_checkpoint("ours", 2, verify_ledger(old).root, private)
        assert gate(800, first, second).verdict.exit_code == 0
        old.keep_checkpoint(first.note)
        assert gate(8).verdict.exit_code == 6
        old.keep_checkpoint(second.note)
        assert gate(800).verdict.exit_code == 0


@pytest.mark.parametrize(
    ("keyring", "covered"),
    [
        (ring(ADA, LOG), 1),
        (ring(ADA), None),  # nobody's key
        (ring(ADA, replace(LOG, roles=("recruiter",))), None),  # of somebody without the role
        (ring(ADA, replace(LOG, until=date(2026, 2, 1))), None),  # whose key had ended
        (None, None),
    ],
    ids=["held", "unknown", "no role", "ended", "no keyring"],
)
def test_only_checkpoints_of_those_with_the_role_cover_entries(made, ledger, keyring, covered):
    ledger.keep_checkpoint(sign_checkpoint("ours", 1, verify_ledger(ledger).root, LOG.private).note)
    seen = made.reviewed(ledger, keyring, as_of=NOW.date())

    assert seen.reviews["anchor"]["covered"] == covered
    unseen = "entries that were left out, put in another order or dated anew would not be seen"
    assert (unseen in render_html(seen.judged())) is (covered is None)


def test_a_gate_rests_on_no_salvage_that_no_checkpoint_made_since_covers(made, tmp_path):
    made, known = replace(made, files={}), ring(ADA, LOG)  # no flag waits
    with make_ledger(tmp_path / "old.db", "ours", clock=lambda: NOW) as old:
        old.append([new_draft("ours", "released", {"case": "c"}, now=NOW)])
        earlier = sign_checkpoint("ours", 2, verify_ledger(old).root, LOG.private)
        assert made.reviewed(old, known, checkpoints=[earlier]).verdict.exit_code == 0
    damaged = sqlite3.connect(tmp_path / "old.db")
    damaged.execute("CREATE VIEW more AS SELECT 1")
    damaged.close()
    salvage_ledger(tmp_path / "old.db", tmp_path / "new.db", clock=lambda: NOW)
    with SqliteLedger(tmp_path / "new.db", clock=lambda: NOW) as new:
        seen = made.reviewed(new, known, checkpoints=[earlier])
        assert (seen.verdict.exit_code, seen.verdict.state.value) == (6, "no_verdict")
        for shown in (render_text(seen.judged()), render_html(seen.judged())):
            assert "no checkpoint made since covers that" in " ".join(shown.split())
        with pytest.raises(IntegrityError, match="The ledger was salvaged") as refused:
            seen.raise_for_verdict()
        assert refused.value.problems[0].slug == "ledger-salvaged"
        root = verify_ledger(new).root
        new.keep_checkpoint(sign_checkpoint("ours", 3, root, EVE.private).note)
        assert made.reviewed(new, known).verdict.exit_code == 6
        new.keep_checkpoint(sign_checkpoint("ours", 3, root, LOG.private).note)
        assert made.reviewed(new).verdict.exit_code == 6  # nobody says whose checkpoint it is
        seen = made.reviewed(new, known)
        assert seen.verdict.exit_code == 0
        assert "the ledger was salvaged" in render_text(seen.judged())


def test_a_checkpoint_that_does_not_fit_is_refused(made, ledger):
    wrong = sign_checkpoint("ours", 1, b"\0" * 32, ADA.private)
    with pytest.raises(IntegrityError, match="are not those that the checkpoint covers"):
        made.reviewed(ledger, ring(ADA), as_of=NOW.date(), checkpoints=[wrong])
