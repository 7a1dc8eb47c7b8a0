"""The tables of a ledger in PostgreSQL, and what keeps their rows as they are.

Triggers fire ``ALWAYS``, so also for a superuser who sets ``session_replication_role``. Words are
taken away by a trigger of the entry that says so, with the rights of the owner: nobody else needs
the right to delete, and nobody who has it can use it alone.
"""

from __future__ import annotations

from psycopg import sql

FORMAT = "auditor ledger, format {}"
VERSION = 1

TABLES = ("entries", "words", "checkpoints")

NOTHING_TO_ERASE = "AL001"
"""SQLSTATE of an entry that lists words which are not there."""

_STAYS = "BEGIN RAISE EXCEPTION 'entries of a ledger are never changed'; END"

_ENTRY_ADDED = """
BEGIN
    IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(e.seq) + 1, 0) FROM ONLY {schema}.entries e)
    THEN
        RAISE EXCEPTION 'the next entry has the next number';
    END IF;
    RETURN NEW;
END
"""

_WORDS_GO = """
DECLARE
    said json := convert_from(NEW.content, 'UTF8')::json -> 'said';
    gone record;
    many bigint;
BEGIN
    IF TG_RELID <> '{schema}.entries'::regclass THEN
        RAISE EXCEPTION 'this is for the entries of a ledger';
    END IF;
    IF said ->> 'kind' = 'erased' THEN
        FOR gone IN
            SELECT one ->> 'id' AS id, field
            FROM json_array_elements(said -> 'body' -> 'entries') AS one,
                json_array_elements_text(one -> 'fields') AS field
        LOOP
            DELETE FROM ONLY {schema}.words w WHERE w.id = gone.id AND w.field = gone.field;
            GET DIAGNOSTICS many = ROW_COUNT;
            IF many <> 1 THEN
                RAISE EXCEPTION 'the entry % has no words % to erase', gone.id, gone.field
                    USING ERRCODE = 'AL001';
            END IF;
        END LOOP;
    END IF;
    RETURN NULL;
END
"""

_WORDS_ADDED = """
BEGIN
    IF NOT EXISTS (
        SELECT FROM ONLY {schema}.entries e
        WHERE e.id = NEW.id AND e.xmin = pg_current_xact_id()::xid
            AND convert_from(e.content, 'UTF8')::json -> 'said' -> 'words' -> NEW.field IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'words come together with the entry that names them';
    END IF;
    RETURN NEW;
END
"""

_WORDS_GONE = """
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'words go together with the entry that says so';
    END IF;
    RETURN OLD;
END
"""

FUNCTIONS = {
    "stays": _STAYS,
    "entry_added": _ENTRY_ADDED,
    "words_go": _WORDS_GO,
    "words_added": _WORDS_ADDED,
    "words_gone": _WORDS_GONE,
}
"""Bodies of the functions of the triggers, by name; ``words_go`` runs with the owner's rights."""

AS_THE_OWNER = "words_go"

TRIGGERS = (
    ("entries", "entries_in_order", "BEFORE INSERT", "ROW", "entry_added"),
    ("entries", "entries_take_words_away", "AFTER INSERT", "ROW", "words_go"),
    ("entries", "entries_stay", "BEFORE UPDATE OR DELETE", "ROW", "stays"),
    ("entries", "entries_stay_all", "BEFORE TRUNCATE", "STATEMENT", "stays"),
    ("words", "words_come_with_an_entry", "BEFORE INSERT", "ROW", "words_added"),
    ("words", "words_as_they_are", "BEFORE UPDATE", "ROW", "stays"),
    ("words", "words_go_with_an_entry", "BEFORE DELETE", "ROW", "words_gone"),
    ("words", "words_stay_all", "BEFORE TRUNCATE", "STATEMENT", "stays"),
    ("checkpoints", "checkpoints_stay", "BEFORE UPDATE OR DELETE", "ROW", "stays"),
    ("checkpoints", "checkpoints_stay_all", "BEFORE TRUNCATE", "STATEMENT", "stays"),
)
"""Table, name, when, for each what, function; row triggers alone would let TRUNCATE through."""

_TABLES = (
    "CREATE TABLE {schema}.entries (seq bigint PRIMARY KEY, id text NOT NULL UNIQUE, "
    "content bytea NOT NULL)",
    "CREATE TABLE {schema}.words (id text NOT NULL REFERENCES {schema}.entries (id), "
    "field text NOT NULL, salt text NOT NULL, text bytea NOT NULL, PRIMARY KEY (id, field))",
    "CREATE TABLE {schema}.checkpoints (number bigint PRIMARY KEY, note text NOT NULL)",
)
"""The text of words is bytes: a text of PostgreSQL cannot hold every character."""


def body(name: str, schema: str) -> str:
    """Body of a function, as it is stored."""
    return FUNCTIONS[name].replace("{schema}", f'"{schema}"')


def statements(schema: str) -> list[sql.Composed]:
    """Everything that makes an empty ledger, in its order."""
    place = sql.Identifier(schema)
    texts = [
        "CREATE SCHEMA {schema}",
        "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC",
        *_TABLES,
    ]
    made = [sql.SQL(text).format(schema=place) for text in texts]
    made += [_function(schema, name) for name in FUNCTIONS]
    for table, name, when, each, function in TRIGGERS:
        made += _trigger(place, table, name, f"{when} ON", f"FOR EACH {each}", function)
    made += [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM PUBLIC").format(place),
        sql.SQL("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {} FROM PUBLIC").format(place),
        sql.SQL("COMMENT ON SCHEMA {} IS {}").format(place, FORMAT.format(VERSION)),
    ]
    return made


def grants(schema: str, role: str, *, write: bool) -> list[sql.Composed]:
    """Everything that lets a role read, or read and append."""
    place, who = sql.Identifier(schema), sql.Identifier(role)
    rights = sql.SQL("SELECT, INSERT" if write else "SELECT")
    return [
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(place, who),
        sql.SQL("GRANT {} ON ALL TABLES IN SCHEMA {} TO {}").format(rights, place, who),
    ]


def _function(schema: str, name: str) -> sql.Composed:
    return sql.SQL(
        "CREATE FUNCTION {}.{}() RETURNS trigger LANGUAGE plpgsql SECURITY {} "
        "SET search_path = pg_catalog, pg_temp AS {}"
    ).format(
        sql.Identifier(schema),
        sql.Identifier(name),
        sql.SQL("DEFINER" if name == AS_THE_OWNER else "INVOKER"),
        body(name, schema),
    )


def _trigger(
    place: sql.Identifier, table: str, name: str, when: str, each: str, function: str
) -> list[sql.Composed]:
    parts = {"schema": place, "table": sql.Identifier(table), "name": sql.Identifier(name)}
    return [
        sql.SQL(
            f"CREATE TRIGGER {{name}} {when} {{schema}}.{{table}} {each} "
            "EXECUTE FUNCTION {schema}.{function}()"
        ).format(**parts, function=sql.Identifier(function)),
        sql.SQL("ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}").format(**parts),
    ]
