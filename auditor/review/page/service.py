"""What the page is given from outside: the desk, the key that it signs with, the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from auditor.review.page.clocks import Clocks
from auditor.review.page.drafts import Drafts
from auditor.review.page.sessions import Sessions

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger.store import Ledger
    from auditor.review.page.board import Board
    from auditor.review.showing import Evidence


class Sitting(Protocol):
    """Gives the board as the ledger stands, and the ledger itself, to one request at a time."""

    def __call__(self) -> AbstractContextManager[tuple[Board, Ledger]]:
        """Open the ledger in this thread, for as long as the request takes."""


class Burning(Protocol):
    """Remembers for good that an invite was used."""

    def __call__(self, nonce: str, expires: datetime) -> bool:
        """Use it up; False where it was used before."""


def utc_now() -> datetime:
    """Time of this machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The page of one result and one ledger.

    Parameters
    ----------
    sitting, burning : see `Sitting` and `Burning`
    private : Ed25519PrivateKey
        Of the review service: it signs entries for people whom it let in, and invites.
    evidence : Evidence
        Job-related values, where an export was named.
    address : str or None
        Where people open the page when it lies behind a proxy, such as ``https://reviews.example``;
        None when they open it on this machine.
    proxy_header : str or None
        Header in which a proxy on this machine names the person; None lets people in by invites.
    trouble : callable
        Is told of every exception that nobody expected; the page says no more than that.
    now : callable
        The clock.
    """

    sitting: Sitting
    burning: Burning
    private: Ed25519PrivateKey
    evidence: Evidence
    address: str | None = None
    proxy_header: str | None = None
    trouble: Callable[[BaseException], None] = lambda _: None
    now: Callable[[], datetime] = utc_now
    sessions: Sessions = field(default_factory=Sessions)
    drafts: Drafts = field(default_factory=Drafts)
    clocks: Clocks = field(default_factory=Clocks)

    @property
    def key(self) -> str:
        """Public key of the service."""
        from auditor.signing.ed25519 import key_text, public_bytes

        return key_text(public_bytes(self.private))
