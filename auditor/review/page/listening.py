"""Where the page listens, and how it is run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from auditor.errors import UsageError
from auditor.review.page.login import is_loopback

if TYPE_CHECKING:
    import uvicorn

    from auditor.review.page.service import Service

_MOST_AT_ONCE = 100
_HEADER_BYTES = 16 * 1024


def must_be_safe(
    host: str, *, behind_proxy: bool, address: str | None, proxy_header: str | None
) -> None:
    """Refuse to let people's words travel where others can read them, and names that anybody wrote.

    Raises
    ------
    UsageError
        When another machine could reach the page without a proxy before it that encrypts, or
        could write the header that names people.
    """
    if proxy_header is not None and not (behind_proxy and is_loopback(host)):
        raise UsageError(
            "a header that names people is believed from a proxy on this machine alone",
            slug="listen-unsafe",
            hint="say --behind-proxy and leave out --host, or leave out --proxy-header",
        )
    if not behind_proxy and not is_loopback(host):
        raise UsageError(
            f"on {host} other machines would reach this page without encryption",
            slug="listen-unsafe",
            hint="leave out --host, or put a proxy with TLS before it and say --behind-proxy",
        )
    if behind_proxy != (address is not None):
        raise UsageError(
            "--behind-proxy and --url belong together",
            slug="listen-unsafe",
            hint="--url is the address under which people open the page, such as "
            "https://reviews.example.org",
        )
    if address is not None:
        origin_of(address)


def origin_of(address: str) -> str:
    """Address of a page without a path, in its one spelling.

    Raises
    ------
    UsageError
        When it is none, or not encrypted although it leads to another machine.
    """
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = -1
    host = (parts.hostname or "").lower()
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (host and plain and safe) or port == -1:
        raise UsageError(
            "this is no address at which the page can be opened",
            slug="page-address",
            hint="write https:// and a name, or http://127.0.0.1 and a port, without a path",
        )
    name = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{name}" + ("" if port in (None, usual) else f":{port}")


def serve(service: Service, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Answer requests until somebody ends it; ``ready`` is told the address.

    Raises
    ------
    UsageError
        When the libraries of the page are not installed, or nothing can listen there.
    """
    server = server_of(service, host=host, port=port, ready=ready)
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    except SystemExit:  # so uvicorn ends when the port is taken
        server.started = False
    if not server.started:
        raise UsageError(
            f"nothing can listen on {host}, port {port}",
            slug="listen-failed",
            hint="choose another --port, or 0 for a free one",
        )


def server_of(
    service: Service, *, host: str, port: int, ready: Callable[[str], None]
) -> uvicorn.Server:
    """Make the server of a page, not started yet; it ends when its ``should_exit`` is set.

    Raises
    ------
    UsageError
        When the libraries of the page are not installed.
    """
    must_be_installed()
    import uvicorn

    from auditor.review.page.app import page_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                taken = self.servers[0].sockets[0].getsockname()
                name = f"[{taken[0]}]" if ":" in taken[0] else taken[0]
                ready(service.address or f"http://{name}:{taken[1]}")

    return Server(
        uvicorn.Config(
            page_app(service),
            host=host,
            port=port,
            # no log: what people open and when is nobody's business, and errors go elsewhere
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            lifespan="off",
            ws="none",
            http="h11",
            h11_max_incomplete_event_size=_HEADER_BYTES,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_graceful_shutdown=5,
        )
    )


def must_be_installed() -> None:
    """Say how to install what the page needs, where it is not there.

    Raises
    ------
    UsageError
    """
    from importlib.util import find_spec

    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"the review page needs {' and '.join(missing)}",
            slug="page-not-installed",
            hint="pip install 'auditor[page]'",
        )
