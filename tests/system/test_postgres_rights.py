"""Who may do what to a ledger on a server, and what is seen of those whom nothing keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

import psycopg
import pytest
from psycopg import errors, sql

from auditor.errors import AuditorError, IntegrityError, PathError, UsageError
from auditor.ledger import new_draft, open_ledger
from auditor.ledger.postgres import PostgresLedger, make_ledger, opening
from auditor.ledger.verification import verify_ledger
from tests.system.postgres_server import OWNER, READER, STRANGER, WRITER, Server
from tests.unit.ledger.conftest import CASE, Book, private_of
from tests.unit.ledger.test_any_ledger import slug

pytestmark = pytest.mark.system

CHANGES = [
    "UPDATE entries SET content = '' WHERE seq = 1",
    "UPDATE entries SET seq = 9 WHERE seq = 1",
    "UPDATE words SET text = ''",
    "UPDATE checkpoints SET note = 'x'",
    "DELETE FROM entries WHERE seq = 3",
    "DELETE FROM words",
    "DELETE FROM checkpoints",
    "TRUNCATE entries CASCADE",
    "TRUNCATE words",
    "TRUNCATE checkpoints",
]
POWERS = [
    "ALTER TABLE entries DISABLE TRIGGER ALL",
    "ALTER TABLE entries DISABLE TRIGGER entries_stay",
    "DROP TRIGGER entries_stay ON entries",
    "DROP TABLE words",
    "CREATE OR REPLACE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE RULE more AS ON INSERT TO entries DO INSTEAD NOTHING",
    "CREATE TRIGGER more BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION stays()",
    "ALTER TABLE entries ENABLE ROW LEVEL SECURITY",
    "SET session_replication_role = replica",
]


ADDED = "INSERT INTO entries VALUES (4, 'x', '{}')"


@pytest.fixture
def kept(book):
    """A ledger with three entries, words and a checkpoint; the checkpoint from outside is given."""
    book.add(3)
    outside = book.checkpoint()
    book.ledger.keep_checkpoint(outside.note)
    return book, outside


@pytest.mark.parametrize("role", [WRITER, READER])
def test_those_who_add_and_those_who_read_can_change_nothing(kept, place, role):
    book, outside = kept
    with place.connect(role) as other:
        for statement in CHANGES + POWERS:
            with pytest.raises(errors.InsufficientPrivilege):
                other.execute(statement)

    assert book.check(outside).holds


def test_a_stranger_sees_nothing(kept, place):
    with place.connect(STRANGER) as other:
        for statement in (f"TABLE {place.schema}.entries", f"TABLE {place.schema}.words", ADDED):
            with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedTable)):
                other.execute(statement)
    with pytest.raises(PathError) as refused:
        PostgresLedger(place.url(STRANGER), read_only=True)

    assert slug(refused) == "ledger-unusable"


@pytest.mark.parametrize(
    ("role", "mode"), [(OWNER, None), ("postgres", "origin"), ("postgres", "replica")]
)
def test_its_owner_changes_nothing_by_accident(kept, place, role, mode):
    book, outside = kept
    with place.connect(role) as other:
        if mode is not None:
            other.execute(f"SET session_replication_role = {mode}")
        for statement in CHANGES:
            with pytest.raises(errors.RaiseException):
                other.execute(statement)

    assert book.check(outside).holds


def test_of_triggers_that_do_not_fire_always_a_superuser_skips_every_one(kept, place):
    """Why ours fire always: as they come, they would not for who sets this."""
    with place.connect(OWNER) as other:
        other.execute("ALTER TABLE checkpoints ENABLE TRIGGER USER")
    with place.connect("postgres") as other:
        other.execute("SET session_replication_role = replica")
        other.execute("DELETE FROM checkpoints")

    assert kept[0].ledger.checkpoints() == ()


@pytest.mark.parametrize("statement", CHANGES)
def test_without_the_triggers_its_owner_can_and_verification_sees_it(kept, place, statement):
    book, outside = kept
    with place.connect(OWNER) as other:
        for table in ("entries", "words", "checkpoints"):
            other.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        other.execute("ALTER TABLE words DROP CONSTRAINT words_id_fkey")
        other.execute(statement)
    found = book.check(outside)

    assert not found.holds
    assert any("trigger entries_stay" in fault.says for fault in found.faults)


def test_an_owner_who_puts_the_triggers_back_is_caught_by_a_checkpoint_alone(kept, place):
    book, outside = kept
    with place.connect(OWNER) as other:
        for table in ("entries", "checkpoints", "words"):
            other.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        other.execute("DELETE FROM checkpoints")
        other.execute("DELETE FROM words WHERE id = (SELECT id FROM entries WHERE seq = 3)")
        other.execute("DELETE FROM entries WHERE seq = 3")
        names = other.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid IN ('entries'::regclass, 'words'::regclass, 'checkpoints'::regclass)"
        ).fetchall()
        for table, name in names:
            other.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    alone, anchored = book.check(), book.check(outside)

    assert alone.holds
    assert "entries were left out" in alone.cannot_exclude
    assert not anchored.holds
    assert any("the end is gone" in fault.says for fault in anchored.faults)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        *((power, "") for power in POWERS[:-1] if "DROP TABLE" not in power),
        ("ALTER TABLE entries ENABLE TRIGGER entries_stay", "trigger entries_stay"),
        ("ALTER TABLE words DISABLE TRIGGER ALL", "trigger words_stay_all"),
        (f"GRANT UPDATE ON words TO {WRITER}", f"{WRITER} may UPDATE on words"),
        (f"GRANT UPDATE (note) ON checkpoints TO {WRITER}", "may UPDATE on checkpoints"),
        ("GRANT DELETE ON entries TO PUBLIC", "everybody may DELETE on entries"),
        (f"GRANT EXECUTE ON FUNCTION words_go() TO {WRITER}", "may EXECUTE on words_go"),
        ("GRANT EXECUTE ON FUNCTION words_go() TO PUBLIC", "everybody may EXECUTE on words_go"),
        (f"GRANT TRIGGER ON entries TO {READER}", f"{READER} may TRIGGER on entries"),
        ("CREATE TABLE more (x int)", "table more"),
        ("CREATE VIEW more AS SELECT 1", "changed relation more"),
        ("CREATE INDEX more ON words (salt)", "index more"),
        ("CREATE TABLE more () INHERITS (entries)", "changed relation entries"),
        ("ALTER TABLE words ADD COLUMN more text", "table words"),
        ("ALTER TABLE words ALTER COLUMN salt SET DEFAULT 'x'", "table words"),
        ("ALTER TABLE words DROP CONSTRAINT words_id_fkey", "constraint of words"),
        ("ALTER TABLE entries SET UNLOGGED", "changed relation"),
        ("ALTER FUNCTION words_go() RESET search_path", "function words_go"),
        ("ALTER FUNCTION words_go() SECURITY INVOKER", "function words_go"),
        ("CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function more"),
    ],
)
def test_a_changed_structure_is_seen_and_refused(kept, place, statement, says):
    book, _ = kept
    system = "TRIGGER ALL" in statement  # those of the system are a superuser's
    with place.connect("postgres" if system else OWNER) as other:
        if "UNLOGGED" in statement:  # a table that another one refers to stays logged
            other.execute("ALTER TABLE words SET UNLOGGED")
        other.execute(statement)
    found = book.check()
    with pytest.raises(IntegrityError) as refused:
        PostgresLedger(place.url())

    assert not found.holds
    assert any(says in f.says for f in found.faults if f.kind == "storage")
    assert slug(refused) == "ledger-damaged"


def test_upkeep_that_changes_nothing_is_no_damage(kept, place):
    book, outside = kept
    with place.connect(OWNER) as other:
        for statement in ("VACUUM FULL entries", "ANALYZE", "REINDEX TABLE entries", "CLUSTER"):
            other.execute(statement)

    assert book.check(outside).holds
    assert book.add(1)[0].seq == 4


@pytest.mark.parametrize("role", [OWNER, "postgres"])
def test_nothing_is_added_through_a_role_that_could_change_it(kept, place, role):
    with pytest.raises(PathError) as refused:
        PostgresLedger(place.url(role))
    with PostgresLedger(place.url(role), read_only=True) as ledger:
        found = verify_ledger(ledger)

    assert slug(refused) == "ledger-owner-writes"
    assert found.holds
    assert f"act for the owner of the ledger ({OWNER})" in found.cautions[0]
    assert verify_ledger(kept[0].ledger).cautions == ()


def test_a_member_of_the_owner_counts_as_the_owner(kept, place, server):
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f"GRANT {OWNER} TO {WRITER}")
        try:
            with pytest.raises(PathError) as refused:
                PostgresLedger(place.url())
        finally:
            admin.execute(f"REVOKE {OWNER} FROM {WRITER}")

    assert slug(refused) == "ledger-owner-writes"
    PostgresLedger(place.url()).close()


def test_a_reader_reads_and_adds_nothing(kept, place):
    book, outside = kept
    with PostgresLedger(place.url(READER), read_only=True) as ledger:
        assert verify_ledger(ledger, [outside]).holds
    with PostgresLedger(place.url(READER)) as ledger, pytest.raises(PathError) as refused:
        ledger.append([book.draft()])

    assert slug(refused) == "ledger-unusable"


def test_words_come_and_go_with_an_entry_only(kept, place):
    book, _ = kept
    (where,) = book.ledger.words()
    with place.connect(WRITER) as other:
        for row in ((where[0], "more", "s", b"t"), ("x", "why", "s", b"t")):
            with pytest.raises(errors.RaiseException, match="together with the entry"):
                other.execute("INSERT INTO words VALUES (%s, %s, %s, %s)", row)
    body = {"case": CASE, "entries": [{"id": where[0], "fields": [where[1]]}]}
    book.ledger.erase(book.draft("erased", body).signed(private_of("ada")))

    assert book.ledger.words() == {}
    assert book.check().holds
    assert book.check().erased == 1


def test_what_takes_words_away_works_for_entries_alone(kept, place):
    """Even for somebody who was given the right to call it."""
    with place.connect(OWNER) as owner:
        owner.execute(f"GRANT EXECUTE ON FUNCTION words_go() TO {READER}")
        owner.execute(f"GRANT ALL ON SCHEMA {place.schema} TO {READER}")
    with place.connect(READER) as other:
        other.execute("CREATE TEMP TABLE mine (content bytea)")
        other.execute(
            "CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION words_go()"
        )
        (where,) = kept[0].ledger.words()
        body = {"entries": [{"id": where[0], "fields": [where[1]]}]}
        said = json.dumps({"said": {"kind": "erased", "body": body}}).encode()
        with pytest.raises(errors.RaiseException, match="for the entries of a ledger"):
            other.execute("INSERT INTO mine VALUES (%s)", (said,))

    assert len(kept[0].ledger.words()) == 1


@pytest.mark.parametrize("changes", [{"id": "a\0b"}, {"body": {"case": "a\0b", "role": "hr"}}])
def test_what_a_server_cannot_hold_is_refused_and_leaves_nothing(book, changes):
    with pytest.raises(UsageError) as refused:
        book.ledger.append([replace(book.draft(), **changes)])

    assert slug(refused) == "draft-malformed"
    assert len(list(book.ledger.entries())) == 1
    assert book.add(1)[0].seq == 1


def test_a_backup_that_is_restored_holds(kept, place, tmp_path):
    book, outside = kept
    dump = place.server.run(
        "pg_dump", "-n", place.schema, "-d", place.server.url(OWNER, place.database)
    )
    copy = place.server.database()
    place.server.run(
        "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", place.server.url(OWNER, copy), said=dump
    )
    address = place.url().replace(f"/{place.database}?", f"/{copy}?")
    with PostgresLedger(address) as ledger:
        assert verify_ledger(ledger, [outside]).holds
        assert ledger.append([book.draft()])[0].seq == 4


def test_a_number_out_of_its_order_is_refused(kept, place):
    with place.connect(WRITER) as other:
        for seq in (-1, 1, 5):
            with pytest.raises((errors.RaiseException, errors.UniqueViolation)):
                other.execute("INSERT INTO entries VALUES (%s, 'x', '{}')", (seq,))
        other.execute("INSERT INTO entries VALUES (4, 'x', '{}')")  # its form is not looked at

    assert not kept[0].check().holds  # and it is seen


def test_names_that_others_made_are_not_looked_up(kept, place):
    book, outside = kept
    with place.connect("postgres") as other:
        other.execute("CREATE SCHEMA IF NOT EXISTS evil")
        other.execute(
            "CREATE OR REPLACE FUNCTION evil.pg_advisory_xact_lock(bigint) RETURNS void "
            "LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'evil'; END $$"
        )
        other.execute("GRANT USAGE ON SCHEMA evil TO PUBLIC")
        other.execute(f"ALTER ROLE {WRITER} SET search_path = evil, pg_catalog")
        try:
            with PostgresLedger(place.url()) as ledger:
                ledger.append([book.draft()])
        finally:
            other.execute(f"ALTER ROLE {WRITER} RESET search_path")

    assert book.check(outside).size == 5


def test_a_ledger_is_made_once_and_whole(place, no_place):
    with pytest.raises(PathError) as refused:
        make_ledger(place.url(OWNER))

    assert slug(refused) == "ledger-exists"
    PostgresLedger(place.url()).close()


@pytest.mark.parametrize(
    ("role", "roles", "expected"),
    [
        (OWNER, ["nobody at all"], "ledger-role"),
        (OWNER, [OWNER], "ledger-role"),
        (OWNER, ["postgres"], "ledger-role"),
        (STRANGER, [WRITER], "ledger-unusable"),
    ],
)
def test_what_cannot_be_made_leaves_nothing(no_place, role, roles, expected):
    with pytest.raises(AuditorError) as refused:
        make_ledger(no_place.url(role), "reviews", writers=roles)

    assert slug(refused) == expected
    with pytest.raises(PathError) as missing:
        PostgresLedger(no_place.url(), read_only=True)

    assert slug(missing) == "ledger-missing"


def test_a_role_of_any_name_is_let_in(no_place, server):
    name = "a\"b'; DROP TABLE entries; --"
    with server.admin() as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    make_ledger(no_place.url(OWNER), writers=[name]).close()
    with PostgresLedger(no_place.url(quote(name))) as ledger:
        draft = new_draft(ledger.name, "claimed", {"case": CASE, "role": "hr"})

        assert ledger.name.startswith(f"{no_place.database}-")
        assert ledger.append([draft])[0].seq == 1


def test_rights_that_a_database_gives_by_itself_are_no_ledger(server):
    database = server.database()
    with psycopg.connect(server.url(OWNER, database), autocommit=True) as owner:
        owner.execute(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {STRANGER}")
    address = server.url(OWNER, database)
    with pytest.raises(PathError, match=f"{STRANGER} may DELETE") as refused:
        make_ledger(address, "reviews")

    assert slug(refused) == "ledger-unsafe"
    with pytest.raises(PathError, match="there is no ledger"):
        PostgresLedger(address, read_only=True)


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("auditor ledger, format 2", "ledger-too-new"),
        ("auditor ledger, format 0", "ledger-damaged"),
        ("mine", "not-a-ledger"),
        (None, "not-a-ledger"),
    ],
)
def test_another_version_or_schema_is_refused(place, comment, expected):
    with place.connect(OWNER) as other:
        text = "NULL" if comment is None else f"'{comment}'"
        other.execute(f"COMMENT ON SCHEMA {place.schema} IS {text}")
    with pytest.raises(IntegrityError) as refused:
        PostgresLedger(place.url(), read_only=True)

    assert slug(refused) == expected


@pytest.mark.parametrize("setting", ["synchronous_commit=off", "default_transaction_read_only=on"])
def test_settings_of_a_session_do_not_make_an_entry_less_safe(book, place, setting):
    with open_ledger(place.url(options=f"-c%20{setting.replace('=', '%3D')}")) as ledger:
        (entry,) = ledger.append([book.draft()])

    assert entry.seq == 1


def test_a_server_that_does_not_wait_for_its_disk_is_refused(tmp_path):
    careless = Server.new("fsync=off")
    try:
        database = careless.database()
        with pytest.raises(PathError, match="fsync is off") as refused:
            make_ledger(careless.url(OWNER, database), "reviews")
        latin = f"{database}l"
        with psycopg.connect(careless.url("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(
                f"CREATE DATABASE {latin} OWNER {OWNER} ENCODING LATIN1 TEMPLATE template0"
            )
        careless.stop()
        careless.options = ()
        careless.start()
        with pytest.raises(PathError, match="server_encoding is LATIN1"):
            make_ledger(careless.url(OWNER, latin), "reviews")
        make_ledger(careless.url(OWNER, database), "reviews", writers=[WRITER]).close()
        careless.stop()
        careless.options = ("fsync=off",)
        careless.start()
        with PostgresLedger(careless.url(WRITER, database)) as ledger:
            draft = new_draft("reviews", "claimed", {"case": CASE, "role": "hr"})
            with pytest.raises(PathError, match="fsync is off"):
                ledger.append([draft])
            assert len(list(ledger.rows())) == 1
    finally:
        careless.remove()

    assert slug(refused) == "ledger-unsafe"


def test_an_older_server_keeps_a_ledger_too():
    older = Server.new(release=16)
    try:
        database = older.database()
        make_ledger(older.url(OWNER, database), "reviews", writers=[WRITER]).close()
        with older.admin() as admin:
            assert admin.info.server_version // 10_000 == 16
        with PostgresLedger(older.url(WRITER, database)) as ledger:
            book = Book("", ledger, PostgresLedger)
            book.add(3)
            found = book.check(book.checkpoint())
    finally:
        older.remove()

    assert (found.holds, found.size) == (True, 4)


def test_a_server_that_is_too_old_is_refused(place, monkeypatch):
    monkeypatch.setattr(opening, "_OLDEST", 990_000)
    with pytest.raises(PathError) as refused:
        PostgresLedger(place.url())

    assert slug(refused) == "server-too-old"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:pa@ss@host/db",
        "postgresql://ada:p%zz@host/db",
        "postgresql://ada:secret@host/db?schema=Reviews",
        "postgresql://ada:secret@host/db?schema=pg_x",
        "postgresql://ada:secret@host/db?schema=a%22b",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_secret(address):
    with pytest.raises(UsageError) as refused:
        open_ledger(address)

    assert slug(refused) == "ledger-address"
    for secret in ("secret", "pa@ss", "p%zz"):
        assert secret not in str(refused.value)
