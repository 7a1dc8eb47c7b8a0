"""Erasing the words of a case: what goes, what stays, and who may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.errors import PathError, UsageError
from auditor.ledger import Words, new_draft
from auditor.ledger.sqlite import SqliteLedger, make_ledger, opening
from auditor.ledger.verification import verify_ledger
from auditor.review import Desk, checked_review
from auditor.review.erasing import erase_words
from tests.unit.review.office import ADA, BEN, EVE, LEDGER, NOW, PAGE, Office, ring, said

RATIONALE = "she told me about her illness in the interview"
STATEMENT = "I was in hospital when the test was sent"
OTHERS = "the other one has no gap at all"


@pytest.fixture
def ledger(tmp_path):
    """Two reviewed cases; about the first one somebody asked as well."""
    with make_ledger(tmp_path / "reviews.db", LEDGER, clock=lambda: NOW) as made:
        office = Office()
        for case, words in zip(office.cases, (RATIONALE, OTHERS), strict=True):
            told = said(case, rationale=words)
            review = checked_review(desk(made), told, private=ADA.private, now=NOW)
            made.append([review.must_count().draft], review.words)
        body = {"case": office.cases[0].id, "identity": "i", "outcome": "unfavorable",
                "model_version": "v1", "request": "appeal", "policy": "p", "rule": "r",
                "reviewer": "recruiter", "received": "2026-11-25", "due": "2026-12-25"}  # fmt: skip
        beside = {"statement": Words(text=STATEMENT), "decision": Words(text="A-1")}
        draft = new_draft(LEDGER, "requested", body, words=beside, now=NOW).signed(ADA.private)
        made.append([draft], {(draft.id, name): text for name, text in beside.items()})
        yield made


def desk(ledger: SqliteLedger, *members) -> Desk:
    keyring = ring(*members)
    return replace(Office().desk, entries=tuple(ledger.entries()), keyring=keyring)


def erase(ledger: SqliteLedger, case: str, *, by=BEN, of: Desk | None = None):
    return erase_words(of or desk(ledger), ledger, case, private=by.private, now=NOW)


def texts_in(ledger: SqliteLedger) -> list[str]:
    content = b"".join(p.read_bytes() for p in ledger.path.parent.glob(f"{ledger.path.name}*"))
    return [text for text in (RATIONALE, STATEMENT, OTHERS) if text.encode() in content]


def slug(refused) -> str:
    return refused.value.problems[0].slug


def test_all_words_of_a_case_are_gone_and_its_reviews_count_as_before(ledger):
    first, second = Office().cases
    before = desk(ledger).queue(NOW.date())
    assert texts_in(ledger) == [RATIONALE, STATEMENT, OTHERS]
    gone = erase(ledger, first.id)
    after = desk(ledger).queue(NOW.date())

    assert texts_in(ledger) == [OTHERS]
    assert (gone.case, gone.entries) == (first.id, 2)
    assert gone.fields == {"rationale": 1, "statement": 1, "decision": 1}
    assert [(i.state, i.pending) for i in after.items] == [
        (i.state, i.pending) for i in before.items
    ]
    assert after.items[1].state == "resolved"
    assert after.items[0].records[0].counts
    found = verify_ledger(ledger, keyring=ring())
    assert (found.holds, found.erased, found.not_authentic) == (True, 3, ())
    assert second.id not in str(gone.entry.draft.body)
    assert all(text not in repr(gone) for text in (RATIONALE, STATEMENT, OTHERS))


def test_what_was_written_later_is_erased_in_its_turn(ledger):
    first = Office().cases[0]
    erase(ledger, first.id)
    told = said(first, rationale=RATIONALE)
    again = checked_review(desk(ledger), told, private=BEN.private, now=NOW)
    ledger.append([again.draft], again.words)

    assert texts_in(ledger) == [RATIONALE, OTHERS]
    assert erase(ledger, first.id).fields == {"rationale": 1}
    assert texts_in(ledger) == [OTHERS]
    assert verify_ledger(ledger).holds


def test_a_case_that_only_the_ledger_knows_is_found(ledger):
    first = Office().cases[0]
    without = replace(desk(ledger), cases=())

    assert erase(ledger, first.id, of=without).entries == 2


@pytest.mark.parametrize(
    ("case", "says"),
    [("", "has a case"), ("f", "has a case"), ("c0", "2 cases of this result and ledger begin")],
)
def test_a_case_has_to_be_told_from_all_others(ledger, case, says):
    with pytest.raises(UsageError, match=says) as refused:
        erase(ledger, case)

    assert slug(refused) == "unknown-case"
    assert len(texts_in(ledger)) == 3


def test_where_nothing_is_there_nothing_is_recorded(ledger):
    first, second = Office().cases
    erase(ledger, second.id)
    size = len(list(ledger.entries()))
    again = erase(ledger, second.id)

    assert (again.entry.seq, again.entries, again.fields) == (4, 0, {})
    assert len(list(ledger.entries())) == size
    bare = replace(Office(cases=(*Office().cases[:1],)).desk, entries=(), ledger=LEDGER)
    with pytest.raises(UsageError, match="no words lie beside the chain") as refused:
        erase(ledger, first.id, of=bare)
    assert slug(refused) == "nothing-to-erase"


@pytest.mark.parametrize(
    ("by", "members", "says"),
    [
        (EVE, (), "its key is not in the keyring"),
        (PAGE, (), "it is the key of a service"),
        (BEN, (replace(BEN, until=NOW.date().replace(day=1)),), "its key holds from"),
    ],
)
def test_only_a_person_of_the_keyring_erases(ledger, by, members, says):
    with pytest.raises(UsageError, match=says) as refused:
        erase(ledger, Office().cases[0].id, by=by, of=desk(ledger, *members))

    assert slug(refused) == "erased-by-nobody"
    assert len(texts_in(ledger)) == 3


def test_without_a_keyring_nobody_erases(ledger):
    with pytest.raises(UsageError, match="no keyring says") as refused:
        erase(ledger, Office().cases[0].id, of=replace(desk(ledger), keyring=None))

    assert "name it with --keyring" in refused.value.problems[0].hint
    assert len(texts_in(ledger)) == 3


def test_a_log_that_was_in_use_is_emptied_by_asking_again(ledger, monkeypatch):
    monkeypatch.setitem(opening.SETTINGS, "busy_timeout", 50)
    first = Office().cases[0]
    with SqliteLedger(ledger.path, clock=lambda: NOW) as mine:
        with SqliteLedger(ledger.path, read_only=True) as other, other.reading():
            list(other.entries())
            with pytest.raises(PathError) as refused:
                erase(mine, first.id)
            assert slug(refused) == "log-not-emptied"
            assert RATIONALE in texts_in(ledger)
            size = len(list(other.entries()))
        assert erase(mine, first.id).entries == 0
        assert len(list(mine.entries())) == size + 1

    assert texts_in(ledger) == [OTHERS]
