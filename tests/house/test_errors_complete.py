from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from auditor import errors
from tests.house import slugs
from tests.house.generate import DOCS
from tests.house.mending import MENDING
from tests.house.slugs import KINDS, Refusal, read_package

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

EXIT_CODES = {
    "AuditorError": 70,
    "UsageError": 2,
    "PolicyError": 2,
    "SignatureError": 2,
    "ProfileError": 2,
    "SystemRecordError": 2,
    "ExportError": 3,
    "DecisionError": 3,
    "ModelError": 3,
    "PathError": 74,
    "IntegrityError": 6,
    "GateFailed": 1,
    "NoVerdict": 4,
    "ReviewsOpen": 5,
}
"""The one table of the command line: 1 gate failed, 2 usage, policy, profile or record, 3 export,
4 no verdict, 5 reviews open, 6 integrity, 70 bug, 74 a path."""


def test_every_kind_of_error_has_the_exit_code_of_the_table():
    assert {name: kind.exit_code for name, kind in KINDS.items()} == EXIT_CODES


def test_no_error_exits_like_a_crash_of_python_unless_the_gate_failed():
    assert [name for name, kind in KINDS.items() if kind.exit_code == 1] == ["GateFailed"]


def by_slug() -> dict[str, list[Refusal]]:
    found = defaultdict(list)
    for refusal in read_package().refusals:
        found[refusal.slug].append(refusal)
    return dict(found)


def test_every_slug_can_be_read_from_the_source():
    assert read_package().unread == []


def test_a_slug_is_lower_case_words_joined_by_hyphens():
    assert [slug for slug in by_slug() if not SLUG.fullmatch(slug)] == []


def test_a_slug_is_a_heading_that_the_command_line_can_link_to():
    text = (DOCS / "messages.md").read_text(encoding="utf-8")

    assert [slug for slug in by_slug() if text.count(f"\n## {slug}\n") != 1] == []


def exit_codes(refusals: list[Refusal]) -> set[int]:
    return {KINDS[kind].exit_code for refusal in refusals for kind in refusal.kinds}


def test_a_slug_has_one_exit_code():
    several = {
        slug: [refusal.place for refusal in found]
        for slug, found in by_slug().items()
        if len(exit_codes(found)) > 1
    }

    assert several == {}


def test_every_slug_says_how_to_mend_what_it_refuses():
    silent = [slug for slug, found in by_slug().items() if not any(r.hints for r in found)]

    assert sorted(set(silent) - set(MENDING)) == []


def test_no_mending_is_left_over():
    assert sorted(set(MENDING) - by_slug().keys()) == []


def badly_written(message: str) -> bool:
    """Whether a message has a full stop, or starts like a sentence."""
    first = message.split(maxsplit=1)[0] if message.split() else ""
    name = first.isupper() or first.startswith(("'", "{"))
    return message.endswith((".", "!")) or (first[:1].isupper() and not name)


def test_a_message_is_lower_case_without_a_full_stop():
    refusals = read_package().refusals

    assert [r.place for r in refusals if any(map(badly_written, r.messages))] == []


def test_a_message_like_a_sentence_is_seen():
    assert badly_written("The file is empty")
    assert badly_written("the file is empty.")
    assert not badly_written("XLSX files need a sheet")


def read_text(text: str, tmp_path: Path) -> slugs.Reading:
    return slugs.read({tmp_path / "made_up.py": ast.parse(text)})


def test_a_slug_that_is_computed_is_not_overlooked(tmp_path):
    read = read_text("def f(x):\n    raise UsageError('no', slug=x.name)\n", tmp_path)

    assert read.refusals == []
    assert read.unread == ["made_up.py:2"]


def test_a_slug_that_a_helper_is_given_is_read_where_it_is_given(tmp_path):
    text = """
def _refuse(what, slug):
    return PolicyError(f"{what} is not allowed", slug=slug, hint="delete it")

def f(tag):
    raise _refuse(f"the tag {tag!r}", "yaml-tag")
"""
    (refusal,) = read_text(text, tmp_path).refusals

    assert (refusal.slug, refusal.kinds) == ("yaml-tag", ("PolicyError",))
    assert refusal.messages == ("the tag '{tag}' is not allowed",)
    assert refusal.hints == ("delete it",)


def test_every_way_that_a_message_can_turn_out_is_read(tmp_path):
    text = """
def f(n, line):
    what = "row" if n == 1 else "rows"
    hint = None if line is None else f"see line {line}"
    raise ExportError(f"{n:,} {what} too long", slug="long-rows", hint=hint)
"""
    (refusal,) = read_text(text, tmp_path).refusals

    assert refusal.messages == ("{n} row too long", "{n} rows too long")
    assert refusal.hints == ("see line {line}",)


def test_the_kinds_are_those_of_the_module_of_errors():
    defined = {n for n, v in vars(errors).items() if isinstance(v, type)} - {"Where", "Problem"}

    assert {name for name in defined if name in KINDS} == set(EXIT_CODES)
