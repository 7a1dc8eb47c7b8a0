"""What a terminal says by rule: nothing about few decisions, nor what would tell them."""

from __future__ import annotations

import re

from auditor.cli.review.oversight_text import oversight_lines, rule_lines
from auditor.report.words import many
from auditor.review.oversight.measures import Overrides
from auditor.review.oversight.measuring import measured
from auditor.review.oversight.numbers import share
from tests.unit.review.office import Office
from tests.unit.review.test_oversight import DOCUMENT, beside, crowd


def overrides(changed: int, of: int, raised: int = 20) -> Overrides:
    return Overrides(
        changed=share(changed, of, "nothing"),
        raised=share(raised, 40, "nothing"),
        lowered=share(20, 40, "nothing"),
        deferred=share(0, 0, "nothing"),
    )


def shown(rules: dict[str, Overrides]) -> tuple[list[str], str]:
    """Rules whose numbers are told, and the last line."""
    lines = list(rule_lines(rules))
    return [line.strip() for line in lines if line.strip() in rules], lines[-1]


def test_rules_with_enough_decisions_are_shown():
    rules = {"p/a": overrides(20, 60), "p/b": overrides(30, 80)}

    assert shown(rules)[0] == ["p/a", "p/b"]
    assert not any("hidden" in line for line in rule_lines(rules))


def test_a_rule_with_few_decisions_is_hidden_with_one_that_a_reader_could_subtract():
    rules = {"p/a": overrides(3, 60), "p/b": overrides(30, 80), "p/c": overrides(40, 90)}
    names, last = shown(rules)

    assert names == ["p/c"]
    assert last.startswith("  2 rules are hidden: fewer than 10 decisions in a cell")
    assert not re.search(r"\b3 of 60\b|\b30 of 80\b", "\n".join(rule_lines(rules)))


def test_few_decisions_in_any_of_the_numbers_hide_a_rule():
    for few in (overrides(55, 60), overrides(20, 60, raised=2), overrides(20, 60, raised=38)):
        assert shown({"p/a": few, "p/b": overrides(30, 80), "p/c": overrides(30, 80)})[0] != [
            "p/a", "p/b", "p/c",
        ]  # fmt: skip


def test_one_rule_alone_is_hidden_in_words_for_one():
    assert shown({"p/a": overrides(3, 60)})[1].startswith("  1 rule is hidden")


def text(office: Office) -> str:
    desk, day = office.desk, office.now.date()
    found = measured(desk, desk.queue(day), DOCUMENT, beside(office))
    return "\n".join(oversight_lines(found))


def test_one_reason_code_is_one():
    office = crowd(4)
    for n in range(4):
        office.review(n, reason_codes=["experience"] if n else ["experience", "references"])
    several = text(office)
    office = crowd(4)
    for n in range(4):
        office.review(n, reason_codes=["experience"])

    assert "2 reason codes; concentration" in several
    assert "1 reason code; concentration 1.00" in text(office)


def test_one_of_anything_is_one():
    waiting = crowd(1)
    waiting.later(days=-4)
    office = crowd(1)
    office.review(0, seconds=1)
    several = crowd(2)
    several.review(0, seconds=2)
    several.review(1, seconds=2)
    said = text(waiting) + text(office)

    assert "1 review of 1 decision counts" in said
    assert "time: 1 second (median" in said
    assert "  1 case waits: 1 day (median" in said
    assert "the longest waits 1 day\n" in said
    assert not re.search(r"\b1 (reviews|decisions|cases|days|seconds)\b", said)
    assert "2 reviews of 2 decisions count" in text(several)


def test_plurals_are_of_all_but_one():
    assert [many(n, "row") for n in (0, 1, 2, 1000)] == ["0 rows", "1 row", "2 rows", "1,000 rows"]
    assert many(1, "thing does", "things do") == "1 thing does"
    assert many(2, "thing does", "things do") == "2 things do"
