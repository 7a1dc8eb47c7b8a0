"""The simulated world of ``fixtures/operating_characteristics``, and audits in it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from auditor.inference.impact_rule import ImpactRule
from auditor.inference.impact_steps import Steps, Tables, take_steps

TABLE = Path(__file__).parents[2] / "fixtures" / "operating_characteristics" / "table.csv"
RACES = {
    "White": 44, "Black": 20, "Hispanic": 15, "Asian": 14, "two-or-more": 5, "AIAN": 1, "NHPI": 1,
}  # fmt: skip
SEXES = {"F": 47, "M": 53}
CELLS = [(race, sex) for race in RACES for sex in SEXES]
ATTRIBUTES = ("sex", "race", "sex_race")
SIZES = (200, 500, 1_000, 2_000, 5_000, 10_000, 26_000, 100_000, 1_000_000)
RATES = (0.05, 0.10, 0.20, 0.30, 0.60)
DEFAULT = ImpactRule()


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    id: str
    truth: str
    n: int
    rate: float
    figures: dict[str, float]

    @property
    def made_with(self) -> int:
        return 10_000 if self.n == 1_000_000 else 20_000


@cache
def rows() -> dict[str, Row]:
    with TABLE.open(encoding="utf-8") as file:
        return {
            line["id"]: Row(
                id=line.pop("id"),
                truth=line.pop("truth"),
                n=int(line.pop("n")),
                rate=float(line.pop("rate")),
                figures={name: float(value) for name, value in line.items()},
            )
            for line in csv.DictReader(file)
        }


def cell_sizes(n: int) -> np.ndarray:
    shares = [RACES[race] * SEXES[sex] for race, sex in CELLS]
    sizes = [n * share // 10_000 for share in shares]
    by_remainder = sorted(range(len(CELLS)), key=lambda i: (-(n * shares[i] % 10_000), i))
    for i in by_remainder[: n - sum(sizes)]:
        sizes[i] += 1
    return np.array(sizes)


def cell_rates(truth: str, rate: float) -> np.ndarray:
    if truth == "fair":
        return np.full(len(CELLS), rate)
    who, factor = truth.rsplit(" ", 1)
    lower = [rate * float(factor) if _is_of(who, cell) else rate for cell in CELLS]
    return np.array(lower)


def _is_of(who: str, cell: tuple[str, str]) -> bool:
    race, sex = cell
    if who.startswith("all but "):
        return race != who.removeprefix("all but ")
    if who == "women":
        return sex == "F"
    if who.endswith(" women"):
        return sex == "F" and race == who.removesuffix(" women")
    return race == who


def grouped(cells: np.ndarray, attribute: str) -> np.ndarray:
    """Sums of cells (the last axis) by group of an attribute."""
    by_race = cells.reshape(*cells.shape[:-1], len(RACES), len(SEXES))
    return {"sex": by_race.sum(-2), "race": by_race.sum(-1), "sex_race": cells}[attribute]


@dataclass(frozen=True)
class Draws:
    """Simulated audits: people and selections of the 14 cells, one line an audit."""

    n: np.ndarray
    x: np.ndarray

    def tables(self, attribute: str) -> Tables:
        x = grouped(self.x, attribute)
        nobody = np.zeros(len(x), dtype=np.int64)
        sizes = np.broadcast_to(grouped(self.n, attribute), x.shape)
        return Tables(n=sizes, x=x, unknown_n=nobody, unknown_x=nobody)

    def steps(self, attribute: str, rule: ImpactRule = DEFAULT) -> Steps:
        return take_steps(self.tables(attribute), rule, intersection=attribute == "sex_race")


def draw(truth: str, n: int, rate: float, replicates: int, seed: int) -> Draws:
    sizes, rng = cell_sizes(n), np.random.default_rng(seed)
    rates = cell_rates(truth, rate)
    return Draws(sizes, rng.binomial(sizes, rates, size=(replicates, len(CELLS))))


def shares(draws: Draws) -> dict[str, float]:
    """Share of audits that fail and pass, named as in the table."""
    steps = {attribute: draws.steps(attribute) for attribute in ATTRIBUTES}
    found = {}
    for attribute, step in steps.items():
        found[f"{attribute}_fail"] = step.failed.mean()
        found[f"{attribute}_pass"] = step.passed.mean()
    fails = np.logical_or.reduce([step.failed for step in steps.values()])
    found["audit_fail"] = fails.mean()
    found["audit_pass"] = (~fails & steps["sex"].passed & steps["race"].passed).mean()
    return {name: float(value) for name, value in found.items()}
