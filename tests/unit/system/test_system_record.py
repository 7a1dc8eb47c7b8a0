"""System records: what their grammar accepts, what counts as a gap, what is refused and where."""

from __future__ import annotations

import hashlib
import resource
import time
from datetime import date
from typing import Any, get_origin

import pytest

from auditor.errors import PathError, SystemRecordError
from auditor.system import ASKS, LEAVES, PATHS, RecordBody, below, load_system, only, ways_to
from auditor.system.entries import BY_AUDIENCE, LISTED, entry_of
from tests.clock import seconds

HEAD = "auditor: system/1\nsystem: {id: ranker, name: Ranker}\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes) -> str:
        content = text.encode() if isinstance(text, str) else text
        (tmp_path / "system.yaml").write_bytes(content)
        return "system.yaml"

    return write


@pytest.fixture
def record(write):
    return lambda text="": load_system(write(HEAD + text))


def refused(path: str) -> list[str]:
    with pytest.raises(SystemRecordError) as caught:
        load_system(path)
    return str(caught.value).splitlines()


def test_a_record_needs_to_say_only_what_it_is_about(record):
    found = record()

    assert (found.id, found.name, found.path) == ("ranker", "Ranker", "system.yaml")
    assert [entry for entry in ASKS if not found.gaps(entry)] == []


def test_its_checksum_is_of_the_bytes_of_the_file(record):
    found = record("dpia: {}\n")

    assert found.sha256 == hashlib.sha256((HEAD + "dpia: {}\n").encode()).hexdigest()


def test_the_same_content_as_python_data_reads_alike(record):
    data = {
        "auditor": "system/1",
        "system": {"id": "ranker", "name": "Ranker"},
        "dpia": {"reference": "DPIA 7", "on": date(2026, 3, 1)},
    }

    assert load_system(data).items == record("dpia: {reference: DPIA 7, on: 2026-03-01}\n").items
    assert load_system(load_system(data)).id == "ranker"


def test_a_value_that_is_missing_is_a_gap_and_no_error(record):
    found = record("questions: {model: {answer: Gradient boosting, answered_on: 2026-01-02}}\n")

    assert found.gaps("questions.model") == ("questions.model.source",)
    assert found.dates("questions.model.answered_on") == (date(2026, 1, 2),)
    assert found.values("questions.model.source") == ()


def test_null_is_no_answer(record):
    assert record("owners: {hr: null, it: platform team}\n").gaps("owners") == ("owners.hr",)


def test_not_known_whether_open_or_closed_is_no_answer(record, write):
    text = HEAD.replace("name: Ranker", "name: Ranker, vendor: V, version: '1', openness: WORD")

    assert load_system(write(text.replace("WORD", "unknown"))).gaps("system") == (
        "system.openness",
    )
    assert load_system(write(text.replace("WORD", "closed"))).gaps("system") == ()


def test_health_data_that_are_not_used_need_no_basis(record):
    assert record("health_data: {used: no}\n").gaps("health_data") == ()
    assert record("health_data: {used: yes}\n").gaps("health_data") == ("health_data.basis",)


def test_a_model_file_and_a_publication_are_asked_for_by_name_only(record):
    found = record("audit: {by: A, independent: yes, on: 2026-02-01}\n")

    assert found.gaps("audit") == ()
    assert found.gaps("audit.published_on") == ("audit.published_on",)
    assert found.gaps("system.model_digest") == ("system.model_digest",)


def test_notices_are_told_apart_by_whom_they_went_to(record):
    found = record(
        "notices:\n"
        "  - {to: candidates, reference: N1, given_on: 2026-03-01, law: L}\n"
        "  - {to: candidates, reference: N2, given_on: 2026-01-01, law: L}\n"
        "  - {to: employees, reference: N3}\n"
    )

    assert found.gaps("notices.candidates") == ()
    assert found.dates("notices.candidates.given_on") == (date(2026, 1, 1), date(2026, 3, 1))
    assert found.gaps("notices.employees") == (
        "notices.employees.given_on",
        "notices.employees.law",
    )
    assert len(found.gaps("notices.workers-representatives")) == 3


def test_a_half_written_item_of_a_list_is_a_gap(record):
    found = record("alternatives:\n  - {tried: A, why_not: B}\n  - {tried: C}\n")

    assert found.gaps("alternatives") == ("alternatives.why_not",)
    assert found.values("alternatives.tried") == ("A", "C")


@pytest.mark.parametrize(("written", "shown"), [("0.85", "0.85"), ("4/5", "0.8"), ("2/3", "2/3")])
def test_a_target_keeps_its_exact_number(record, written, shown):
    found = record(f"targets: [{{says: S, measure: M, at_least: {written}}}]\n")

    assert found.values("targets.at_least") == (shown,)


def test_every_value_of_the_grammar_stands_in_one_entry():
    assert {entry_of(leaf) for leaf in LEAVES} == set(ASKS)
    assert set(ASKS) <= PATHS
    lists = [n for n, f in RecordBody.model_fields.items() if get_origin(f.annotation) is tuple]
    assert sorted(lists) == sorted([*LISTED, BY_AUDIENCE])


def test_a_way_leads_to_a_date_or_a_number_only_where_there_is_just_one():
    assert only("questions", "date") is None
    assert only("audit", "date") == "audit.on"
    assert only("questions.explanation", "number") == "questions.explanation.steps_to_person"
    assert "notices.candidates" in ways_to("date")
    assert below("nothing") == ()


def test_all_problems_of_a_record_are_told_at_once_with_their_places(write):
    path = write(
        "auditor: system/1\n"
        "system: {id: ranker, nme: Ranker, version: 1.4, openness: half}\n"
        "questions:\n"
        "  modell: {answer: x}\n"
        "  training: {answer: x, answered_on: 2026-02-30}\n"
        "  explanation: {steps_to_person: -1}\n"
        "notices: [{to: applicants}]\n"
        "retention: {months: 48.5}\n"
        "health_data: {used: true}\n"
        "owners: people team\n"
    )

    lines = refused(path)

    assert [line.split(": ")[0] for line in lines] == [
        "system.yaml:2:9",
        "system.yaml:2:22",
        "system.yaml:2:44",
        "system.yaml:2:59",
        "system.yaml:4:3",
        "system.yaml:5:38",
        "system.yaml:6:34",
        "system.yaml:7:16",
        "system.yaml:8:21",
        "system.yaml:9:21",
        "system.yaml:10:9",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("questions: {trainig: {answer: x}}", "did you mean 'training'?"),
        ("dipa: {on: 2026-01-01}", "did you mean 'dpia'?"),
        ("dpia: {on: 01/02/2026}", "write it as 2026-11-22"),
        ("dpia: {on: soon}", "must be a calendar date, got 'soon'"),
        ("notices: [{to: applicants}]", "candidates, employees, workers-representatives"),
        ("notices: {to: candidates}", "'notices' must be a list"),
        ("appeal: {route: R, days: 10000}", "at most 9999"),
        ("retention: {months: four years}", "write plain digits"),
        ("questions: {explanation: {steps_to_person: 100}}", "at most 99"),
        ("questions: {explanation: {steps_to_person: 1.5}}", "must be a whole number"),
        ("health_data: {used: maybe}", "must be one of no, yes, got 'maybe'"),
        ("targets: [{at_least: 80%}]", "write 0.8"),
        ('owners: {hr: " "}', "must not be empty"),
        ("owners: {hr: 7}", 'write "7"'),
        ("dpia: {on: 2026-01-01, on: 2026-01-02}", "on"),
    ],
)
def test_a_wrong_value_is_named_with_what_may_stand_there(write, text, says):
    (line,) = refused(write(HEAD + text + "\n"))

    assert line.startswith("system.yaml:3:")
    assert says in line


@pytest.mark.parametrize("digest", ["abc", "g" * 64, "A" * 64, "sha256:" + "a" * 64, "a" * 63])
def test_a_digest_that_is_no_sha_256_is_refused(write, digest):
    (line,) = refused(write(HEAD.replace("name: Ranker", f"name: R, model_digest: {digest!r}")))

    assert "must be the SHA-256 of the model's file" in line


def test_a_digest_is_read_and_null_is_none(write):
    given = HEAD.replace("name: Ranker", f"name: R, model_digest: {'0a' * 32}")
    none = HEAD.replace("name: Ranker", "name: R, model_digest: null")

    assert load_system(write(given)).head("model_digest") == "0a" * 32
    assert load_system(write(none)).head("model_digest") is None


@pytest.mark.parametrize(
    ("first", "hint"),
    [
        ("auditor: system/2", "a newer version of auditor"),
        ("auditor: policy/1", "it goes with --policy"),
        ("auditor: profile/1", "it goes with --profile"),
        ("auditor: 1", "the first line of a system record is"),
        ("version: 1", "the first line of a system record is"),
    ],
)
def test_a_file_of_another_format_says_what_it_is(write, first, hint):
    (line,) = refused(write(f"{first}\nnonsense: [1]\n"))

    assert hint in line


def test_a_list_without_end_is_one_problem_and_not_thousands(write, record):
    items = "alternatives:\n" + "  - {tried: a, why_not: b}\n" * 200

    assert len(record(items).values("alternatives.tried")) == 200
    (line,) = refused(write(HEAD + items + "  - {tried: a, why_not: b}\n"))
    assert line.startswith("system.yaml:4:3: 'alternatives' must have at most 200 items, got 201")
    assert len(refused(write(HEAD + "targets: [" + "a, " * 9000 + "a]\n"))) == 1


def test_a_file_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(PathError, match="cannot read"):
        load_system(tmp_path / "none.yaml")


HOSTILE: dict[str, tuple[Any, str]] = {
    "too large": (HEAD.encode() + b"# " + b"x" * (1 << 20), "larger than 128 KiB"),
    "too deep": (HEAD + "questions: " + "[" * 60 + "]" * 60, "levels"),
    "too many values": (HEAD + "targets: [" + "a, " * 30_000 + "a]", "10,000"),
    "an alias": (HEAD + "owners: &a {hr: x, it: y}\nuse: *a\n", "anchor"),
    "a bomb of aliases": (
        HEAD + "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20)),
        "anchor",
    ),
    "a tag": (HEAD + "owners: !!python/object/apply:os.system [ls]\n", "tag"),
    "a key twice": (HEAD + "owners: {hr: x}\nowners: {hr: y}\n", "owners"),
    "two documents": (HEAD + "---\n" + HEAD, "document"),
    "blank lines": (HEAD + "\n" * 125_000 + "questons: 1\n", "'questons'"),
    "signs of a directive": ("%a\n" * 40_000, "not readable"),
    "many unknown keys": (HEAD + "".join(f"k{n}: 1\n" for n in range(4_900)), "'k4899'"),
    "a comma in a number": (HEAD + "x: {y: 0,8}\n", "the number 0,8"),
    "a merge key": (HEAD + "owners: {<<: {hr: x}}\n", "<<"),
    "not UTF-8": (HEAD.encode() + b"owners: {hr: \xff}\n", "UTF-8"),
    "a NUL": (HEAD.encode() + b"owners: {hr: \0}\n", "U+0000"),
    "a byte order mark": (b"\xef\xbb\xbf" + HEAD.encode(), "byte order mark"),
    "nothing": (b"", "empty"),
    "a list": (b"- a\n", "keys with values"),
    "an unclosed bracket": (HEAD + "owners: {hr: x\n", "system.yaml:"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_small(write, what):
    content, says = HOSTILE[what]
    path = write(content)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    lines = refused(path)

    assert time.process_time() - start < seconds(2)  # 1 s and less where nothing else runs
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert any(says in line for line in lines)
    assert all(line.startswith("system.yaml") for line in lines)
