"""Cells as they stand in a text: put together again they are the text, whatever is in them."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.ingest.files.records import records
from auditor.ingest.rewriting.raw_records import raw_records

SIGNS = st.text(st.sampled_from('ab "\n\r,;\t\u00e4\u2028\x0b\x1c'), max_size=5)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def texts(draw):
    """Delimited texts of every style that can be read."""
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    lines = draw(st.lists(st.lists(SIGNS, min_size=1, max_size=4), min_size=1, max_size=4))
    text = ""
    for cells in lines:
        said = [written(draw, cell, delimiter) for cell in cells]
        text += delimiter.join(said) + draw(ENDS) * draw(st.integers(1, 3))
    return delimiter, text if draw(st.booleans()) else text.rstrip("\r\n")


def written(draw, cell: str, delimiter: str) -> str:
    bare = not any(sign in cell for sign in (delimiter, '"', "\r", "\n"))
    if bare and draw(st.booleans()):
        return cell
    return " " * draw(st.integers(0, 2)) + '"' + cell.replace('"', '""') + '"'


def physical(text: str) -> list[str]:
    """Lines of a text as a file opened without translation gives them."""
    found, line = [], ""
    for n, sign in enumerate(text):
        line += sign
        if sign == "\n" or (sign == "\r" and text[n + 1 : n + 2] != "\n"):
            found.append(line)
            line = ""
    return [*found, line] if line else found


@given(texts())
def test_what_stands_there_comes_out_again(made):
    delimiter, text = made
    lines = physical(text)
    found = list(raw_records(lines, delimiter, quotes='"' in text))

    assert "".join(r.blank + delimiter.join(r.raw) + r.end for r in found) == text
    if '"' in text:
        cells = [r.cells for r in records(lines, delimiter)]
        assert [r.cells for r in found if r.cells] == cells
    assert all(len(r.raw) == len(r.cells) for r in found)


def test_the_csv_module_alone_would_lose_blanks_and_quotes():
    text = 'a, b,"c"\n'
    (cells,) = csv.reader([text], skipinitialspace=True)

    assert ",".join(cells) + "\n" != text
    assert [r.raw for r in raw_records([text], ",", quotes=True)] == [["a", " b", '"c"']]


@pytest.mark.parametrize("text", ['"a"b,c\n', '"a\n', 'a,"b" \n'])
def test_a_quote_that_closes_in_mid_cell_or_never_is_an_error(text):
    with pytest.raises(csv.Error):
        list(raw_records([text], ",", quotes=True))
