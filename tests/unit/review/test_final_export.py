"""The export goes back with what people decided: its own shape, and audited again as it is."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

import auditor
from auditor.errors import AuditorError
from auditor.ingest import load_profile
from auditor.ledger import Words, new_draft
from auditor.ledger.sqlite import make_ledger
from auditor.review import Said, answers, checked_review
from auditor.review.final import final_export
from auditor.review.requesting import checked_request
from auditor.run.rereading import reread
from auditor.run.reviewing import desk_of
from tests.unit.review.office import ADA, BEN, ring

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 25)
PROFILE = """\
auditor: profile/1
profile: {id: applicants, decisions: taken}
columns:
  id: nr
  outcome:
    {column: status, favorable: [Advanced, Hired], unfavorable: [Rejected], withdrawn: [Withdrew]}
  groups:
    sex: {column: gender, values: {F: [F], M: [M]}, unknown: [""]}
  score: {column: score, cut_score: 0.5, scale: [0, 1]}
"""
POLICY = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates: [{id: unknown, kind: unknown-share, says: s, because: [b], options: {limit: 0.5}}]
reviews: [{id: near, kind: near-cut-score, says: Look., because: [b], options: {band: 0.02},
  reviewer: recruiter, due: 3 days}]
requests: [{id: appeal, kind: appeal, says: s, because: [b], due: 45 days, reviewer: recruiter}]
"""
HEADER = ["nr", "name", "gender", "status", "score"]


def people(n: int = 60) -> list[list[str]]:
    rows = []
    for i in range(n):
        score = i / n
        status = "Advanced" if score >= 0.5 else "Rejected"
        rows.append([str(i), f"P {i}", "FM"[i % 2], status, f"{score:.4f}"])
    rows[0][1] = "=1+1"
    rows[1][3] = "Withdrew"
    return rows


def csv_text(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue()


def cells(content: bytes, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))


class Desk:
    """An audited export with a ledger beside it."""

    def __init__(self, place: Path, export: Path, profile: str = PROFILE, **said):
        self.place, self.export, self.said = place, export, said
        (place / "profile.yaml").write_text(profile)
        (place / "policy.yaml").write_text(POLICY)
        self.made = self.audit(export)
        self.ledger = make_ledger(place / "l.db", "ours", clock=lambda: NOW)

    def audit(self, export: Path, **said):
        return auditor.audit(
            export, str(self.place / "policy.yaml"), profile=self.place / "profile.yaml",
            as_of=DAY, key=self.place / "key", **(self.said | said),
        )  # fmt: skip

    @property
    def desk(self):
        return desk_of(self.made.result, self.made.files, self.ledger, ring(ADA, BEN))

    def review(self, decision: str, outcome, who=ADA, n=0):
        found = [c for c in self.desk.all_cases if c.decisions[0].decision == decision]
        case = found[n]
        told = Said(
            case=case.id, role="recruiter", answers=answers(case, outcome), rationale="Read it.",
            considered=("CV",), explanation_shown=("reasons",), takes_effect=DAY,
        )  # fmt: skip
        checked = checked_review(self.desk, told, private=who.private, now=NOW)
        self.ledger.append([checked.must_count().draft], checked.words)

    def ask(self, row: str, **other):
        """Somebody appeals against a decision that no rule flagged."""
        again = reread(self.export, self.place / "profile.yaml", self.place / "key")
        found = again.asked(row)
        clock = {"id": "appeal", "kind": "appeal", "due_days": 45, "reviewer": "recruiter"}
        made = checked_request(
            self.desk, replace(found, **other), clock, policy="ours", received=DAY,
            private=BEN.private, now=NOW,
        )  # fmt: skip
        (entry,) = self.ledger.append([made.draft], made.words)
        return entry

    def final(self, export: Path | None = None, key: str = "key"):
        source, profile = export or self.export, self.place / "profile.yaml"
        return final_export(
            self.made.result.document, self.desk.queue(DAY), source, load_profile(profile),
            encoding=self.said.get("encoding"),
            rows=lambda: reread(source, profile, self.place / key).rows(),
        )  # fmt: skip


@pytest.fixture
def office(tmp_path):
    made = []

    def office(content: bytes | None = None, name: str = "export.csv", **said) -> Desk:
        export = tmp_path / name
        if content is not None:
            export.write_bytes(content)
        made.append(Desk(tmp_path, export, **said))
        return made[-1]

    yield office
    for desk in made:
        desk.ledger.close()


FLAGGED = ("29", "30", "31")


def test_every_row_comes_back_with_what_became_of_it(office):
    desk = office(csv_text(people()).encode())
    desk.review("29", "changed")
    desk.review("30", "kept")
    header, *rows = cells(desk.final().content)
    by_id = {row[0]: row for row in rows}

    assert header == [*HEADER, "decided_by", "review_case"]
    assert [row[0] for row in rows] == [str(i) for i in range(60)]
    assert by_id["29"][3:] == ["Advanced", "0.4833", "recruiter", by_id["29"][6]]
    assert by_id["30"][3:6] == ["Advanced", "0.5000", "recruiter"]
    assert by_id["31"][3:6] == ["pending human", "0.5167", "pending human"]
    assert {len(by_id[n][6]) for n in FLAGGED} == {32}
    assert by_id["0"] == [*people()[0], "model", ""]
    assert by_id["1"] == [*people()[1], "", ""]
    untouched = [row[:5] for row in rows if row[0] not in FLAGGED]
    assert untouched == [row for row in people() if row[0] not in FLAGGED]


def test_the_file_is_audited_with_the_same_profile(office, tmp_path):
    desk = office(csv_text(people()).encode())
    desk.review("29", "changed")
    (tmp_path / "final.csv").write_bytes(desk.final().content)
    again = desk.audit(tmp_path / "final.csv").result.document

    before = {m["group"]: m["favorable"] for m in rates(desk.made.result.document)}
    after = {m["group"]: m["favorable"] for m in rates(again)}
    assert again["row_account"]["buckets"]["open"] == 2  # 30 and 31 wait
    assert (before["M"], after["M"]) == (15, 15)  # 29 is a man and comes in, 31 waits
    assert (before["F"], after["F"]) == (15, 14)  # 30 is a woman and waits
    ratio = next(c["ratio"] for c in again["comparisons"] if c["metric"] == "selection-rate")
    assert ratio == pytest.approx((14 / 29) / (15 / 28), abs=1e-12)


def rates(document):
    return [
        m
        for m in document["measurements"]
        if m["metric"] == "selection-rate" and m["stratum"] is None
    ]


@pytest.mark.parametrize(
    ("encoding", "delimiter", "end"),
    [
        ("utf-8", ";", "\n"),
        ("utf-8-sig", ",", "\r\n"),
        ("cp1252", "\t", "\r\n"),
        ("utf-16", "|", "\n"),
    ],
)
def test_a_text_keeps_its_delimiter_encoding_and_line_ends(office, encoding, delimiter, end):
    rows = people()
    rows[5][1] = "Zoë  "
    text = csv_text(rows, delimiter).replace("\n", end)
    said = {"encoding": "cp1252"} if encoding == "cp1252" else {}
    desk = office(text.encode(encoding), **said)
    for n in FLAGGED:
        desk.review(n, "kept")
    written = desk.final().content.decode(encoding)

    assert [line.split(delimiter)[:5] for line in written.split(end)[:-1]] == [
        line.split(delimiter) for line in text.split(end)[:-1]
    ]


def test_quoted_cells_and_line_breaks_in_cells_survive(office):
    rows = people()
    rows[7][1] = 'a "b", c\nd'
    desk = office(csv_text(rows).encode())
    _, *found = cells(desk.final().content)

    assert found[7][:5] == rows[7]
    assert len(found) == 60


def test_people_who_disagree_leave_a_decision_pending(office):
    desk = office(csv_text(people()).encode())
    desk.review("30", "kept")
    desk.review("30", "changed", who=BEN)
    _, *rows = cells(desk.final().content)

    assert rows[30][3] == "pending human"


def test_a_decision_that_was_appealed_waits_for_a_person_though_nobody_flagged_it(office):
    desk = office(csv_text(people()).encode())
    desk.ask("5")
    _, *rows = cells(desk.final().content)
    assert (rows[5][3], rows[5][5]) == ("pending human", "pending human")
    desk.review("5", "changed")
    _, *rows = cells(desk.final().content)
    assert (rows[5][3], rows[5][5]) == ("Advanced", "recruiter")
    assert rows[6][3] == "Rejected"


def erase(desk, entry):
    body = {"case": entry.draft.body["case"], "entries": [
        {"id": entry.draft.id, "fields": list(entry.draft.words)}
    ]}  # fmt: skip
    desk.ledger.erase(new_draft("ours", "erased", body, now=NOW).signed(ADA.private))


def test_an_appealed_decision_is_known_by_the_key_although_its_id_was_erased(office):
    desk = office(csv_text(people()).encode())
    erase(desk, desk.ask("5"))
    _, *rows = cells(desk.final().content)
    assert [row[0] for row in rows if row[3] == "pending human"] == ["5", *FLAGGED]


def unsigned(desk, **words: str) -> None:
    """What anybody who can write to the ledger can leave there."""
    body = {"case": "c" * 32, "identity": "0" * 32, "outcome": "unfavorable", "model_version": "v",
            "request": "appeal", "policy": "ours", "rule": "appeal", "reviewer": "recruiter",
            "received": str(DAY), "due": "2027-01-09"}  # fmt: skip
    beside = {name: Words(text=text) for name, text in words.items()}
    draft = new_draft("ours", "requested", body, words=beside, now=NOW)
    desk.ledger.append([draft], {(draft.id, name): said for name, said in beside.items()})


def test_where_nothing_shows_that_the_key_is_right_no_request_is_taken_to_be_of_no_row(
    office, tmp_path
):
    for name, digit in (("key", "1"), ("other", "0")):
        (tmp_path / name).write_text(digit * 64)
    rows = [row for row in people() if row[0] not in FLAGGED]
    desk = office(csv_text(rows).encode())
    assert desk.desk.all_cases == ()
    erase(desk, desk.ask("5"))
    with pytest.raises(AuditorError, match="nothing else shows that the key") as refused:
        desk.final(key="other")
    assert refused.value.problems[0].slug == "no-final-export"
    assert table(desk.final().content)["5"][3] == "pending human"  # its own key matches it

    unsigned(desk)
    assert "1 decision is in no row" in desk.final().notes[-1]


@pytest.mark.parametrize("words", [{}, {"decision": "no such row"}])
def test_a_request_that_matches_no_row_keeps_no_other_row_back(office, words):
    desk = office(csv_text(people()).encode())
    before = desk.final()
    unsigned(desk, **words)
    erase(desk, desk.ask("5", identity="1" * 32))
    made = desk.final()

    assert made.content == before.content
    assert made.notes[:-1] == before.notes
    assert made.notes[-1].startswith("2 decisions are in no row, though somebody asked")
    assert "0" * 32 not in made.notes[-1]
    assert "no such row" not in made.notes[-1]
    desk.ask("5")  # the negative control: what is in a row keeps it
    assert table(desk.final().content)["5"][3] == "pending human"


def test_a_request_with_an_invented_identity_changes_no_row_whoever_answers_it(office):
    desk = office(csv_text(people()).encode())
    desk.ask("5", identity="0" * 32, case="c" * 32)
    made = desk.final()
    assert "another decision than stands there" in made.notes[-1]
    assert table(made.content)["5"][3] == "pending human"  # it may have been made anew since
    desk.review("5", "changed")
    assert table(desk.final().content)["5"][3:6:2] == ["pending human"] * 2

    desk.ask("5")  # the negative control: about the decision that stands there
    desk.review("5", "changed", n=1)
    assert table(desk.final().content)["5"][3:6:2] == ["Advanced", "recruiter"]


def test_a_request_with_a_wrong_id_holds_the_row_of_its_identity_and_no_other(office):
    desk = office(csv_text(people()).encode())
    desk.ask("5", decision="6")
    desk.ask("5")
    found = table(desk.final().content)
    assert [found[n][3] for n in ("5", "6")] == ["pending human", "Rejected"]
    desk.review("6", "changed")
    found = table(desk.final().content)
    assert [found[n][3] for n in ("5", "6")] == ["Advanced", "Rejected"]


def test_a_request_that_names_the_id_of_a_flagged_decision_says_that_it_is_another(office):
    desk = office(csv_text(people()).encode())
    desk.review("29", "kept")
    desk.ask("29", identity="0" * 32)
    found = table(desk.final().content)
    assert found["29"][3] == "pending human"
    (asked,) = [
        rule.reason
        for case in desk.desk.all_cases
        for one in case.decisions
        for rule in one.rules
        if one.identity == "0" * 32
    ]
    assert "another decision of this result" in asked


def test_with_another_key_or_none_no_row_is_told_to_be_what_somebody_asked_about(office, tmp_path):
    desk = office(csv_text(people()).encode())
    (tmp_path / "other").write_text("0" * 64)
    desk.final(key="other")  # nobody asked, so the key is not needed
    desk.ask("5")
    with pytest.raises(AuditorError, match="in no row by this key"):
        desk.final(key="other")
    with pytest.raises(AuditorError, match="there is no key"):
        desk.final(key="nowhere")
    with pytest.raises(AuditorError, match="nothing tells which row"):
        final_export(
            desk.made.result.document, desk.desk.queue(DAY), desk.export,
            load_profile(tmp_path / "profile.yaml"),
        )  # fmt: skip


def test_what_people_decided_about_an_earlier_outcome_does_not_settle_the_row(office):
    desk = office(csv_text(people()).encode())
    desk.ask("5", outcome="favorable", identity="0" * 32)  # it was favorable once
    desk.review("5", "kept")
    _, *rows = cells(desk.final().content)
    assert (rows[5][3], rows[5][5]) == ("pending human", "pending human")


def test_parquet_stays_parquet(office, tmp_path):
    path = tmp_path / "export.parquet"
    (tmp_path / "rows.csv").write_text(csv_text(people()))
    duckdb.read_csv(str(tmp_path / "rows.csv")).write_parquet(str(path))
    desk = office(name="export.parquet")
    desk.review("29", "changed")
    made = desk.final()
    (tmp_path / "final.parquet").write_bytes(made.content)
    found = duckdb.read_parquet(str(tmp_path / "final.parquet"))

    assert made.kind == "parquet"
    assert found.columns == [*HEADER, "decided_by", "review_case"]
    assert [str(t) for t in found.types][0:5] == [
        "BIGINT",
        "VARCHAR",
        "VARCHAR",
        "VARCHAR",
        "DOUBLE",
    ]
    rows = found.fetchall()
    assert [row[0] for row in rows] == list(range(60))
    assert [rows[n][3] for n in (29, 30)] == ["Advanced", "pending human"]
    again = desk.audit(tmp_path / "final.parquet").result.document
    assert again["row_account"]["buckets"]["open"] == 2


def test_a_workbook_becomes_a_csv_file_and_says_so(office, tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "export.xlsx"), {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for n, row in enumerate([HEADER, *people()]):
        for m, cell in enumerate(row):
            number = n and m in (0, 4)
            sheet.write_number(n, m, float(cell)) if number else sheet.write_string(n, m, cell)
    book.close()
    desk = office(name="export.xlsx")
    desk.review("29", "changed")
    made = desk.final()
    _, *rows = cells(made.content)

    assert "written as a CSV file" in made.notes[-1]
    assert rows[29][:4] == ["29", "P 29", "M", "Advanced"]
    (tmp_path / "final.csv").write_bytes(made.content)
    again = desk.audit(tmp_path / "final.csv").result.document
    assert again["row_account"]["buckets"]["open"] == 2


def test_what_an_earlier_time_says_of_who_decided_stays_where_the_queue_says_nothing(office):
    text = csv_text(people()).replace("score\n", "score,decided_by\n")
    text = "\n".join(f"{line}, =x" if n else line for n, line in enumerate(text.splitlines()))
    desk = office(f"{text}\n".encode())
    desk.review("30", "kept")
    header, *rows = cells(desk.final().content)

    assert header == [*HEADER, "decided_by", "review_case"]
    assert [rows[n][5] for n in (0, 1, 29, 30)] == [" =x", " =x", "pending human", "recruiter"]
    assert [bool(rows[n][6]) for n in (0, 1, 29, 30)] == [False, False, True, True]


class Again(Desk):
    """The final export of an office, audited: with the ledger of that office."""

    def __init__(self, before: Desk, name: str):
        self.place, self.said, self.ledger = before.place, {}, before.ledger
        self.export = before.place / name
        self.export.write_bytes(before.final().content)
        self.made = self.audit(self.export)


@pytest.mark.parametrize("name", ["final.csv", "final.parquet"])
def test_the_final_export_of_a_final_export_says_the_same(office, name):
    if name.endswith("parquet"):
        place = office(csv_text(people()).encode()).place
        duckdb.read_csv(str(place / "export.csv")).write_parquet(str(place / "export.parquet"))
        for kept in place.glob("l.db*"):
            kept.unlink()
        desk = office(name="export.parquet")
    else:
        desk = office(csv_text(people()).encode())
    desk.review("29", "changed")
    desk.review("30", "kept")
    desk.ask("5")
    desk.review("5", "changed")
    first = table(desk.final().content)
    assert [first[n][5] for n in ("5", "29", "30", "31")] == ["recruiter"] * 3 + ["pending human"]

    again = Again(desk, name)
    second = table(again.final().content)
    # what people changed is another decision of the model's to the rules, and waits once more
    new = {"29"}
    assert {n for n, row in second.items() if row != first[n]} == new
    assert [second[n][3] for n in new] == ["pending human"]
    again.review("29", "kept")
    assert table(again.final().content) == first

    third = Again(again, f"third-{name}")
    third.ask("6")
    third.review("6", "changed")
    last = table(third.final().content)
    assert {n for n, row in last.items() if row != first[n]} == {"6"}
    assert last["6"][3:6:2] == ["Advanced", "recruiter"]


def table(content: bytes) -> dict[str, list[str]]:
    """Rows by their ids, as texts."""
    if content[:4] != b"PAR1":
        return {row[0]: row for row in cells(content)[1:]}
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        Path(file.name).write_bytes(content)
        return {
            str(row[0]): list(map(str, row)) for row in duckdb.read_parquet(file.name).fetchall()
        }


def refused(desk, export=None) -> str:
    with pytest.raises(AuditorError) as caught:
        desk.final(export)
    return caught.value.problems[0].slug


def test_another_export_or_profile_is_refused(office, tmp_path):
    desk = office(csv_text(people()).encode())
    (tmp_path / "other.csv").write_text(csv_text(people(61)))
    assert refused(desk, tmp_path / "other.csv") == "another-export"

    (tmp_path / "profile.yaml").write_text(PROFILE + "# changed\n")
    assert refused(desk) == "another-profile"


def test_where_no_row_has_an_outcome_of_its_own_it_says_so(office):
    lines = PROFILE.splitlines(keepends=True)
    desk = office(
        csv_text(people()).encode(),
        profile="".join(x for x in lines if "outcome" not in x and "status" not in x),
    )

    assert refused(desk) == "no-final-export"


def test_a_word_that_the_profile_maps_itself_is_what_it_says(office):
    rows = people()
    rows[3][3] = "pending human"
    mapped = PROFILE.replace("withdrawn: [Withdrew]", "withdrawn: [Withdrew, pending human]")
    desk = office(csv_text(rows).encode(), profile=mapped)

    assert desk.made.row_account.buckets["withdrawn"] == 2


def test_every_cell_but_the_outcomes_stays_as_it_stands(office):
    """Blanks, quotes nobody needed, blank lines, mixed line ends and the missing last one."""
    plain = csv_text(people())
    head, first, second, *rest = plain.rstrip("\n").split("\n")
    text = "\r\n".join([head, first, "", second]) + "\n"
    text += "\n".join(", ".join(f'"{cell}"' for cell in row.split(",")) for row in rest)
    desk = office(text.encode())
    made = desk.final()
    lines, was = made.content.decode().split("\n"), text.split("\n")

    assert len(lines) == len(was)
    for line, before in zip(lines[1:], was[1:], strict=True):
        end = "\r" if before.endswith("\r") else ""
        kept = before.removesuffix("\r")
        said = line.removesuffix("\r")
        assert line.endswith(end)
        assert said.startswith(kept) or "pending human" in said
    assert not made.content.endswith(b"\n")
