"""Packs on an export: what a text allows passes, and what it does not allow is held."""

from __future__ import annotations

import pytest

from tests.cli.conftest import PASSING, PROFILE

BY_A_MODEL = PROFILE.replace(
    "columns:", "decision: {kind: screening, taken_by: model}\ncolumns:", 1
)
SAFEGUARDS = """\
auditor: system/1
system: {id: ranker, name: Ranker}
appeal: {route: Mail, days: 30}
disclosure: {logic: Text, significance: Text, consequences: Text}
"""


@pytest.fixture
def gated(run, case, tmp_path):
    """Gate an export under a pack, with a record or without one."""

    def gated(policy: str, profile: str, record: str | None, as_of: str = "2026-11-22"):
        args = [*case(PASSING, policy, profile=profile), "--as-of", as_of]
        if record is not None:
            (tmp_path / "system.yaml").write_text(record)
            args += ["--system", str(tmp_path / "system.yaml")]
        return run("gate", *args)

    return gated


def test_a_model_alone_with_safeguards_on_record_passes_in_the_united_kingdom(gated):
    ran = gated("uk-equality", BY_A_MODEL, SAFEGUARDS)

    assert ran.code == 0
    assert "meaningful-involvement" in ran.out + ran.err


@pytest.mark.parametrize("lost", ["appeal", "disclosure"])
def test_a_model_alone_without_a_safeguard_does_not(gated, lost):
    record = "".join(f"{line}\n" for line in SAFEGUARDS.splitlines() if not line.startswith(lost))

    assert gated("uk-equality", BY_A_MODEL, record).code not in (0, 2)
    assert gated("uk-equality", BY_A_MODEL, None).code not in (0, 2)


def test_section_19_holds_before_the_safeguards_came(gated):
    ran = gated("uk-equality", BY_A_MODEL, SAFEGUARDS, as_of="2026-01-15")

    assert ran.code == 0
    assert "advises only" not in ran.out + ran.err
