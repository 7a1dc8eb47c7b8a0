"""What a ledger is called: never with a secret in it, and never two meanings."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import PathError, UsageError
from auditor.ledger import make_ledger, open_ledger, shown_address
from auditor.ledger.addresses import is_server
from auditor.ledger.postgres.address import SCHEMA, read_address
from tests.unit.ledger.test_any_ledger import slug

SECRET = "pa%2Fss"  # noqa: S105


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("reviews.db", "reviews.db"),
        (Path("a") / "b.db", "a/b.db"),
        ("postgresql:///hr", "postgresql:///hr"),
        ("postgres://h:5433/hr?schema=x", "postgres://h:5433/hr?schema=x"),
        (f"postgresql://ada:{SECRET}@h,i:1/hr", "postgresql://ada@h,i:1/hr"),
        (f"postgresql://:{SECRET}@[::1]:5432/hr", "postgresql://[::1]:5432/hr"),
        (f"postgresql://h/hr?password={SECRET}&user=ada", "postgresql://h/hr?user=ada"),
        (f"postgresql://h/?dbname=a%40{SECRET}", "postgresql://h/"),
        (f"postgresql://ada:{SECRET}@b@h/hr", "postgresql://…"),
        (f"postgresql://ada:{SECRET}?x@h/hr", "postgresql://…"),
        (f"postgresql://ada:{SECRET}/x@h/hr", "postgresql://…"),
        (f"mysql://ada:{SECRET}@h/hr", "mysql://…"),
    ],
)
def test_an_address_is_shown_without_its_secret(address, shown):
    assert shown_address(address) == shown


PARTS = st.text(st.sampled_from("ab1:/?#@&=%[] \n.,"), max_size=6)


@given(PARTS, PARTS, PARTS)
def test_whatever_stands_around_a_password_it_is_not_shown(before, between, after):
    secret = "S3CR3T"  # noqa: S105
    for address in (
        f"postgresql://{before}:{secret}{between}@host/{after}",
        f"postgresql://ada:{before}{secret}{between}@host{after}",
        f"postgresql://host/db?{before}&password={secret}{between}&{after}",
    ):
        assert secret not in shown_address(address)
        try:
            read = read_address(address)
            said = f"{read!r} {read.where}"
        except UsageError as refused:
            said = str(refused)
        assert secret not in said


@pytest.mark.parametrize(
    ("address", "told", "schema"),
    [
        ("postgresql://h/hr", "postgresql://h/hr", SCHEMA),
        ("postgresql://h/hr?schema=a_1", "postgresql://h/hr", "a_1"),
        (
            "postgresql://h/hr?sslmode=require&schema=x&dbname=d",
            "postgresql://h/hr?sslmode=require&dbname=d",
            "x",
        ),
    ],
)
def test_the_schema_is_not_told_to_the_server(address, told, schema):
    read = read_address(address)

    assert (read.told, read.schema) == (told, schema)


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        ("@[::1:5432/hr", "on a server"),
        ("@[::1]x:5432/hr", "on a server"),
        ("@[]/hr", "on a server"),
        ("@h/hr?sslmod=verify-full", "no connection has a setting 'sslmod'"),
    ],
)
def test_what_only_libpq_sees_wrong_with_an_address_is_said_without_the_password(rest, says):
    address = f"postgresql://ada:{SECRET}{rest}"
    with pytest.raises(psycopg.ProgrammingError) as its_own:
        psycopg.connect(address)
    with pytest.raises(UsageError, match=says) as refused:
        open_ledger(address)

    assert SECRET in str(its_own.value) or "sslmod" in rest
    assert slug(refused) == "ledger-address"
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("address", ["postgresql://h", "postgres://h"])
def test_both_schemes_of_a_server_are_known(address):
    assert is_server(address)
    assert not is_server(Path(address))
    assert not is_server("reviews.db")


@pytest.mark.parametrize("use", [open_ledger, make_ledger])
def test_without_psycopg_it_is_said_how_to_install_it(use, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match="psycopg, which is not installed") as refused:
        use(f"postgresql://ada:{SECRET}@h/hr")

    assert slug(refused) == "psycopg-missing"
    assert SECRET not in str(refused.value)


def test_a_file_needs_no_psycopg(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    make_ledger(tmp_path / "r.db").close()

    assert open_ledger(tmp_path / "r.db").place == str(tmp_path / "r.db")
    assert importlib.import_module("auditor.ledger")


def test_a_file_has_no_roles(tmp_path):
    with pytest.raises(UsageError) as refused:
        make_ledger(tmp_path / "r.db", writers=["ada"])

    assert slug(refused) == "roles-of-a-file"
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_said(tmp_path):
    address = f"postgresql://ada:{SECRET}@/hr?host={tmp_path}"
    for use in (open_ledger, make_ledger):
        with pytest.raises(PathError) as refused:
            use(address)

        assert (slug(refused), refused.value.exit_code) == ("ledger-unreachable", 74)
        assert SECRET not in str(refused.value)
