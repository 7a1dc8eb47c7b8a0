from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.house import source

STOP, LOOK = 300, 250

LARGE = {
    "auditor/explain/shap_values.py": "one explainer a family, and the check that all of them pass",
    "auditor/inference/impact_steps.py": "the steps of the verdict rule in the order of its text",
    "auditor/inference/intervals.py": "four intervals; half of it is formulas and sources",
    "auditor/inference/power.py": "figures beside a verdict; half of it is formulas and sources",
    "auditor/inference/significance.py": "five tests; half of it is formulas and sources",
    "auditor/inference/unknowns.py": "bounds for the unknown; half of it is formulas and sources",
    "auditor/ingest/profile/schema.py": "the grammar of a profile, read from top to bottom",
    "auditor/run/holding.py": "what people hold of an audit; half of it is what may be raised",
    "auditor/policy/model.py": "everything that a policy can say, read from top to bottom",
    "auditor/run/writing.py": "the document of a result, one entry after the other",
    "auditor/result/document.py": "the whole contract with the outside world, read in one place",
    "auditor/review/records.py": "one case, told entry by entry",
    "auditor/rules/contrast.py": "what the kinds that contrast two groups have in common",
    "auditor/rules/kinds/descriptive.py": "a kind is one file; half of it tells what it checks",
    "auditor/rules/kinds/impact_ratio.py": "a kind is one file; half of it tells what it checks",
    "auditor/system/schema.py": "the grammar of a system record, read from top to bottom",
}
"""Modules over 250 lines, and why each is not two."""


def over(limit: int, paths: Iterable[Path]) -> dict[str, int]:
    """Lines of the files that have more than ``limit``."""
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return {name: n for name, n in lines.items() if n > limit}


def over_in_package(limit: int) -> dict[str, int]:
    counted = {}
    for path in source.modules():
        for n in over(limit, [path]).values():
            counted[source.relative(path)] = n
    return counted


def test_no_module_has_more_than_three_hundred_lines():
    assert over_in_package(STOP) == {}


def test_a_module_over_two_hundred_and_fifty_lines_is_listed_with_its_reason():
    assert sorted(over_in_package(LOOK).keys() - LARGE.keys()) == []


def test_no_module_is_listed_that_is_gone():
    assert [name for name in LARGE if not (source.ROOT / name).is_file()] == []


def test_a_long_module_is_seen(tmp_path):
    long, short = tmp_path / "long.py", tmp_path / "short.py"
    long.write_text("pass\n" * 301)
    short.write_text("pass\n" * 300)

    assert over(STOP, [long, short]) == {"long.py": 301}
