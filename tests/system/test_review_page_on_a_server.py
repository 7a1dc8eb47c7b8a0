"""The page over a ledger on a PostgreSQL server, as one of the roles that may only add to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from auditor.ledger.postgres import PostgresLedger
from auditor.ledger.verification import verify_ledger
from auditor.run.serving import carried_on
from tests.unit.review.front import WORDS, Front, decision, flagged, place, reveal, text
from tests.unit.review.office import ADA, BEN

pytestmark = pytest.mark.system


@dataclass
class ServerFront(Front):
    """A page whose ledger was made already, and is opened by its address."""

    url: str = ""

    def make(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def opened(self) -> PostgresLedger:
        return PostgresLedger(self.url)


@pytest.fixture
def front(tmp_path, no_place):
    from auditor.ledger.postgres import make_ledger
    from tests.system.postgres_server import OWNER, READER, WRITER

    make_ledger(no_place.url(OWNER), "reviews", writers=[WRITER], readers=[READER]).close()
    return ServerFront(tmp_path, cases=(flagged(1, readers=2),), url=no_place.url(WRITER))


def test_two_readers_review_a_case_on_the_page(front):
    one = front.cases[0]
    for who, says in ((ADA, "still waits"), (BEN, "is settled")):
        browser = front.logged_in(who)
        assert "Step 2" in reveal(front, browser, one).text
        assert says in text(browser.follow(browser.post(place(one, "decide"), **decision(one))))

    assert front.kinds() == ["claimed", "first-judgement", "reviewed"] * 2
    assert front.trouble == []
    with front.sitting() as (_, ledger):
        assert verify_ledger(ledger, keyring=front.keyring).faults == ()
        assert [words.text for words in ledger.words().values()] == [WORDS] * 2


def test_a_board_iscarried_on_from_what_was_read_before(front):
    with front.sitting() as (before, _):
        pass
    one = front.cases[0]
    front.logged_in().post(place(one, "claim"), role="recruiter")
    with front.sitting() as (whole, ledger):
        later = carried_on(before, ledger)

    assert before.items[one.id].state == "open"
    assert later.items == whole.items
    assert later.items[one.id].state == "claimed"
