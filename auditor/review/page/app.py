"""The application: which address is answered by what, and how refusals look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.errors import AuditorError
from auditor.review.page import cases, correcting, entering, listing, moves
from auditor.review.page.guards import Guard
from auditor.review.page.templating import ROOM, rendered
from auditor.review.page.visits import signed_in

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from auditor.review.page.service import Service

CASE = "/case/{case:str}"


def page_app(service: Service) -> ASGIApp:
    """Make the page of a service, behind its guard."""
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.routing import Route

    app = Starlette(
        routes=[
            Route("/", signed_in(listing.show), methods=["GET"]),
            Route("/page.css", _style, methods=["GET"]),
            Route("/enter", entering.ask, methods=["GET"]),
            Route("/enter", entering.enter, methods=["POST"]),
            Route("/leave", signed_in(entering.leave), methods=["POST"]),
            Route("/decided", signed_in(listing.decided), methods=["GET"]),
            Route(CASE, signed_in(cases.show), methods=["GET"]),
            Route(f"{CASE}/correct", signed_in(correcting.ask), methods=["GET"]),
            *(
                Route(f"{CASE}/{name}", signed_in(handler), methods=["POST"])
                for name, handler in (
                    ("claim", moves.claim),
                    ("release", moves.release),
                    ("escalate", moves.escalate),
                    ("judge", cases.judge),
                    ("decide", cases.decide),
                    ("correct", correcting.take),
                    ("pause", moves.pause),
                    ("go-on", moves.go_on),
                )
            ),
        ],
        exception_handlers={AuditorError: _refused, HTTPException: _unknown, Exception: _broken},
    )
    app.state.service = service
    return Guard(app, service.address, service.trouble)


def _style(_: Request) -> Response:
    from starlette.responses import Response

    content = (ROOM / "templates" / "page.css").read_bytes()
    return Response(content, media_type="text/css; charset=utf-8")


def _refused(_: Request, refused: Exception) -> Response:
    """Say what auditor refuses, without the places of files."""
    says = [problem.message for problem in getattr(refused, "problems", ())]
    return rendered("message.html.j2", 503, title="Nothing was recorded", says="; ".join(says))


def _unknown(_: Request, why: Exception) -> Response:
    status: int = getattr(why, "status_code", 404)
    return rendered(
        "message.html.j2", status, title="There is no such page", says="Go back to the list."
    )


def _broken(_: Request, __: Exception) -> Response:
    return rendered(
        "message.html.j2",
        500,
        title="This is a mistake in auditor",
        says="Nothing was recorded. Whoever runs this page can see where it happened.",
    )
