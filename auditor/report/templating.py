"""How every page is made: autoescaped, self-contained, with the words that all faces share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.report import numbers, words

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def _finalize(value: object) -> object:
    from markupsafe import Markup

    if isinstance(value, str) and not isinstance(value, Markup):
        return words.visible(value)
    return value


def _is_nested(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple))


@cache
def environment() -> Environment:
    """Templates in which every text is escaped, and a name that is not there is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        count=numbers.count,
        percent=numbers.percent,
        points=numbers.points,
        p_value=numbers.p_value,
        decimal=numbers.decimal,
        figures=numbers.figures,
        group=words.group_label,
        attribute=words.attribute_label,
        metric=words.metric_title,
        favorable=words.metric_favorable,
        plain=words.plain,
        reason=words.reason,
    )
    environment.globals.update(
        states=words.STATES,
        symbols=words.SYMBOLS,
        shown_state=words.shown_state,
        interval=numbers.interval,
    )
    environment.tests["nested"] = _is_nested
    return environment
