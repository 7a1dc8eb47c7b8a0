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


def overrides(raised: int, lowered: int, of: int = 60) -> Overrides:
    """So many changed of as many read of either outcome; 20 of 40 went over to the model."""
    return Overrides(
        changed=share(raised + lowered, 2 * of, "nothing"),
        raised=share(raised, of, "nothing"),
        lowered=share(lowered, of, "nothing"),
        deferred=share(20, 40, "nothing"),
    )


def total(rules: dict[str, Overrides]) -> Overrides:
    """The team's numbers where every decision was flagged by one rule."""
    every = {
        kind: [getattr(one, kind) for one in rules.values()]
        for kind in ("changed", "raised", "lowered", "deferred")
    }
    sums = {
        kind: share(sum(one.count for one in many), sum(one.of for one in many), "nothing")
        for kind, many in every.items()
    }
    return Overrides(**sums)


def told(rules: dict[str, Overrides], **more) -> dict[str, list[str]]:
    """The lines of each rule; the last line stands under the empty name."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in rule_lines(rules, total(rules), **more):
        if line.strip() in rules:
            name = line.strip()
            found[name] = []
        else:
            found[name if line.startswith("    ") else ""].append(line.strip())
    return found


def test_rules_with_enough_decisions_are_shown():
    found = told({"p/a": overrides(20, 20), "p/b": overrides(15, 25)})

    assert found["p/a"][0].startswith("changed: 33.3% (40 of 120;")
    assert found[""] == []


def test_a_small_number_is_hidden_with_one_that_a_reader_could_subtract_and_no_more():
    rules = {"p/a": overrides(3, 20), "p/b": overrides(15, 25), "p/c": overrides(15, 25)}
    found = told(rules)
    raised = [lines[1] for name, lines in found.items() if name]
    lowered = [lines[2] for name, lines in found.items() if name]

    assert raised[0] == "unfavorable to favorable: hidden"
    assert raised.count("unfavorable to favorable: hidden") == 2
    # what both changed and what both lowered would tell the difference
    assert "hidden" in found["p/a"][0] + lowered[0]
    assert not any(line.endswith("hidden") for line in found["p/c"][3:])
    assert found[""][-1].startswith("what is hidden: fewer than 10")
    assert not any("hidden" in line for lines in told(rules, whole=True).values() for line in lines)


def test_that_nothing_was_changed_is_told():
    found = told({"p/a": overrides(0, 0), "p/b": overrides(0, 0)})

    assert found["p/a"][0].startswith("changed: 0.0% (0 of 120;")
    assert found[""] == []


def test_what_the_numbers_of_the_team_say_is_not_hidden_from_its_only_rule():
    """It stands right above: to hide it would say that it is hidden, and hide nothing."""
    found = told({"p/a": overrides(3, 20)})

    assert found["p/a"][1].startswith("unfavorable to favorable: 5.0% (3 of 60;")
    assert found[""] == []


def test_rules_that_share_decisions_hide_their_own_small_numbers():
    rules = {"p/a": overrides(3, 20), "p/b": overrides(15, 25)}
    lines = list(rule_lines(rules, overrides(15, 25, of=70)))

    assert not any("(3 of 60" in line for line in lines)


def text(office: Office) -> str:
    desk, day = office.desk, office.now.date()
    found = measured(desk, desk.queue(day), DOCUMENT, beside(office))
    return "\n".join(oversight_lines(found, {}))


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
