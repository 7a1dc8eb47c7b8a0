"""Nothing that tells who somebody is leaves the files that are made for reviewers.

Fifty people have marks of their own in their id, name, address and letter. Every command runs on
them, those that fail too, and no mark may stand in anything but ``flags.csv`` and
``explanations.parquet``, and there in ids alone.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import auditor
from auditor.signing import make_key

MARKS = [f"qz{i:02d}x{(i * 7919 + 104729) % 10**6:06d}" for i in range(50)]
HEAD = ["application_id", "name", "email", "letter", "gender", "status", "score", "years"]
PROFILE = """\
auditor: profile/1
profile: {{id: applicants{head}}}
columns:
  id: {id}
  outcome: {{column: {outcome}, favorable: [Advanced], unfavorable: [Rejected]}}
  groups:
    sex: {{column: {group}, values: {values}, unknown: [""]}}
  score: {{column: {score}, cut_score: 0.5, scale: [0, 1]}}
  features: [{feature}]
"""
PLAIN = {
    "head": "",
    "id": "application_id",
    "outcome": "status",
    "group": "gender",
    "values": "{F: [F], M: [M]}",
    "score": "score",
    "feature": "years",
}


def person(i: int) -> list[str]:
    mark = MARKS[i % 50] if i < 50 else f"r{i}"
    return [
        f"id-{mark}",
        f"Name {mark}",
        f"{mark}@example.org",
        f'wrote "{mark}", and then {mark}',
        "FM"[i % 2],
        "Advanced" if i * 7 % 10 > 4 else "Rejected",
        f"0.{i % 100:02d}",
        f"{i % 7}",
    ]


ROWS = [person(i) for i in range(200)]


def table(rows: list[list[str]], head: list[str] = HEAD) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue()


TEXT = table(ROWS)


def with_row(place: int, row: list[str]) -> str:
    return table([*ROWS[:place], row, *ROWS[place + 1 :]])


BAD_EXPORTS: dict[str, tuple[str | bytes, dict[str, str]]] = {
    "an id twice": (table([*ROWS, ROWS[3]]), {}),
    "an id twice, rows that differ": (
        table([*ROWS, [*ROWS[3][:5], "Advanced", "0.9", "1"]]),
        {"head": ", duplicates: drop-identical"},
    ),
    "a long row": (with_row(9, [*ROWS[9], "more"]), {}),
    "a short row": (with_row(9, ROWS[9][:4]), {}),
    "a row without id": (with_row(9, ["", *ROWS[9][1:]]), {}),
    "an unclosed quote": (TEXT + f'id-x,"Name {MARKS[3]}', {}),
    "a stray quote": (TEXT.replace(f"Name {MARKS[5]}", f'"Name {MARKS[5]}'), {}),
    "two stray quotes": (
        TEXT.replace(f"Name {MARKS[5]}", f'"Name {MARKS[5]}').replace(
            f"Name {MARKS[40]}", f'Name {MARKS[40]}"'
        ),
        {},
    ),
    "bytes of another encoding": (
        TEXT.replace(f"Name {MARKS[7]}", f"Nam\xe9 {MARKS[7]}").encode("latin-1"),
        {},
    ),
    "a NUL": (TEXT.replace(f"Name {MARKS[7]}", f"Nam\0 {MARKS[7]}"), {}),
    "the header again": (TEXT + TEXT, {}),
    "a total": (table([*ROWS, ["Total", *[""] * 7]]), {}),
    "an infinite score": (with_row(9, [*ROWS[9][:6], "1e999", "1"]), {}),
    "an outcome nobody mapped": (with_row(9, [*ROWS[9][:5], "Parked", "0.5", "1"]), {}),
    "names as groups": (TEXT, {"group": "name", "values": "as-is"}),
    "addresses as groups": (TEXT, {"group": "email", "values": "as-is"}),
    "a column that is not there": (TEXT, {"group": "gendre"}),
}


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A directory of its own, with room for temporary files that can be looked into."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@pytest.fixture
def call(run, place) -> Callable[..., int]:
    """Run a command, and see that it says no mark and leaves no temporary file."""

    def call(*words: object) -> int:
        ran = run(*words)
        assert marks_in(ran.out + ran.err) == []
        assert "Traceback" not in ran.err
        assert list((place / "tmp").iterdir()) == []
        return ran.code

    return call


def marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text.casefold()]


def written(place: Path, text: str | bytes = TEXT, **said: str) -> list[str]:
    """Write export and profile, and give the words that audit them."""
    content = text if isinstance(text, bytes) else text.encode()
    (place / "people.csv").write_bytes(content)
    (place / "profile.yaml").write_text(PROFILE.format(**PLAIN | said))
    return [
        *(str(place / "people.csv"), "--profile", str(place / "profile.yaml")),
        *("-p", "us-adverse-impact", "-p", "professional-practice"),
    ]


def test_the_commands_that_do_their_work_tell_nobody(call, place):
    words, out = written(place), place / "out"

    assert call("inspect", words[0]) == 0
    assert call("inspect", words[0], "--write-profile", place / "made.yaml") == 0
    assert call("inspect", words[0], "--write-profile", "-") == 0
    assert call("audit", *words, "--out", out) == 0
    assert call("gate", *words) == 1
    assert call("gate", out) == 1
    page, text = place / "page.html", place / "page.txt"
    assert call("report", out, "--format", f"html={page}", "--format", f"text={text}") == 0

    for path in (place / "made.yaml", out / "audit.json", out / "report.html", page, text):
        assert marks_in(path.read_text()) == [], path.name
        assert path.stat().st_mode & 0o777 == 0o600, path.name
    assert out.stat().st_mode & 0o777 == 0o700
    assert (place / "config" / "auditor" / "key").stat().st_mode & 0o777 == 0o600


def test_flags_hold_ids_and_nothing_else_of_a_person(call, place):
    call("audit", *written(place), "--out", place / "out")

    with (place / "out" / "flags.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    ids = {row["decision"] for row in rows}
    assert marks_in(" ".join(ids))
    assert ids <= {row[0] for row in ROWS}
    for row in rows:
        assert marks_in(" ".join(cell for name, cell in row.items() if name != "decision")) == []
    assert (place / "out" / "flags.csv").stat().st_mode & 0o777 == 0o600


def test_attributions_hold_ids_and_numbers(place):
    import duckdb
    import pandas as pd
    from sklearn.linear_model import LinearRegression

    frame = pd.read_csv(io.StringIO(TEXT))
    model = LinearRegression().fit(frame[["years"]], frame["score"])
    made = auditor.audit(
        frame,
        ["us-adverse-impact", "professional-practice"],
        id="application_id",
        outcome="status",
        favorable="Advanced",
        unfavorable="Rejected",
        groups=["gender"],
        model=model,
        features=["years"],
        key=place / "key",
    )
    made.save(place / "out")

    path = place / "out" / "explanations.parquet"
    columns = duckdb.execute("select * from read_parquet(?)", [str(path)]).fetchnumpy()
    assert set(columns) == {"decision", "feature", "value", "attribution"}
    assert set(columns["decision"]) == {row[0] for row in ROWS}
    assert set(columns["feature"]) == {"years"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert marks_in(repr(made) + made._repr_html_() + made.result.to_json()) == []
    assert list((place / "tmp").iterdir()) == []


@pytest.mark.parametrize("kind", BAD_EXPORTS)
def test_a_refusal_tells_nobody(call, place, kind):
    text, said = BAD_EXPORTS[kind]
    words = written(place, text, **said)

    assert call("audit", *words, "--out", place / "out") == 3
    assert call("gate", *words) == 3
    assert not (place / "out").exists()


def test_other_mistakes_tell_nobody(call, place):
    words = written(place)
    call("audit", *words, "--out", place / "out")
    (place / "out" / "audit.json").rename(place / "other.json")

    assert call("audit", words[0], "--profile", words[0], "-p", "nyc-ll144") == 2
    assert call("audit", *words[:3], "-p", words[0]) == 2
    assert call("audit", *words, "--key", words[0], "--out", place / "second") == 2
    assert call("gate", words[0]) == 2
    assert call("gate", place / "out") == 74
    assert call("report", place / "out" / "flags.csv", "--format", "text=x.txt") == 6


def test_the_marks_would_be_found(place):
    """The control: where they may stand, they do."""
    assert len(marks_in(TEXT)) == 50


def test_a_bug_shows_where_it_is_and_not_what_it_says(capfd):
    from auditor.cli.problems import BUG, exit_code_of

    row = {"name": f"Name {MARKS[0]}"}

    def inner() -> None:
        float(row["name"])

    def broken() -> None:
        try:
            inner()
        except ValueError as cause:
            raise RuntimeError(row) from cause

    assert exit_code_of(broken) == BUG
    said = capfd.readouterr().err
    assert marks_in(said) == []
    assert "in inner" in said
    assert "RuntimeError" in said
    assert "ValueError" in said


def test_reviews_name_people_to_reviewers_only(run, call, place):
    """'list' and 'show' print the export's ids when they are asked; nothing else does."""
    words, out, ledger = written(place), place / "out", place / "reviews.db"
    key = make_key(place / "ada.key", None)
    (place / "ring.yaml").write_text(
        "auditor: keyring/1\npeople:\n"
        f"  - {{name: Ada, key: {key}, roles: [recruiter], from: 2026-01-01,"
        " trained_on: 2026-02-01, may_change: true}\n"
    )
    assert call("audit", *words, "--out", out) == 0
    assert call("ledger", "init", ledger) == 0
    beside = ("--ledger", ledger, "--keyring", place / "ring.yaml")
    listed = run("review", "list", out, *beside, "--format", "json")
    case = json.loads(listed.out)[0]["case"]
    shown = run("review", "show", out, case, *beside)
    assert marks_in(listed.err + shown.err) == []
    assert marks_in(listed.out)

    signed, role = ("--sign-with", place / "ada.key"), ("--role", "recruiter")
    resolve = ("review", "resolve", out, case, *beside, *signed, *role, "--outcome", "kept")
    assert call(*resolve) == 2
    assert call(*resolve, "--record-anyway") == 0
    assert call(*resolve, "--considered", "x" * 99) == 2
    assert call("review", "claim", out, case, *beside, *signed, *role) in (0, 2)
    assert call("review", "release", out, case, *beside, *signed, "--record-anyway") == 0
    assert call("review", "escalate", out, case, *beside, *signed, *role, "--to", "lead") in (0, 2)
    assert call("review", "show", out, "no-such-case", *beside) == 2
    assert call("review", "status", out, *beside) == 0
    assert call("review", "status", out, *beside, "--format", "json") == 0
    assert call("gate", out, *beside) in (1, 4, 5)
    assert call("report", out, "--format", f"html={place / 'r.html'}", *beside) == 0
    assert marks_in((place / "r.html").read_text()) == []
    final = ("review", "export", out, *beside, "--final", "--profile", place / "profile.yaml")
    given = ("--export", place / "people.csv")
    assert call(*final, *given, "--out", place / "final.csv") == 0
    assert call(*final, "--export", place / "ring.yaml", "--out", place / "final.csv") == 3
    (place / "people.csv").write_text(TEXT + "more\n")
    assert call(*final, *given, "--out", place / "final.csv") == 3
    for verb in ("verify", "export"):
        assert call("ledger", verb, ledger) == 0
    assert marks_in(ledger.read_bytes().decode("latin-1")) == []


def test_every_command_is_tried_here():
    from auditor.cli import VERBS

    # the demo audits people who do not exist, and policies are about nobody
    assert set(VERBS) - {"demo", "policy"} == {
        "inspect", "audit", "gate", "report", "review", "ledger",
    }  # fmt: skip
