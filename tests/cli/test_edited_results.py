"""Stored results that somebody edited: refused with 6, or judged as before; never a pass, never 70.

An edit that is consistent in itself (a finding and the verdict that follows from it) cannot be seen
without a signature; the last test says so.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import auditor
from auditor.errors import AuditorError
from auditor.report import render_html, render_text

OURS = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates: [{id: g, kind: impact-ratio, says: s, because: [b], for_each: [sex, race]}]
reviews: [{id: r, kind: near-cut-score, says: s, because: [b]}]
"""
EXIT_CODES = {"failed": 1, "not evaluated": 4, "no verdict": 4, "reviews open": 5, "passed": 0}


def frame(women: int, men: int, n: int) -> pd.DataFrame:
    sex = np.repeat(["F", "M"], n)
    place = np.tile(np.arange(n), 2)
    selected = np.where(sex == "F", place < women, place < men)
    return pd.DataFrame(
        {
            "id": [f"{i:05d}" for i in range(2 * n)],
            "sex": sex,
            "status": np.where(selected, "A", "R"),
            "score": (place % 100) / 100,
            "years": (place % 17).astype(float),
        }
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, Path]:
    """One saved result for every exit code of the gate."""
    from sklearn.linear_model import LinearRegression

    place = tmp_path_factory.mktemp("results")
    (place / "ours.yaml").write_text(OURS)
    model = LinearRegression().fit([[0.0], [16.0]], [0.0, 1.0])
    cases = {
        "failed": (frame(40, 60, 100), ["us-adverse-impact", "professional-practice"]),
        "not evaluated": (frame(500, 505, 1000), [place / "ours.yaml"]),
        "no verdict": (frame(11, 12, 40), ["us-adverse-impact"]),
        "reviews open": (frame(500, 505, 1000), ["us-adverse-impact", "professional-practice"]),
        "passed": (frame(500, 505, 1000), ["us-adverse-impact"]),
    }
    for name, (data, policies) in cases.items():
        auditor.audit(
            data,
            policies,
            id="id",
            outcome="status",
            favorable="A",
            unfavorable="R",
            groups="sex",
            score="score",
            cut_score=0.5,
            scale=None if name == "not evaluated" else (0, 1),
            model=model if name == "failed" else None,
            features=["years"],
            as_of=date(2026, 11, 24),
            key=place / "key",
        ).save(place / name)
    return {name: place / name for name in cases}


@pytest.fixture
def edited(results, tmp_path) -> Callable[..., Path]:
    """Copy of a result in which a function has changed the document."""

    def edit(name: str, change: Callable[[Any], Any] = lambda _: None) -> Path:
        place = tmp_path / "edited"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(results[name], place)
        document = json.loads((place / "audit.json").read_text())
        changed = change(document)
        document = document if changed is None else changed
        (place / "audit.json").write_text(json.dumps(document))
        return place

    return edit


@pytest.mark.parametrize("name", EXIT_CODES)
def test_a_result_that_nobody_edited_is_judged_as_it_was(run, edited, name):
    assert run("gate", edited(name)).code == EXIT_CODES[name]


def paths(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document; of a list the first item speaks for all."""
    if at:
        yield at
    items = node.items() if isinstance(node, dict) else ()
    if isinstance(node, list):
        items = list(enumerate(node))[:1]
    for key, value in items:
        yield from paths(value, (*at, key))


DELETED = object()
VALUES = (DELETED, None, -1, 1.5, "pass", True, [], {"a": 1}, [1], 1e308, 10**400)


def put(document: Any, at: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    node = changed
    for key in at[:-1]:
        node = node[key]
    if value is DELETED:
        del node[at[-1]]
    else:
        node[at[-1]] = value
    return changed


def judge(place: Path, *, printed: bool = False) -> int:
    """Exit code of the gate on a result; ``printed`` with everything that is said of it."""
    try:
        made = auditor.load(place)
        code = made.verdict.exit_code
    except AuditorError as refused:
        return refused.exit_code
    if printed:
        render_text(made.judged())
        render_html(made.judged())
    return code


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.trust)])
def test_no_field_that_is_lost_or_of_another_kind_makes_a_pass_or_a_traceback(
    results, tmp_path, every
):
    """Over the fields of a result that has all parts, thinned out over values."""
    shutil.copytree(results["failed"], tmp_path / "edited")
    text = (tmp_path / "edited" / "audit.json").read_text()
    document = json.loads(text)
    found: dict[int, int] = {}
    for n, at in list(enumerate(paths(document)))[::every]:
        for value in (*VALUES[:2], *VALUES[2 + n % 4 :: 4]):
            changed = put(document, at, value)
            (tmp_path / "edited" / "audit.json").write_text(json.dumps(changed))
            code = judge(tmp_path / "edited", printed=n % 3 == 0 and value is VALUES[2 + n % 4])
            assert code in (1, 6), (at, value, code)
            found[code] = found.get(code, 0) + 1

    assert found[6] > 500 / every
    assert found[1] > 10 / every


def test_every_field_that_is_lost_is_missed(results, tmp_path):
    """But for evidence and counts by name, where nobody knows what stood there."""
    shutil.copytree(results["failed"], tmp_path / "edited")
    document = json.loads((tmp_path / "edited" / "audit.json").read_text())
    unseen = set()
    for at in paths(document):
        if not isinstance(at[-1], str):
            continue
        (tmp_path / "edited" / "audit.json").write_text(json.dumps(put(document, at, DELETED)))
        if judge(tmp_path / "edited") != 6:
            unseen.add(at[0] if at[0] != "findings" else f"{at[0]}.{at[2]}")

    assert unseen <= {"findings.evidence", "versions"}


def set_all(entries: list[dict[str, Any]], **values: Any) -> None:
    for entry in entries:
        entry.update(values)


def without_fails(document: Any) -> None:
    document["findings"] = [f for f in document["findings"] if f["verdict"] != "fail"]


EDITS = {
    "fails pass": ("failed", lambda d: set_all(d["findings"], verdict="pass")),
    "fails only inform": ("failed", lambda d: set_all(d["findings"], severity="info")),
    "fails are gone": ("failed", without_fails),
    "findings are gone": ("failed", lambda d: d.update(findings=[])),
    "the policy only advises": ("failed", lambda d: set_all(d["policies"], in_force=False)),
    "the policy has another name": ("failed", lambda d: d["policies"][0].update(id="theirs")),
    "the policies are gone": ("failed", lambda d: d.update(policies=[])),
    "the verdict is pass": (
        "failed",
        lambda d: d["verdict"].update(state="pass", exit_code=0, reviews_open=0),
    ),
    "only the exit code": ("failed", lambda d: d["verdict"].update(exit_code=0)),
    "no verdict is pass": ("no verdict", lambda d: set_all(d["findings"], verdict="pass")),
    "not evaluated is gone": ("not evaluated", lambda d: d.update(not_evaluated=[])),
    "not evaluated is not needed": (
        "not evaluated",
        lambda d: set_all(d["not_evaluated"], required=False),
    ),
    "not evaluated only informs": (
        "not evaluated",
        lambda d: set_all(d["not_evaluated"], severity="info"),
    ),
    "decisions are a test": ("reviews open", lambda d: d["profile"].update(decisions="test")),
    "flags are forgotten": (
        "reviews open",
        lambda d: d["flags"].update(count=0, by_rule={}, mandatory_open=0, file=None, sha256=None),
    ),
    "fewer flags are counted": ("reviews open", lambda d: d["flags"].update(count=1)),
    "rules flag less": (
        "reviews open",
        lambda d: d["flags"]["by_rule"].update({"professional-practice/near-the-line": 1}),
    ),
    "no review is mandatory": ("reviews open", lambda d: d["flags"].update(mandatory_open=0)),
    "rows are lost": ("passed", lambda d: d["row_account"].update(used=1)),
    "rows are less than none": (
        "passed",
        lambda d: d["row_account"].update(used=2001, buckets={"open": -1}),
    ),
    "more selected than considered": (
        "passed",
        lambda d: d["measurements"][0].update(favorable=10**6),
    ),
    "another fingerprint": ("passed", lambda d: d["findings"][0].update(fingerprint="0" * 16)),
    "a policy twice": ("passed", lambda d: d["policies"].append(d["policies"][0])),
    "attributions are others": ("failed", lambda d: d["explanations"].update(sha256="0" * 64)),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_that_contradicts_the_rest_is_refused(run, edited, what):
    name, change = EDITS[what]

    ran = run("gate", edited(name, change))

    assert ran.code == 6, ran.err
    assert "Traceback" not in ran.err
    assert "hint:" in ran.err


def test_flags_that_are_left_out_of_the_file_are_missed_with_their_checksum_made_anew(
    run, edited, tmp_path
):
    place = edited("reviews open")
    lines = (place / "flags.csv").read_bytes().splitlines(keepends=True)
    (place / "flags.csv").write_bytes(b"".join(lines[:2]))
    digest = hashlib.sha256(b"".join(lines[:2])).hexdigest()
    document = json.loads((place / "audit.json").read_text())
    document["flags"]["sha256"] = digest
    (place / "audit.json").write_text(json.dumps(document))

    assert run("gate", place).code == 6


@pytest.mark.parametrize("content", [b"", b"a,b\r\n", b"\xff\xfe", b'"unclosed'])
def test_flags_that_are_no_flags_are_refused(run, edited, content):
    def change(document: Any) -> None:
        document["flags"]["sha256"] = hashlib.sha256(content).hexdigest()

    place = edited("reviews open", change)
    (place / "flags.csv").write_bytes(content)

    assert run("gate", place).code == 6


TEXTS = {
    "empty": b"",
    "not JSON": b"{",
    "a list": b"[]",
    "a number": b"17",
    "another format": b'{"format": "auditor-result/2"}',
    "a format that is no text": b'{"format": 1}',
    "NaN": b'{"format": NaN}',
    "beyond the largest number": b'{"format": 1e999}',
    "a key twice": b'{"format": "auditor-result/1", "format": "auditor-result/1"}',
    "nested without end": b"[" * 100_000,
    "UTF-16": '{"format": "auditor-result/1"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"format": "auditor-result/1"}',
    "digits without end": b'{"format": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("verb", ["gate", "report"])
@pytest.mark.parametrize("what", TEXTS)
def test_what_is_no_result_is_refused(run, tmp_path, what, verb):
    (tmp_path / "audit.json").write_bytes(TEXTS[what])
    more = ["--format", f"text={tmp_path / 'x.txt'}"] if verb == "report" else []

    ran = run(verb, tmp_path / "audit.json", *more)

    assert ran.code == 6, ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "x.txt").exists()


def test_a_pipe_is_not_waited_for(run, tmp_path):
    os.mkfifo(tmp_path / "audit.json")

    assert run("gate", tmp_path).code == 74


def test_fields_of_a_later_version_are_let_through(run, edited):
    def change(document: Any) -> None:
        document["signed_by"] = "nobody"
        set_all(document["findings"], weight=1)
        set_all(document["not_evaluated"], weight=1)

    assert run("gate", edited("passed", change)).code == 0


def test_what_need_not_pass_is_no_pass_either(run, edited):
    place = edited("no verdict", lambda d: set_all(d["findings"], must_pass=False))

    assert run("gate", place).code == 4


def test_a_consistent_edit_is_not_seen_without_a_signature(run, edited):
    """The control of the tests above, and the limit of what a file can say about itself."""

    def change(document: Any) -> None:
        set_all(document["findings"], verdict="pass")
        for finding in document["findings"]:
            if "state" in finding["evidence"]:
                finding["evidence"]["state"] = "pass"
        document["verdict"].update(state="pass", exit_code=5)

    assert run("gate", edited("failed", change)).code == 5
