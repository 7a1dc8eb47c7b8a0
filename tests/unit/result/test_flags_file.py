"""The text of ``flags.csv``: written so that no spreadsheet runs it, and read back exactly."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.result.flags import COLUMNS, NO_FLAGS, FlagRow, flag_counts, flags_csv, read_flags


def row(**said) -> FlagRow:
    plain = dict.fromkeys(COLUMNS, "") | {"mandatory": True, "policy": "p", "rule": "r"}
    return FlagRow(**plain | said)


FORMULAS = ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\ufeff=1", "\0=1", "\uff1d1", "\u30001"]


@pytest.mark.parametrize("cell", FORMULAS[:-1])
def test_a_formula_is_written_as_a_text(cell):
    text = flags_csv([row(decision=cell)])

    (written,) = csv.DictReader(io.StringIO(text, newline=""))
    assert written["decision"] == f"'{cell}"
    assert read_flags(text)[0]["decision"] == cell


@pytest.mark.parametrize("cell", ["17", "0.5 - 1", "a=b", "\u30001", ""])
def test_any_other_cell_is_written_as_it_is(cell):
    (written,) = csv.DictReader(io.StringIO(flags_csv([row(decision=cell)]), newline=""))

    assert written["decision"] == cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_every_cell_comes_back(cells):
    text = flags_csv([row(decision=cell, evidence=cell[::-1]) for cell in cells])

    found = read_flags(text)
    assert [line["decision"] for line in found] == cells
    assert [line["evidence"] for line in found] == [cell[::-1] for cell in cells]


def test_a_cell_longer_than_a_reader_usually_takes_comes_back():
    before = csv.field_size_limit()
    text = flags_csv([row(decision="x" * 200_000)])

    assert len(read_flags(text)[0]["decision"]) == 200_000
    assert csv.field_size_limit() == before


def test_the_file_is_rfc_4180_with_a_header():
    text = flags_csv([row(decision='a "quoted", one', mandatory=False)])

    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert text.endswith("\r\n")
    assert '"a ""quoted"", one"' in text
    assert read_flags(text)[0]["mandatory"] == "no"


def test_decisions_are_counted_once_and_rules_by_line():
    rows = [
        row(identity="a", rule="r"),
        row(identity="a", rule="s", mandatory=False),
        row(identity="b", rule="s", mandatory=False),
    ]

    counted = flag_counts(flags_csv(rows))
    assert counted == {"count": 2, "by_rule": {"p/r": 1, "p/s": 2}, "mandatory_open": 1}
    assert flag_counts(flags_csv([])) == NO_FLAGS


@pytest.mark.parametrize(
    "text", ["", "a,b\r\n", ",".join(COLUMNS) + "\r\n1,2\r\n", '"', ",".join(COLUMNS[::-1])]
)
def test_what_is_no_flags_file_is_refused(text):
    with pytest.raises(ValueError, match=r"columns|CSV|values"):
        read_flags(text)
