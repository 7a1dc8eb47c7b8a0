"""How the page is made: every text escaped, every name that is not there an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.documents import visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup
    from starlette.responses import Response

ROOM = Path(__file__).resolve().parent


@cache
def environment() -> Environment:
    """Templates of the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["typed"] = _typed
    return made


def rendered(template: str, status: int = 200, **said: Any) -> Response:
    """Answer with a page."""
    from starlette.responses import HTMLResponse

    text = environment().get_template(template).render(**said)
    return HTMLResponse(text, status_code=status)


def _finalize(value: object) -> object:
    from markupsafe import Markup

    if isinstance(value, str) and not isinstance(value, Markup):
        return "\n".join(visible(line) for line in value.split("\n"))
    return value


def _typed(text: str) -> Markup:
    """Give a field back as its reader typed it: it is theirs, and only escaped."""
    from markupsafe import escape

    return escape(text)
