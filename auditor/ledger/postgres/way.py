"""The way to a server: who could read along, or answer in its place."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from auditor.ledger.postgres.opening import Connection

_HERE = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
"""Addresses of this machine itself: nobody else is on the way to them."""


def open_to_others(connection: Connection) -> Iterator[str]:
    """Say what others on the way to the server could do, in sentences; nothing on this machine."""
    held = connection.pgconn
    host, at = held.host.decode(), held.hostaddr.decode()
    if host.startswith("/") or _is_here(at):
        return
    mode = next((one.val or b"" for one in held.info if one.keyword == b"sslmode"), b"").decode()
    if not held.ssl_in_use:
        yield (
            f"nothing between this machine and {host} is encrypted, so others on the way can read "
            "and change entries and words; add sslmode=verify-full to the address"
        )
    elif mode != "verify-full":
        yield (
            f"the certificate of {host} was not compared with its name (sslmode is {mode}), so "
            "another machine could answer in its place; add sslmode=verify-full to the address"
        )


def _is_here(address: str) -> bool:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(found in network for network in _HERE)
