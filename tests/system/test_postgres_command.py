"""The command line with a ledger on a server: the same work, and no password in any text."""

from __future__ import annotations

import json

import openpyxl
import pytest

from tests.cli.conftest import case, run  # noqa: F401 - fixtures
from tests.cli.test_review_command import WHOLE, office  # noqa: F401
from tests.system.postgres_server import OWNER, READER, STRANGER, WRITER

pytestmark = pytest.mark.system

SECRET = "correct-horse"  # noqa: S105 - the server trusts whoever connects


def address(place, role: str = WRITER, schema: str | None = None) -> str:
    folder, at = place.server.folder, schema or place.schema
    return f"postgresql://{role}:{SECRET}@/{place.database}?host={folder}&schema={at}"


@pytest.fixture
def call(run, office):  # noqa: F811
    """The command line, which never prints the password."""

    def calling(*words: object):
        ran = run(*words)
        assert SECRET not in ran.out + ran.err
        return ran

    return calling


def test_from_a_flag_to_a_gate_that_opens(call, office, no_place):  # noqa: F811
    result, ring = office / "out", ("--keyring", office / "ring.yaml")
    made = call("ledger", "init", address(no_place, OWNER), "--name", "ours",
                "--writer", WRITER, "--reader", READER)  # fmt: skip
    ours = ("--ledger", address(no_place), *ring)
    waiting = json.loads(call("review", "list", result, *ours, "--format", "json").out)
    before = call("gate", result, "--ledger", address(no_place, READER), *ring)
    for one in waiting:
        signed = ("--sign-with", office / "ada.key")
        said = ("--outcome", "kept", "--role", "recruiter", *WHOLE, *signed)
        assert call("review", "resolve", result, one["case"], *ours, *said).code == 0
    after = call("gate", result, "--ledger", address(no_place, READER), *ring)
    page = call("report", result, "--format", f"text={office / 'r.txt'}", *ours)

    assert made.code == 0
    assert f"{WRITER}@" not in made.err
    assert "nothing is added through that role" in " ".join(made.err.split())
    assert len(waiting) > 2
    assert (before.code, after.code, page.code) == (5, 0, 0)


def test_a_worksheet_says_what_its_connection_could_do_to_the_ledger(call, office, place):  # noqa: F811
    def cautions(role: str) -> list[str]:
        out = office / f"{role}.xlsx"
        ran = call("review", "export", office / "out", "--ledger", address(place, role),
                   "--keyring", office / "ring.yaml", "--worksheet", "first",
                   "--role", "recruiter", "--out", out)  # fmt: skip
        assert ran.code == 0
        lines = openpyxl.load_workbook(out)["Read me"].iter_rows(max_col=2, values_only=True)
        return [text for name, text in lines if name == "About the ledger"]

    (found,) = cautions(OWNER)
    assert found.startswith("This connection may act for the owner of the ledger")
    assert cautions(READER) == []


def test_a_ledger_on_a_server_is_anchored_proved_and_exported(call, office, place):  # noqa: F811
    key = ("--sign-with", office / "ada.key")
    note = call("ledger", "checkpoint", address(place), *key, "--out", office / "note")
    found = call("ledger", "verify", address(place, READER), "--checkpoint", office / "note")
    owner = call("ledger", "verify", address(place, OWNER))
    proof = call("ledger", "prove", address(place, READER), "0")
    lines = call("ledger", "export", address(place, READER))

    assert [one.code for one in (note, found, owner, proof, lines)] == [0] * 5
    assert f"{READER}@/{place.database}" in "".join(found.err.split())
    assert "Careful" not in found.err
    assert "Careful: this connection may act for the owner" in " ".join(owner.err.split())
    assert len(lines.out.splitlines()) == 1


@pytest.mark.parametrize(
    ("verb", "role", "code", "slug"),
    [
        (("ledger", "checkpoint"), OWNER, 74, "ledger-owner-writes"),
        (("ledger", "verify"), STRANGER, 74, "ledger-unusable"),
        (("ledger", "init"), OWNER, 74, "ledger-exists"),
        (("gate",), STRANGER, 74, "ledger-unusable"),
        (("gate",), "nobody", 74, "ledger-unreachable"),
    ],
)
def test_what_is_refused_has_its_code_and_is_no_pass(call, office, place, verb, role, code, slug):  # noqa: F811
    if verb == ("gate",):
        ran = call("gate", office / "out", "--ledger", address(place, role))
    else:
        more = ("--sign-with", office / "ada.key") if "checkpoint" in verb else ()
        ran = call(*verb, address(place, role), *more)

    assert (ran.code, ran.out) == (code, "")
    assert f"docs/messages.md#{slug}" in ran.err


def test_a_server_that_is_gone_is_no_pass(call, office, place):  # noqa: F811
    gone = address(place).replace(str(place.server.folder), str(office))
    ran = call("gate", office / "out", "--ledger", gone)

    assert ran.code == 74
    assert "#ledger-unreachable" in ran.err


def test_a_changed_ledger_is_6(call, office, place):  # noqa: F811
    with place.connect(OWNER) as other:
        other.execute("ALTER TABLE entries DISABLE TRIGGER USER")
    gate = call("gate", office / "out", "--ledger", address(place, READER))

    assert (gate.code, call("ledger", "verify", address(place, READER)).code) == (6, 6)
