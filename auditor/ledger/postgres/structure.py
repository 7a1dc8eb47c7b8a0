"""The tables, functions and triggers that there are, against those that this version makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from auditor.ledger.postgres.tables import AS_THE_OWNER, FUNCTIONS, TABLES, TRIGGERS, body

_BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""How the catalog writes when a trigger fires."""

_COLUMNS = {
    "entries": (("seq", "bigint", True), ("id", "text", True), ("content", "bytea", True)),
    "words": (
        *(("id", "text", True), ("field", "text", True), ("salt", "text", True)),
        ("text", "bytea", True),
    ),
    "checkpoints": (("number", "bigint", True), ("note", "text", True)),
}
_CONSTRAINTS = {
    ("entries", "p", ("seq",)),
    ("entries", "u", ("id",)),
    ("words", "p", ("id", "field")),
    ("words", "f", ("id",)),
    ("checkpoints", "p", ("number",)),
}

_FIND_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = %(schema)s AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = '' AND a.attidentity = '' AND NOT a.atthasdef
ORDER BY c.relname, a.attnum
"""
_FIND_CONSTRAINTS = """
SELECT c.relname, o.contype::text,
    ARRAY(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY AS k(num, place)
        JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.num ORDER BY k.place)
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
WHERE o.connamespace = %(schema)s AND o.contype <> 'n' AND o.convalidated
    AND NOT o.condeferrable
"""
_FIND_RELATIONS = """
SELECT CASE
        WHEN c.relrowsecurity OR c.relhasrules OR c.relpersistence <> 'p' OR EXISTS
            (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhparent, h.inhrelid)) OR EXISTS
            (SELECT FROM pg_index i WHERE i.indexrelid = c.oid AND NOT i.indisvalid)
        THEN 'changed relation'
        WHEN c.relkind = 'r' THEN 'table'
        WHEN c.relkind = 'i' THEN 'index'
        ELSE 'relation' END, c.relname
FROM pg_class c
WHERE c.relnamespace = %(schema)s
"""
_FIND_TRIGGERS = """
SELECT c.relname, t.tgname, t.tgtype::int, f.proname, t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
WHERE c.relnamespace = %(schema)s AND NOT t.tgisinternal AND t.tgqual IS NULL
    AND f.pronamespace = %(schema)s
UNION ALL
SELECT c.relname, t.tgname, 0, '', t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
WHERE c.relnamespace = %(schema)s
    AND (t.tgisinternal AND t.tgenabled <> 'O' OR NOT t.tgisinternal
        AND (t.tgqual IS NOT NULL OR f.pronamespace <> %(schema)s))
"""
_FIND_FUNCTIONS = """
SELECT p.proname, p.prosrc, p.prosecdef, p.proconfig, l.lanname
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = %(schema)s
"""
_FIND_RIGHTS = """
WITH held AS (
    SELECT c.relname AS place, c.relowner AS owner, acl.grantee, acl.privilege_type AS what
    FROM pg_class c, aclexplode(c.relacl) AS acl WHERE c.relnamespace = %(schema)s
    UNION ALL
    SELECT c.relname, c.relowner, acl.grantee, acl.privilege_type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) AS acl
    WHERE c.relnamespace = %(schema)s
    UNION ALL
    SELECT p.proname, p.proowner, acl.grantee, acl.privilege_type
    FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS acl
    WHERE p.pronamespace = %(schema)s
    UNION ALL
    SELECT 'schema', n.nspowner, acl.grantee, acl.privilege_type
    FROM pg_namespace n, aclexplode(n.nspacl) AS acl WHERE n.oid = %(schema)s
)
SELECT CASE WHEN grantee = 0 THEN 'everybody' ELSE pg_get_userbyid(grantee) END, what, place
FROM held
WHERE grantee <> owner AND what NOT IN ('SELECT', 'INSERT', 'USAGE')
ORDER BY 1, 2, 3
"""
_FIND_OWNERS = """
SELECT count(DISTINCT owner) FROM (
    SELECT nspowner AS owner FROM pg_namespace WHERE oid = %(schema)s
    UNION ALL SELECT relowner FROM pg_class WHERE relnamespace = %(schema)s
    UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = %(schema)s
) AS owners
"""


def differences(
    connection: psycopg.Connection[tuple[Any, ...]], schema: int, name: str
) -> Iterator[str]:
    """Say what is missing, added or changed; ``schema`` is its number in the catalog."""

    def found(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query, {"schema": schema}).fetchall()

    columns: dict[str, tuple[tuple[Any, ...], ...]] = {}
    for table, *column in found(_FIND_COLUMNS):
        columns[table] = (*columns.get(table, ()), tuple(column))
    yield from (f"table {table}" for table in TABLES if columns.get(table) != _COLUMNS[table])
    constraints = {(table, kind, tuple(of)) for table, kind, of in found(_FIND_CONSTRAINTS)}
    yield from (f"constraint of {one[0]}" for one in sorted(constraints ^ _CONSTRAINTS))
    for kind, relation in _not_ours(found(_FIND_RELATIONS)):
        yield f"{kind} {relation}"
    for trigger in sorted({one[1] for one in _triggers() ^ set(found(_FIND_TRIGGERS))}):
        yield f"trigger {trigger}"
    for function in sorted({one[0] for one in _functions(name) ^ _read(found(_FIND_FUNCTIONS))}):
        yield f"function {function}"
    for role, right, place in found(_FIND_RIGHTS):
        yield f"{role} may {right} on {place}"
    if found(_FIND_OWNERS) != [(1,)]:
        yield "it has more than one owner"


def _not_ours(found: list[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    keys = {"entries_pkey", "entries_id_key", "words_pkey", "checkpoints_pkey"}
    ours = {*(("table", one) for one in TABLES), *(("index", one) for one in keys)}
    yield from sorted(ours ^ {(str(kind), str(name)) for kind, name in found})


def _triggers() -> set[tuple[Any, ...]]:
    return {
        (table, name, _bits(f"{when} {each}"), function, "A")
        for table, name, when, each, function in TRIGGERS
    }


def _bits(when: str) -> int:
    return sum(bit for word, bit in _BITS.items() if word in when.split())


def _functions(schema: str) -> set[tuple[Any, ...]]:
    path = ("search_path=pg_catalog, pg_temp",)
    return {(name, body(name, schema), name == AS_THE_OWNER, path, "plpgsql") for name in FUNCTIONS}


def _read(found: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    return {
        (name, source, definer, tuple(path or ()), language)
        for name, source, definer, path, language in found
    }
