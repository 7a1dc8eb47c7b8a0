from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from auditor.report.privacy import SMALLEST, hidden_groups, reveals
from auditor.report.tables import RateRow, RateTable

Table = dict[str, tuple[int, int]]


def table(attribute: str, cells: Table, metric: str = "selection-rate") -> RateTable:
    rows = []
    for group, (x, n) in cells.items():
        rate: Any = {"group": group, "n": n, "favorable": x, "value": x / n if n else None}
        rows.append(RateRow(rate=rate, comparison=None, is_reference=False))
    return RateTable(metric=metric, attribute=attribute, stratum=None, rows=tuple(rows))


def hidden(attribute: str, cells: Table) -> set[str]:
    return set(hidden_groups([table(attribute, cells)])[attribute])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"F": (40, 100), "M": (60, 100)}, set()),
        ({"F": (40, 100), "M": (60, 100), "X": (5, 40)}, {"X", "F"}),
        ({"F": (40, 100), "M": (60, 100), "X": (38, 40)}, {"X", "F"}),
        ({"F": (40, 100), "M": (60, 90), "unknown": (2, 6)}, {"unknown", "M"}),
        ({"F": (40, 100), "M": (60, 100), "X": (0, 0)}, set()),
        ({"F": (40, 100), "M": (60, 100), "X": (3, 6), "Y": (2, 5)}, {"X", "Y", "F"}),
        ({"F": (40, 100), "M": (60, 100), "X": (9, 30), "Y": (9, 30)}, {"X", "Y"}),
        ({"F": (0, 100), "M": (0, 100)}, {"F", "M"}),
        ({"F": (3, 5)}, {"F"}),
    ],
)
def test_small_lines_go_with_what_reveals_them(cells: Table, expected: set[str]) -> None:
    assert hidden("sex", cells) == expected


def test_a_line_small_under_one_metric_is_hidden_under_all() -> None:
    cells = {"F": (40, 100), "M": (60, 100), "X": (20, 40)}
    scored = {"F": (50, 100), "M": (50, 90), "X": (4, 40)}

    found = hidden_groups([table("sex", cells), table("sex", scored, "scoring-rate")])

    assert found == {"sex": {"X", "M"}}


def test_three_way_tables_with_a_small_cell_are_hidden_whole() -> None:
    cells = {f"{a}*{b}*{c}": (20, 40) for a, b, c in product("ab", "cd", "ef")}
    assert hidden("x*y*z", cells) == set()
    assert hidden("x*y*z", cells | {"a*c*e": (2, 40)}) == set(cells)


def test_a_group_named_with_the_joining_sign_hides_its_intersection() -> None:
    cells = {"F*A*B": (20, 40), "M*A": (20, 40), "F*C": (2, 40), "M*C": (20, 50)}
    assert hidden("sex*race", cells) == set(cells)
    assert hidden("sex*race", {"F*A*B": (20, 40), "M*A": (20, 40)}) == set()


def test_small_unknown_line_alone_hides_its_intersection() -> None:
    cells = {"F*A": (20, 40), "M*A": (20, 40), "unknown": (2, 40)}
    assert hidden("sex*race", cells) == set(cells)


def random_tables(seed: int) -> tuple[Table, Table, Table]:
    """Sex, race and their intersection as they come: some races rare, some people unknown."""
    rng = np.random.default_rng(seed)
    races = [f"r{i}" for i in range(int(rng.integers(2, 7)))]
    shares = rng.dirichlet(np.full(len(races), 0.6))
    n = int(rng.integers(150, 3000))
    unknown = float(rng.choice([0, 0, 0.01, 0.1]))
    sex = np.where(rng.random(n) < unknown, "unknown", rng.choice(["F", "M"], n))
    race = np.where(rng.random(n) < unknown, "unknown", rng.choice(races, n, p=shares))
    chosen = rng.random(n) < rng.uniform(0.05, 0.9)
    tables: list[Table] = [{}, {}, {}]
    for s, r, x in zip(sex, race, chosen, strict=True):
        both = "unknown" if "unknown" in (s, r) else f"{s}*{r}"
        for cells, group in zip(tables, (str(s), str(r), both), strict=True):
            before = cells.get(group, (0, 0))
            cells[group] = (before[0] + int(x), before[1] + 1)
    return tables[0], tables[1], tables[2]


def widths(tables: dict[str, Table], shown: dict[str, set[str]]) -> list[float]:
    """How far an attacker can narrow each small hidden count, by linear programming.

    Unknown to the attacker are all cells of sex x race with "unknown" as a value of each; known
    are the totals and every shown line.
    """
    sexes = [*[g for g in tables["sex"] if g != "unknown"], "unknown"]
    races = [*[g for g in tables["race"] if g != "unknown"], "unknown"]
    cells = list(product(sexes, races))

    def members(attribute: str, group: str) -> list[float]:
        def inside(s: str, r: str) -> bool:
            if attribute == "sex":
                return s == group
            if attribute == "race":
                return r == group
            both = "unknown" if "unknown" in (s, r) else f"{s}*{r}"
            return both == group

        return [float(inside(s, r)) for s, r in cells]

    found = []
    for kind in (0, 1):

        def count(attribute: str, group: str, kind: int = kind) -> int:
            x, n = tables[attribute][group]
            return x if kind == 0 else n - x

        rows = [[1.0] * len(cells)]
        values = [float(sum(count("sex", g) for g in tables["sex"]))]
        for attribute, groups in shown.items():
            for group in sorted(groups):
                rows.append(members(attribute, group))
                values.append(float(count(attribute, group)))
        for attribute, lines in tables.items():
            for group in sorted(set(lines) - shown[attribute]):
                if not 0 <= count(attribute, group) < SMALLEST:
                    continue
                goal = np.array(members(attribute, group))
                ends = [
                    linprog(sign * goal, A_eq=rows, b_eq=values, bounds=(0, None), method="highs")
                    for sign in (1, -1)
                ]
                assert all(end.status in (0, 3) for end in ends)
                top = np.inf if ends[1].status == 3 else -ends[1].fun
                found.append(float(top - ends[0].fun))
    return found


def attack(seed: int, hide: object) -> list[float]:
    sex, race, both = random_tables(seed)
    tables = {"sex": sex, "race": race, "sex*race": both}
    assert callable(hide)
    concealed = hide([table(name, cells) for name, cells in tables.items()])
    shown = {name: set(cells) - set(concealed[name]) for name, cells in tables.items()}
    return widths(tables, shown)


def test_no_small_count_can_be_narrowed_to_ten_values() -> None:
    narrowed = [w for seed in range(25) for w in attack(seed, hidden_groups)]

    assert len(narrowed) > 40
    assert min(narrowed) >= SMALLEST - 1e-6


def test_hiding_the_small_lines_alone_would_not_do() -> None:
    """Negative control: the attack works where only the small cells themselves are hidden."""

    def primary_only(tables: list[RateTable]) -> dict[str, set[str]]:
        return {
            t.attribute: {
                row.group
                for row in t.rows
                if min(row.rate["favorable"], row.rate["n"] - row.rate["favorable"]) < SMALLEST
            }
            for t in tables
        }

    assert min(w for seed in range(10) for w in attack(seed, primary_only)) < 1


@pytest.mark.parametrize(
    ("text", "attribute", "expected"),
    [
        ("Black applicants: 3 of 8.", "race", True),
        ("black applicants", None, True),
        ("Blackbird has 3.", "race", False),
        ("F*Asian: 3 of 8", None, True),
        ("Asian people with sex F: 3 of 8", "sex*race", True),
        ("Asian people with sex F: 3 of 8", "race", False),
        ("The group of some people is unknown.", "race", False),
        ("6 are unknown.", "race", True),
        ("White: 300 of 800", "race", False),
    ],
)
def test_sentences_that_name_hidden_groups(text: str, attribute: str, expected: bool) -> None:
    concealed = {"race": {"Black", "unknown"}, "sex*race": {"F*Asian"}}

    assert reveals(text, attribute, concealed) is expected
