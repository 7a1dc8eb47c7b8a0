"""A ledger on a server of another machine: who it is, who reads along, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor.errors import PathError
from auditor.ledger.postgres import PostgresLedger, make_ledger, way
from auditor.ledger.verification import verify_ledger
from tests.cli.conftest import run  # noqa: F401 - a fixture
from tests.system.postgres_server import OWNER, WRITER
from tests.system.postgres_tls import Authority, Front
from tests.unit.ledger.conftest import CASE, Book
from tests.unit.ledger.test_any_ledger import slug

pytestmark = pytest.mark.system

HOST = "127.0.0.1"
SECRET = "correct-horse"  # noqa: S105 - the server trusts whoever connects


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ours"), "ours")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("foreign"), "foreign")


@pytest.fixture
def fronts(server) -> Iterator[Callable[..., Front]]:
    made: list[Front] = []

    def make(tls=None) -> Front:
        made.append(Front(server.folder, tls))
        return made[-1]

    yield make
    for front in made:
        front.close()


def address(front: Front, place, mode: str, root: Path, role: str = WRITER) -> str:
    return (
        f"postgresql://{role}:{SECRET}@{HOST}:{front.port}/{place.database}"
        f"?schema={place.schema}&sslmode={mode}&sslrootcert={root}"
    )


@pytest.fixture
def elsewhere(monkeypatch) -> None:
    """As if the server were on another machine."""
    monkeypatch.setattr(way, "_HERE", ())


def test_a_ledger_is_made_added_to_and_verified_through_tls(ours, fronts, no_place, elsewhere):
    front = fronts(ours.context(HOST))
    make_ledger(
        address(front, no_place, "verify-full", ours.file, OWNER), "reviews", writers=[WRITER]
    ).close()
    with PostgresLedger(address(front, no_place, "verify-full", ours.file)) as ledger:
        book = Book("", ledger, PostgresLedger)
        book.add(3)
        found = book.check(book.checkpoint())

    assert (found.holds, found.size, found.cautions) == (True, 4, ())
    assert b"INSERT INTO" in front.told


@pytest.mark.parametrize("command", [("ledger", "verify"), ("ledger", "export")])
@pytest.mark.parametrize(
    ("signed_by", "host", "says"),
    [
        ("foreign", HOST, "certificate verify failed"),
        ("ours", "db.example", "does not match host name"),
        ("nobody", HOST, "does not support SSL"),
    ],
)
def test_another_server_in_its_place_is_refused_and_told_nothing(
    ours,
    foreign,
    fronts,
    place,
    run,  # noqa: F811
    signed_by,
    host,
    says,
    command,
):
    signers = {"ours": ours, "foreign": foreign}
    front = fronts(signers[signed_by].context(host) if signed_by in signers else None)
    ran = run(*command, address(front, place, "verify-full", ours.file))

    assert (ran.code, ran.out) == (74, "")
    assert says in " ".join(ran.err.split())
    assert "docs/messages.md#server-not-trusted" in ran.err
    assert SECRET not in ran.err
    assert front.told == b""


def test_without_the_file_of_an_authority_it_is_said(ours, fronts, place, tmp_path):
    front = fronts(ours.context(HOST))
    with pytest.raises(PathError, match="does not exist") as refused:
        PostgresLedger(address(front, place, "verify-full", tmp_path / "none.crt"))

    assert slug(refused) == "server-not-trusted"


@pytest.mark.parametrize(
    ("mode", "has_tls", "says"),
    [
        ("disable", True, "nothing between this machine and 127.0.0.1 is encrypted"),
        ("prefer", False, "nothing between this machine and 127.0.0.1 is encrypted"),
        ("require", True, "the certificate of 127.0.0.1 was not compared with its name"),
        ("verify-ca", True, "(sslmode is verify-ca)"),
        ("verify-full", True, None),
    ],
)
def test_what_others_on_the_way_could_do_is_said(
    ours, fronts, place, elsewhere, mode, has_tls, says
):
    front = fronts(ours.context(HOST) if has_tls else None)
    with PostgresLedger(address(front, place, mode, ours.file), read_only=True) as ledger:
        found = verify_ledger(ledger)

    assert found.holds
    assert len(found.cautions) == (says is not None)
    assert says is None or says in found.cautions[0]


def test_nobody_is_on_the_way_to_this_machine_itself(ours, fronts, place):
    with PostgresLedger(address(fronts(), place, "disable", ours.file), read_only=True) as ledger:
        assert verify_ledger(ledger).cautions == ()


def test_who_makes_a_ledger_hears_it_too(ours, fronts, no_place, elsewhere, run):  # noqa: F811
    made = run("ledger", "init", address(fronts(), no_place, "disable", ours.file, OWNER))

    assert made.code == 0
    assert "Careful: nothing between this machine and 127.0.0.1 is encrypted" in " ".join(
        made.err.split()
    )
    assert SECRET not in made.err


def needs_its_own_connection(statements) -> list[str]:
    """What a pool that gives every transaction any connection would take apart."""
    found, inside = [], False
    for name, text in statements:
        words = text.upper()
        inside = inside or words.startswith("BEGIN")
        session = " SET " in f" {words.replace('SET LOCAL', '')}" or "ADVISORY_LOCK" in words
        if name or not inside or session:
            found.append(text)
        inside = inside and words not in {"COMMIT", "ROLLBACK"}
    return found


def test_a_pool_may_give_every_transaction_another_connection(ours, fronts, place):
    front = fronts()
    with PostgresLedger(address(front, place, "disable", ours.file)) as ledger:
        book = Book("", ledger, PostgresLedger)
        spoken = [entry for entry in book.add(12) if entry.draft.words]
        listed = [{"id": spoken[0].draft.id, "fields": ["why"]}]
        ledger.keep_checkpoint(book.checkpoint().note)
        ledger.erase(book.draft("erased", {"case": CASE, "entries": listed}))
        assert book.check().holds
    statements = front.statements()

    assert len([text for _, text in statements if "pg_advisory_xact_lock" in text]) == 14
    assert needs_its_own_connection(statements) == []


@pytest.mark.parametrize(
    "statement",
    [
        ("", "SELECT 1"),
        ("_pg3_0", "BEGIN"),
        ("", "BEGIN; SET search_path = x"),
        ("", "BEGIN; SELECT pg_advisory_lock(1)"),
    ],
)
def test_what_a_pool_would_take_apart_is_seen(statement):
    assert needs_its_own_connection([("", "BEGIN"), ("", "COMMIT"), statement]) == [statement[1]]
