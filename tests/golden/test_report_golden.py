"""Whole reports, approved. AUDITOR_UPDATE_GOLDEN=1 accepts what is made now."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from auditor.report import FORMATS

HERE = Path(__file__).parent
ACTUAL = HERE.parent / "actual"
ENDINGS = {"html": "html", "text": "txt"}
CASES = [(name, form) for name in ("failing", "passing", "unsettled") for form in sorted(ENDINGS)]


def test_every_format_has_a_golden() -> None:
    assert set(FORMATS) == set(ENDINGS)


@pytest.mark.parametrize(("name", "form"), CASES)
def test_report_is_the_approved_one(name: str, form: str, samples: ModuleType) -> None:
    made = FORMATS[form](samples.SAMPLES[name]())
    approved = HERE / "report" / f"{name}.{ENDINGS[form]}"
    if os.environ.get("AUDITOR_UPDATE_GOLDEN"):
        approved.parent.mkdir(exist_ok=True)
        approved.write_text(made, encoding="utf-8", newline="")

    if not approved.is_file() or approved.read_bytes() != made.encode():
        ACTUAL.mkdir(exist_ok=True)
        actual = ACTUAL / approved.name
        actual.write_text(made, encoding="utf-8", newline="")
        pytest.fail(
            f"{approved} is not what is made now; compare it with {actual}, and accept the new "
            "one with AUDITOR_UPDATE_GOLDEN=1"
        )


@pytest.mark.parametrize(("name", "form"), CASES)
def test_same_result_gives_the_same_bytes(name: str, form: str, samples: ModuleType) -> None:
    first, second = (FORMATS[form](samples.SAMPLES[name]()) for _ in range(2))

    assert first == second
