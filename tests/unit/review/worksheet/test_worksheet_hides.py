"""What stands in a worksheet: nothing of the model's answer too early, and nothing that runs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from auditor.review.worksheet.making import made
from auditor.review.worksheet.marks import cell_text
from auditor.review.worksheet.reading import saved
from auditor.review.worksheet.writing import workbook
from tests.unit.review.office import Office, case, rule
from tests.unit.review.worksheet.sheets import (
    JUDGED,
    REVIEWED,
    Sheet,
    export,
    filled,
    judge,
    parts,
    several,
    take,
)  # fmt: skip

SECRETS = ("0.7316", "0.7 to 0.8", "p/secret", "secret", "Close to", "tenure", "v-77", "band-x")


def told(outcome: str = "unfavorable", score: str = "0.7316", *, flip: bool = False) -> Office:
    """Cases about which the model said something that can be looked for."""
    rules = rule(
        "p/secret",
        reason="Close to the line.",
        evidence="band-x 0.7316",
        factors="tenure raised the score by 0.2",
    )
    cases = []
    for n in range(1, 9):
        other = "favorable" if outcome == "unfavorable" else "unfavorable"
        one = case(n, rules, outcome=other if n % 2 else outcome)
        (decision,) = one.decisions
        said = replace(decision, score=score, model_version="v-77")
        cases.append(replace(one, decisions=(said,)))
    return Office(cases=tuple(reversed(cases) if flip else cases))


def first_of(office: Office) -> bytes:
    values = {
        one.identity: (("years", "7"), ("skill", "0.25"))
        for one_case in office.cases
        for one in one_case.decisions
    }
    sheet = made(office.desk, office.queue(), "first", role="recruiter", evidence=values)
    return workbook(sheet)


def test_no_part_of_a_first_worksheet_tells_the_model_s_answer():
    for name, text in parts(first_of(told())).items():
        assert [one for one in SECRETS if one.lower() in text.lower()] == [], name


def test_a_reveal_tells_it(tmp_path):
    """The negative control: the same search finds all of it in the other worksheet."""
    office = told()
    judge(office, tmp_path)
    path = export(office, tmp_path / "r.xlsx", "reveal")
    text = "".join(parts(path).values())
    rest = {"0.7316", "v-77", "band-x"}  # never shown: the exact score, and what tells it
    assert {one for one in SECRETS if one.lower() not in text.lower()} == rest


def test_a_first_worksheet_is_the_same_whatever_the_model_said():
    """Not a byte of cells, styles, order or properties depends on its answer."""
    whatever = (told(), told("favorable"), told(score="0.1"), told(flip=True))
    assert len({first_of(office) for office in whatever}) == 1


def test_a_reveal_is_not(tmp_path):
    found = set()
    for office in (told(), told("favorable"), told(score="0.1")):
        judge(office, tmp_path)
        found.add(export(office, tmp_path / "r.xlsx", "reveal").read_bytes())
    assert len(found) == 3


_RUN = ("1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("x","y")', 'DDE("a";"b";"c")')
PAYLOADS = (
    *(f"{sign}{run}" for sign in "=+-@\t\r\uff1d\uff0b" for run in _RUN),
    *(f" ={run}" for run in _RUN),
    *(f"\n={run}" for run in _RUN),
    "'=1+1", '"=1+1"', "0012", "1234567890123456789", "1e5", "TRUE", "#N/A", "2026-01-02",
    "http://a.example", "mailto:a@b.example", "<f>1+1</f>", "_x0041_", "{=1}", "=", "@", "a\x00b",
)  # fmt: skip


def test_formulas_stay_texts_in_every_place_that_data_reach(tmp_path):
    cases, values = [], {}
    for n, text in enumerate(PAYLOADS, start=1):
        one = case(n, rule(reason=text, evidence=text, factors=f"{text} raised the score by 1"))
        decision = replace(one.decisions[0], decision=text)
        cases.append(replace(one, decisions=(decision,)))
        values[decision.identity] = (("=1+1", text), ("@x", text))
    office = Office(cases=tuple(cases))
    assert len(PAYLOADS) >= 60

    def written(step, name):
        queue = office.queue()
        sheet = made(office.desk, queue, step, role="recruiter", reader="Ada", evidence=values)
        path = tmp_path / name
        path.write_bytes(workbook(sheet))
        return path

    review = REVIEWED | {"outcome": "not used", "final": "favorable"}
    for step, answers in (("first", JUDGED), ("reveal", review)):
        path = written(step, f"{step}.xlsx")
        for text in (parts(path), parts(Sheet(path, step).save())):
            sheets = "".join(v for k, v in text.items() if "worksheets/sheet" in k)
            assert re.findall(r"<f[ >]|<hyperlink|t=\"str\"", sheets) == []
            assert all(f[0] in '"0123456789' for f in re.findall(r"<formula\d>(.*?)<", sheets))
            holding = re.findall(r"<c ([^>]*[^/])>", sheets)  # cells that are not blank
            assert len(holding) > len(PAYLOADS)
            assert [one for one in holding if not re.search('t="(s|inlineStr)"', one)] == []
            assert "vbaProject" not in str(sorted(text))
            assert "<definedName " not in "".join(text.values())
        sheet = saved(path)
        shown = sorted(row.shown[1] for row in sheet.rows)
        assert shown == sorted(map(cell_text, PAYLOADS))
        assert {tuple(row.shown[-2:]) for row in sheet.rows} == {
            (cell_text(text), cell_text(text)) for text in PAYLOADS
        }
        found = take(office, filled(path, step, lambda _, a=answers: a))
        assert len(found.drafts) == len(PAYLOADS)


def test_only_cells_to_fill_in_are_unlocked(office, tmp_path):
    path = export(office, tmp_path / "f.xlsx", "first")
    sheet = Sheet(path, "first")
    assert sheet.cells.protection.sheet
    assert sheet.book["Read me"].protection.sheet
    assert sheet.cells.freeze_panes == "C2"
    asked = [c.value for c in sheet.cells[1] if not sheet.at(2, c.value).protection.locked]
    assert asked == [
        "Your judgement", "How sure you are", "Conflict of interest", "Minutes spent",
    ]  # fmt: skip
    assert all(cell.protection.locked for cell in sheet.cells[1])
    lists = {str(v.sqref): v.formula1 for v in sheet.cells.data_validations.dataValidation}
    assert lists["C2:C3"] == '"favorable,unfavorable,cannot say"'


def test_the_same_worksheet_has_the_same_bytes(tmp_path):
    office = several(3)
    paths = [export(office, tmp_path / f"{n}.xlsx", "first") for n in (1, 2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("step", ["first", "reveal"])
def test_the_first_sheet_says_in_plain_words_what_to_do(office, tmp_path, step):
    judge(office, tmp_path)
    path = export(office, tmp_path / "x.xlsx", step, reader="Ben" if step == "first" else "Ada")
    text = " ".join(str(c.value) for row in Sheet(path, step).book["Read me"] for c in row)
    said = "The model's answer is not in this file" if step == "first" else "what the model said"
    assert said in text
    assert "Nothing is taken over if one row is wrong" in text
    assert "goes into a ledger" in text


@pytest.mark.parametrize("step", ["first", "reveal"])
def test_the_first_sheet_says_what_is_the_matter_with_the_ledger(tmp_path, step):
    office = several(2)
    judge(office, tmp_path)

    def cautions() -> list[str]:
        said = Sheet(
            export(office, tmp_path / "x.xlsx", step, reader="Ben" if step == "first" else "Ada"),
            step,
        )
        lines = said.book["Read me"].iter_rows(max_col=2, values_only=True)
        return [text for name, text in lines if name == "About the ledger"]

    assert cautions() == []
    office.later(days=6)
    (found,) = cautions()
    assert "for 6 days, are covered by no checkpoint" in found
    office.later(hours=-1)
    office.put(office.draft("claimed", {"case": "x", "role": "y"}))
    office.later(hours=-2)
    office.put(office.draft("claimed", {"case": "x", "role": "y"}))
    assert any("The clock went back" in one for one in cautions())
    path = filled(tmp_path / "x.xlsx", step, lambda _: JUDGED if step == "first" else REVIEWED)
    assert saved(path).origin.ledger == "acme-reviews"
