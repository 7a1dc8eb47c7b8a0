"""What every request has to pass, and what every answer carries, before anything else is looked at.

The page has no script and asks nobody for anything, so its policy allows a style sheet and forms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1 << 20
"""Of one form: a long rationale, every letter of it escaped."""

BODY = "auditor.body"
"""Where a request holds its whole body."""

HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_USUAL = 80
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands before the whole application.

    Parameters
    ----------
    app : ASGI application
    address : str or None
        See `Service.address`.
    trouble : callable
        Is told of exceptions that nobody expected; they end here.
    """

    app: ASGIApp
    address: str | None
    trouble: Callable[[BaseException], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with one line that says why not."""
        if scope["type"] != "http":
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": [*message["headers"], *_raw(HEADERS)]}
            await send(message)

        try:
            refused = self._refused(scope)
            if refused is None:
                scope[BODY] = await _body(scope, receive)
                refused = None if scope[BODY] is not None else (413, "This form is too large.")
            if refused is not None:
                await _say(answer, *refused)
                return
            await self.app(scope, receive, answer)
        except Exception as bug:  # noqa: BLE001 - whatever it is, it ends here
            self.trouble(bug)
            if not begun:
                await _say(answer, 500, "This is a mistake in auditor. Nothing was recorded.")

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope)
        if headers.one("host") not in self._hosts(scope):
            return 421, "This page is not known under that address."
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "This page is read and its forms are sent, and no more."
        if scope["method"] != "POST":
            return None
        if (headers.one("content-type") or "").partition(";")[0].strip().lower() != _FORM:
            return 415, "This is no form of this page."
        if not _own(headers, self.address or f"http://{headers.one('host')}"):
            return 403, "This form was sent from another page."
        return None

    def _hosts(self, scope: Scope) -> frozenset[str]:
        """Names under which the page is asked for: any other may be somebody else's, led here."""
        if self.address is not None:
            return frozenset((urlsplit(self.address).netloc,))
        port = (scope.get("server") or ("", 0))[1]
        end = "" if port == _USUAL else f":{port}"
        return frozenset(f"{name}{end}" for name in ("127.0.0.1", "localhost", "[::1]"))


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers of a request; one that is sent twice is none."""

    scope: Scope

    def one(self, name: str) -> str | None:
        """Value of a header that stands once."""
        found = [value for key, value in self.scope["headers"] if key == name.encode()]
        return found[0].decode("latin-1") if len(found) == 1 else None

    def has(self, name: str) -> bool:
        """Whether it stands at all."""
        return any(key == name.encode() for key, _ in self.scope["headers"])


def _own(headers: Headers, origin: str) -> bool:
    """Whether a form was sent by a page of ours: the browser says so, in one way or the other.

    With the referrer policy of this page, browsers say ``Origin: null`` for its own forms.
    """
    site, said = headers.one("sec-fetch-site"), headers.one("origin")
    if headers.has("sec-fetch-site") and site != "same-origin":
        return False
    if headers.has("origin") and said not in (origin, "null"):
        return False
    return site == "same-origin" or said == origin


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Whole body of a form; None when it is too large."""
    if scope["method"] != "POST":
        return b""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        size += len(message.get("body", b""))
        if size > MOST_BYTES:
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _say(send: Send, status: int, text: str) -> None:
    headers = _raw({"content-type": "text/plain; charset=utf-8"})
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
