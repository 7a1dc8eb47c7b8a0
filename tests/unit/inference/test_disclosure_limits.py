"""What is told where there is little to choose from, and of a table that cannot be."""

from __future__ import annotations

import pytest

from auditor.inference.disclosure import Table, tellable

WOMEN, MEN, EVERYBODY = {("F",): 1}, {("M",): 1}, {("F",): 1, ("M",): 1}


@pytest.mark.parametrize("number", [WOMEN, MEN])
def test_a_number_that_gives_a_secret_away_is_not_told_although_it_is_the_only_one(number):
    few = Table(parts={("F",): 3, ("M",): 40}, known=[EVERYBODY], secrets=[WOMEN])
    many = Table(parts={("F",): 3, ("M",): 40}, known=[], secrets=[WOMEN])

    assert tellable(few, [{("one",): [number]}]) == frozenset()
    assert tellable(few, [{("one",): [EVERYBODY]}]) == {("one",)}
    assert tellable(many, [{("one",): [MEN]}]) == {("one",)}


def test_of_a_table_that_cannot_be_nothing_is_reckoned_and_nothing_told():
    impossible = Table(parts={("F",): -1, ("M",): 0}, known=[WOMEN], secrets=[MEN])
    possible = Table(parts={("F",): 1, ("M",): 0}, known=[WOMEN], secrets=[MEN])

    assert impossible.interval(MEN, ()) is None
    assert possible.interval(MEN, ()) is not None
    assert tellable(impossible, [{("F",): [WOMEN]}]) == frozenset()
    assert tellable(possible, [{("F",): [WOMEN]}]) == {("F",)}
