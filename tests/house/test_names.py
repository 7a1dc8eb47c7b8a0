from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from auditor.cli import VERBS
from auditor.cli.ledger import VERBS as LEDGER_VERBS
from auditor.cli.policy import VERBS as POLICY_VERBS
from auditor.metrics import METRICS
from auditor.policy import load_policy, pack_names, pack_path
from auditor.report import FORMATS
from auditor.rules.kinds import KINDS
from tests.house import source

KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
KINDS_ROOM = source.PACKAGE / "rules" / "kinds"
FORMATS_ROOM = source.PACKAGE / "report" / "formats"


def module_name(identifier: str) -> str:
    """Name of the module that an id belongs to: ``impact-ratio`` is in ``impact_ratio``."""
    return identifier.replace("-", "_")


def modules_of(room: Path) -> set[str]:
    return {path.stem for path in room.glob("*.py")} - {"__init__"}


def ids() -> list[str]:
    kinds = [kind.kind for kind in KINDS]
    return [*kinds, *METRICS, *FORMATS, *VERBS, *pack_names()]


@pytest.mark.parametrize("name", ids())
def test_an_id_is_lower_case_words_joined_by_hyphens(name):
    assert KEBAB.fullmatch(name)


@pytest.mark.parametrize("name", ["four_fifths", "Impact-Ratio", "-a", "a--b", "a-", ""])
def test_other_spellings_are_no_ids(name):
    assert not KEBAB.fullmatch(name)


def test_the_table_of_rule_kinds_equals_its_folder():
    assert {module_name(kind.kind) for kind in KINDS} == modules_of(KINDS_ROOM)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_rule_kind_lives_in_the_module_of_its_name(kind):
    assert kind.__module__ == f"auditor.rules.kinds.{module_name(kind.kind)}"


def test_no_rule_kind_stands_in_the_table_twice():
    names = [kind.kind for kind in KINDS]

    assert len(set(names)) == len(names)


def test_the_table_of_report_formats_equals_its_folder():
    assert {module_name(name) for name in FORMATS} == modules_of(FORMATS_ROOM)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_the_function_of_its_name(name):
    assert METRICS[name].id == name
    assert METRICS[name].table.__name__ == module_name(name)


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_lives_in_the_module_of_its_name(name):
    assert VERBS[name] == f"auditor.cli.{module_name(name)}"
    assert find_spec(VERBS[name])


@pytest.mark.parametrize("name", POLICY_VERBS)
def test_a_verb_of_policies_lives_in_the_module_of_its_name(name):
    assert POLICY_VERBS[name] == f"auditor.cli.policy.{module_name(name)}"
    assert find_spec(POLICY_VERBS[name])


@pytest.mark.parametrize("name", LEDGER_VERBS)
def test_a_verb_of_ledgers_lives_in_the_module_of_its_name(name):
    assert LEDGER_VERBS[name] == f"auditor.cli.ledger.{module_name(name)}"
    assert find_spec(LEDGER_VERBS[name])


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_called_like_its_file(name):
    assert load_policy(name).id == pack_path(name).stem == name


def test_no_two_test_files_have_the_same_name():
    names = [path.name for path in (source.ROOT / "tests").rglob("test_*.py")]

    assert {name for name in names if names.count(name) > 1} == set()
