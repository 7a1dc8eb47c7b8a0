"""Functions in which an audit, or a simulation of many, spends its time; input made here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SEED = 7
_SHARES = (0.44, 0.20, 0.15, 0.14, 0.05, 0.01, 0.01)


def build_cube(rows: int) -> Callable[[], Any]:
    """Count rows that are codes already: three attributes and the outcome."""
    import numpy as np

    from auditor.cube import build_cube
    from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount

    rng = np.random.default_rng(SEED)

    def codes(levels: int) -> Any:
        return rng.integers(-1, levels, rows, dtype=np.int32)

    ones = np.broadcast_to(np.int64(1), rows)
    decisions = Decisions(
        rows=ones,
        people=ones,
        outcome=rng.integers(0, 3, rows, dtype=np.int32),
        groups={
            name: Coded(levels=tuple(f"{i}" for i in range(levels)), codes=codes(levels))
            for name, levels in (("sex", 3), ("race", 7), ("age", 2))
        },
        account=RowAccount(read=rows, used=rows),
        export=ExportFacts(profile_id="benchmark", profile_sha256="", inputs=()),
    )
    return lambda: build_cube(decisions)


def doubled_mid_p(pairs: int) -> Callable[[], Any]:
    """Test so many pairs of groups of 10 to 100,000 people."""
    import numpy as np

    from auditor.inference.significance import doubled_mid_p

    rng = np.random.default_rng(SEED)
    n1, n2 = (10 ** rng.uniform(1, 5, (2, pairs))).astype(np.int64)
    x1, x2 = rng.binomial(n1, 0.2), rng.binomial(n2, 0.18)
    return lambda: doubled_mid_p(x1, n1, x2, n2)


def take_steps(audits: int) -> Callable[[], Any]:
    """Decide so many audits of 10,000 people in seven groups, 3.5 % unknown, nothing put in."""
    import numpy as np

    from auditor.inference.impact_rule import ImpactRule
    from auditor.inference.impact_steps import Tables, take_steps

    rng = np.random.default_rng(SEED)
    n = rng.multinomial(9_650, _SHARES, size=audits)
    unknown_n = np.full(audits, 350)
    tables = Tables(
        n=n, x=rng.binomial(n, 0.2), unknown_n=unknown_n, unknown_x=rng.binomial(unknown_n, 0.2)
    )
    rule = ImpactRule()
    return lambda: take_steps(tables, rule, intersection=False)


def judge_condition(rows: int) -> Callable[[], Any]:
    """Judge a condition of three comparisons on so many decisions, some scores missing."""
    import numpy as np
    from pydantic import TypeAdapter

    from auditor.decisions import Coded
    from auditor.policy.condition_columns import Columns, Numbers
    from auditor.policy.condition_grammar import When
    from auditor.policy.conditions import truth_of
    from auditor.vocabulary import OUTCOMES

    rng = np.random.default_rng(SEED)
    score = rng.random(rows)
    score[::17] = np.nan
    columns = Columns(
        n=rows,
        named={
            "score": Numbers(values=score),
            "years": Numbers(values=rng.random(rows) * 40),
            "outcome": Coded(levels=OUTCOMES, codes=rng.integers(0, 5, rows, dtype=np.int32)),
        },
    )
    condition = TypeAdapter(When).validate_python(
        {
            "all": [
                {"outcome": {"equals": "unfavorable"}},
                {"score": {"between": ["0.45", "0.55"]}},
                {"not": {"years": {"below": 10}}},
            ]
        }
    )
    return lambda: truth_of(condition, columns)


HOT_FUNCTIONS = {
    "build_cube": build_cube,
    "doubled_mid_p": doubled_mid_p,
    "judge_condition": judge_condition,
    "take_steps": take_steps,
}
