"""Logging in by an invite, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.policy.people import same_name
from auditor.review.authority import person_on
from auditor.review.page.forms import Form
from auditor.review.page.guards import BODY
from auditor.review.page.login import invite_of, keep_cookie
from auditor.review.page.templating import rendered
from auditor.review.page.visits import onward

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from auditor.review.authority import Person
    from auditor.review.page.board import Board
    from auditor.review.page.invites import Invite
    from auditor.review.page.service import Service
    from auditor.review.page.visits import Visit

NO_INVITE = (
    "This link does not let anybody in: it was used, is too old, or was made for another page."
)


def ask(request: Request) -> Response:
    """Show the button behind an invite: programs that look at links in mails use none up.

    It says whose link it is: with the link of somebody else one would sign with their name.
    """
    service: Service = request.app.state.service
    text = request.query_params.get("invite", "")[:2048]
    if not text or service.proxy_header is not None:
        return _asked(service, 200, says="", invite="")
    with service.sitting() as (board, _):
        person = _invited(invite_of(text, request, service), board)
    if person is None:
        return _asked(service, 403, says=NO_INVITE, invite="")
    return _asked(service, 200, says="", invite=text, name=person.name)


def enter(request: Request) -> Response:
    """Use an invite up and let its person in."""
    service: Service = request.app.state.service
    form = Form.of(request.scope[BODY])
    if service.proxy_header is not None:
        return _asked(service, 403, says="", invite="")
    with service.sitting() as (board, _):
        invite = invite_of(form.one("invite"), request, service)
        person = _invited(invite, board)
        if invite is None or person is None:
            return _asked(service, 403, says=NO_INVITE, invite="")
    if not service.burning(invite.nonce, invite.expires):
        return _asked(service, 403, says=NO_INVITE, invite="")
    session = service.sessions.begin(same_name(person.name), person.key, service.now())
    response = onward("/")
    keep_cookie(response, session, request, service)
    return response


def leave(visit: Visit) -> Response:
    """End a login."""
    visit.session.ended = True
    return _asked(visit.service, 200, says="You have left.", invite="")


def _invited(invite: Invite | None, board: Board) -> Person | None:
    keyring = board.desk.keyring
    if invite is None or keyring is None:
        return None
    return person_on(board.day, invite.key, keyring)


def _asked(service: Service, status: int, *, says: str, invite: str, name: str = "") -> Response:
    return rendered(
        "enter.html.j2",
        status,
        says=says,
        kept=False,
        typed=[],
        invite=invite,
        name=name,
        by_proxy=service.proxy_header is not None,
    )
