from __future__ import annotations

from datetime import date

import pytest

from auditor.errors import PolicyError
from auditor.policy import load_policy, pack_names
from auditor.rules.bind import bind
from tests.house import source

README = (source.ROOT / "policies" / "README.md").read_text(encoding="utf-8")
SCOPE = (
    *("policy", "basis", "groups.intersections", "gates", "reviews", "examples"),
    *("extends", "decision_rights", "waivers"),
)


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_binds(name):
    (bound,) = bind([name])

    assert len(bound.rules) == len(bound.policy.rules) > 0


def test_a_pack_whose_option_is_wrong_does_not_bind(tmp_path):
    text = (source.ROOT / "policies" / "us-adverse-impact.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace("threshold: 4/5", "threshold: 80%", 1), encoding="utf-8")

    with pytest.raises(PolicyError, match="threshold"):
        bind([broken])


@pytest.mark.parametrize("name", pack_names())
def test_every_rule_rests_on_a_text_with_its_status_and_how_it_was_checked(name):
    policy = load_policy(name)
    known = {basis.id: basis for basis in policy.basis}

    assert policy.verified_on is not None
    assert policy.verified_on >= date(2026, 1, 1)
    for rule in policy.rules:
        for basis in (known[i] for i in rule.because):
            assert all((basis.cite, basis.says, basis.status, basis.source))


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_has_its_line_in_the_readme_of_the_packs(name):
    rows = [line for line in README.splitlines() if line.startswith(f"| `{name}` |")]

    assert len(rows) == 1
    assert all(cell.strip() for cell in rows[0].strip("|").split("|"))


def test_a_pack_that_nobody_wrote_has_no_line():
    assert "| `us-xx-none` |" not in README


@pytest.mark.parametrize("key", SCOPE)
def test_the_readme_of_the_packs_tells_the_grammar(key):
    assert f"| `{key}` |" in README


def readers_of_protected(source) -> list[str]:
    """Rules that read protected attributes to pick single decisions."""
    (bound,) = bind([source])
    return [rule.entry.id for rule in bound.rules if rule.reads_protected]


@pytest.mark.parametrize("name", pack_names())
def test_no_shipped_pack_picks_decisions_by_a_protected_attribute(name):
    assert readers_of_protected(name) == []


def test_a_policy_that_does_is_seen():
    assert readers_of_protected(source.ROOT / "fixtures" / "policies" / "protected.yaml") != []
