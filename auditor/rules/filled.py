"""Options of a bound rule with every default spelled out, as plain data that reads back alike."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from auditor.documents import NumberText

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.rules.base import Rule

_MOST_PLACES = 18


def filled_options(rule: Rule) -> dict[str, Any]:
    """Every option of a rule: what the file says, and what holds where it says nothing.

    Numbers are texts in their shortest exact form, so that two ways of writing a threshold give
    the same; counts stay whole numbers.

    Returns
    -------
    dict
        Plain values only; the kind reads them back to equal options.
    """
    filled = rule.options.filled()
    return {_key(filled, name): _plain(getattr(filled, name)) for name in type(filled).model_fields}


def with_missing(
    options: Mapping[str, Any], kind: type[Rule], policy: Policy | None
) -> dict[str, Any]:
    """Options of a rule, with what the policy says of missing values where the rule says nothing.

    Only kinds that have the option ``missing`` take it. Without a policy, as of one that is refused
    anyway, nothing is added.
    """
    said = dict(options)
    if policy is not None and "missing" in kind.Options.model_fields:
        said.setdefault("missing", policy.missing_values)
    return said


def number_text(value: Fraction) -> NumberText:
    """Shortest exact form of a number: a decimal, or a fraction where no decimal is exact.

    Examples
    --------
    >>> str(number_text(Fraction(4, 5))), str(number_text(Fraction(2, 3)))
    ('0.8', '2/3')
    """
    scaled = value * 10**_MOST_PLACES
    if scaled.denominator != 1:
        return NumberText(value)
    whole, rest = divmod(abs(scaled.numerator), 10**_MOST_PLACES)
    decimals = f"{rest:0{_MOST_PLACES}d}".rstrip("0")
    sign = "-" if value < 0 else ""
    return NumberText(f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}")


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Fraction():
            return number_text(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case BaseModel():
            # inside an option, what is not set is not said: a comparison has no empty keys
            said = [name for name in type(value).model_fields if name in value.model_fields_set]
            return {_key(value, name): _plain(getattr(value, name)) for name in said}
    raise TypeError(f"{type(value).__name__} is no plain value of an option")


def _key(model: BaseModel, name: str) -> str:
    return type(model).model_fields[name].alias or name
