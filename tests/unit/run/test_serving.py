"""The board that the page works on: as the ledger stands, whoever wrote into it in the meantime."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditor.errors import IntegrityError, SignatureError, UsageError
from auditor.ledger import new_draft
from auditor.ledger.checkpoint import sign_checkpoint
from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.verification import verify_ledger
from auditor.run.serving import Boards, evidence_for, invited, service_keyring
from tests.unit.review.office import ADA, BEN, PAGE, Member
from tests.unit.run.test_reviewing import POLICY


def write_ring(place, *members) -> str:
    people = "".join(
        f"  - {{name: {one.name}, key: {one.key}, roles: [{', '.join(one.roles)}], "
        f"from: 2026-01-01, trained_on: 2026-02-01, may_change: true}}\n"
        for one in members
    )
    place.write_text(f"auditor: keyring/1\npeople:\n{people}")
    return str(place)


@pytest.fixture
def boards(audit, frame, tmp_path):
    (tmp_path / "ours.yaml").write_text(POLICY)
    scores = frame.assign(score=[(i % 100) / 100 for i in range(len(frame))])
    said = {"score": "score", "cut_score": 0.5, "scale": (0, 1), "as_of": datetime.now(UTC).date()}
    made = audit(scores, str(tmp_path / "ours.yaml"), **said)
    make_ledger(tmp_path / "reviews.db", "ours").close()
    keyring = write_ring(tmp_path / "ring.yaml", ADA, PAGE)
    return Boards(made, str(tmp_path / "reviews.db"), keyring)


def board(boards):
    with boards() as (found, _):
        return found


def say(boards, kind, who=ADA, **body):
    with SqliteLedger(boards.ledger) as ledger:
        (entry,) = ledger.append([new_draft("ours", kind, body).signed(who.private)])
    return entry


def test_the_board_follows_what_others_write(boards):
    first = board(boards)
    case = next(iter(first.items))
    assert board(boards) is first
    say(boards, "claimed", case=case, role="recruiter")
    say(boards, "claimed", case="of another result", role="recruiter")
    second = board(boards)

    assert first.items[case].state == "open"
    assert second.items[case].state == "claimed"
    assert second.items[case].claimed_by.name == "Ada"
    whole = second.of(second.desk, second.day)
    assert whole.items == second.items
    assert list(whole.items) == list(second.items)


def test_a_request_brings_a_case_along(boards):
    first = board(boards)
    body = {
        "case": "f" * 32, "identity": "e" * 32, "outcome": "favorable",
        "model_version": "", "request": "appeal", "policy": "ours", "rule": "asked",
        "reviewer": "recruiter", "received": "2026-11-25", "due": "2026-12-25",
    }  # fmt: skip
    say(boards, "requested", **body)

    assert board(boards).items.keys() - first.items.keys() == {"f" * 32}


def test_a_keyring_that_changes_counts_at_once(boards, tmp_path):
    case = next(iter(board(boards).items))
    say(boards, "claimed", BEN, case=case, role="recruiter")
    assert board(boards).items[case].claimed_by is None

    write_ring(tmp_path / "ring.yaml", ADA, BEN, PAGE)
    assert board(boards).items[case].claimed_by.name == "Ben"
    (tmp_path / "ring.yaml").write_text("nothing")
    with pytest.raises(SignatureError):
        board(boards)


def test_a_checkpoint_that_is_made_meanwhile_covers_at_once(boards, tmp_path):
    log = Member("Log", ("checkpoint",))
    write_ring(tmp_path / "ring.yaml", ADA, PAGE, log)
    assert board(boards).desk.covered is None
    with SqliteLedger(boards.ledger) as ledger:
        root = verify_ledger(ledger).root
        ledger.keep_checkpoint(sign_checkpoint("ours", 1, root, log.private).note)
    found = board(boards)
    assert found.desk.covered == 1
    assert board(boards) is found


@pytest.mark.parametrize(("seen", "changed_from"), [(3, 1), (0, 2)])
def test_a_ledger_that_does_not_hold_shows_nothing(boards, seen, changed_from):
    case = next(iter(board(boards).items))
    for n in range(1, 4):
        say(boards, "claimed", case=case, role="recruiter")
        if n <= seen:
            board(boards)
    with closing(sqlite3.connect(boards.ledger)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        changed = "CAST(replace(CAST(content AS TEXT), 'recruiter', 'Recruiter') AS BLOB)"
        connection.execute(
            f"UPDATE entries SET content = {changed} WHERE seq >= ?",  # noqa: S608
            (changed_from,),
        )
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()

    with pytest.raises(IntegrityError):
        board(boards)


def test_another_ledger_in_its_place_is_read_from_its_beginning(boards, tmp_path):
    case = next(iter(board(boards).items))
    say(boards, "claimed", case=case, role="recruiter")
    assert board(boards).items[case].state == "claimed"
    for path in tmp_path.glob("reviews.db*"):
        path.unlink()
    make_ledger(tmp_path / "reviews.db", "ours").close()

    assert board(boards).items[case].state == "open"


def test_one_request_at_a_time_has_the_board(boards):
    board(boards)
    busy, most = [0], [0]

    def ask():
        with boards():
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            busy[0] -= 1

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]


def test_only_the_key_of_a_review_service_serves(tmp_path):
    keyring = write_ring(tmp_path / "ring.yaml", ADA, PAGE)

    assert service_keyring(keyring, PAGE.private).holder(PAGE.key)
    for other in (ADA, BEN):
        with pytest.raises(UsageError) as caught:
            service_keyring(keyring, other.private)
        assert caught.value.problems[0].slug == "not-a-review-service"


def test_only_people_who_hold_a_role_today_are_invited(tmp_path):
    ended = replace(BEN, name="Ben")
    keyring = service_keyring(write_ring(tmp_path / "r.yaml", ADA, ended, PAGE), PAGE.private)
    yesterday = datetime.now(UTC).date().replace(year=2025)
    gone = replace(keyring.holders[1], until=yesterday)
    keyring = replace(keyring, holders=(keyring.holders[0], gone, keyring.holders[2]))

    assert invited("ADA", keyring) == ADA.key
    for name in ("Ben", "page", "Nobody", ""):
        with pytest.raises(UsageError, match="lists nobody"):
            invited(name, keyring)


def test_without_an_export_there_are_no_values(boards):
    assert evidence_for(boards, None, None, None) == {}
