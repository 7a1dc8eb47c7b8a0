"""Who sends a request: by the cookie of a login, or by what a proxy on this machine says."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address
from typing import TYPE_CHECKING

from auditor.policy.people import same_name
from auditor.review.authority import person_called
from auditor.review.page.guards import Headers
from auditor.review.page.invites import Invite, read_invite

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from auditor.review.page.service import Service
    from auditor.review.page.sessions import Session
    from auditor.signing.keyring import Keyring


def cookie_name(request: Request, service: Service) -> str:
    """Name of the cookie; pages on other ports of this machine have other ones."""
    if _is_https(service):
        return "__Host-auditor-review"
    return f"auditor-review-{request.url.port}"


def session_of(
    request: Request, service: Service, keyring: Keyring | None, day: date
) -> Session | None:
    """Give the login that a request belongs to; None where nobody is logged in."""
    now = service.now()
    cookie = request.cookies.get(cookie_name(request, service), "")
    session = service.sessions.living(cookie, now)
    if service.proxy_header is None:
        return session
    name = named_by_proxy(request, service.proxy_header)
    if name is None or keyring is None:
        return None
    if session is not None and session.who == same_name(name):
        return session
    person = person_called(name, day, keyring)
    return None if person is None else service.sessions.begin(person.self, person.key, now)


def named_by_proxy(request: Request, header: str) -> str | None:
    """Name in the header of a proxy; from anywhere but this machine anybody could write it."""
    if request.client is None or not is_loopback(request.client.host):
        return None
    said = Headers(request.scope).one(header.lower())
    if said is None or not said.strip():
        return None
    try:
        return said.encode("latin-1").decode()
    except UnicodeDecodeError:
        return None


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own.

    Examples
    --------
    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.0.0.1")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def invite_of(text: str, request: Request, service: Service) -> Invite | None:
    """Invite of a link or of the text in it, for this page and still in time."""
    invite = read_invite(text.rpartition("invite=")[2].strip(), service.key)
    here = service.address or f"http://{Headers(request.scope).one('host')}"
    if invite is None or invite.address != here or invite.expires <= service.now():
        return None
    return invite


def keep_cookie(response: Response, session: Session, request: Request, service: Service) -> None:
    """Let the browser show its login from now on; no other page's request takes it along."""
    response.set_cookie(
        cookie_name(request, service),
        session.id,
        path="/",
        httponly=True,
        samesite="strict",
        secure=_is_https(service),
    )


def _is_https(service: Service) -> bool:
    return service.address is not None and service.address.startswith("https://")
