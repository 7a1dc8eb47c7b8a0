"""Logins: in memory only, ended by time, by leaving, and by a restart of the page."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

IDLE, WHOLE = timedelta(minutes=30), timedelta(hours=12)
_REMEMBERED = timedelta(hours=24)
_MOST_EACH = 20


@dataclass(slots=True, kw_only=True)
class Session:
    """One login of one person; ``token`` stands in every form of it.

    ``who`` tells people apart, ``key`` is the public key that their entries name. ``notice`` is
    said once, on the next page. ``shown`` is what its person saw last of each case.
    """

    id: str
    token: str
    who: str
    key: str
    begun: datetime
    seen: datetime
    notice: str = ""
    shown: dict[str, object] = field(default_factory=dict)
    ended: bool = False

    def lives(self, now: datetime) -> bool:
        """Whether it still lets its person in."""
        return not self.ended and now - self.seen < IDLE and now - self.begun < WHOLE

    def takes(self, token: str) -> bool:
        """Whether a form is one of this session."""
        return hmac.compare_digest(self.token.encode(), token.encode("utf-8", "replace"))


@dataclass(slots=True)
class Sessions:
    """Sessions by what their cookies hold; ended ones are remembered for the words in old forms."""

    _sessions: dict[str, Session] = field(default_factory=dict)

    def begin(self, who: str, key: str, now: datetime) -> Session:
        """Let somebody in."""
        self._forget(now)
        session = Session(
            id=secrets.token_urlsafe(32),
            token=secrets.token_urlsafe(32),
            who=who,
            key=key,
            begun=now,
            seen=now,
        )
        self._sessions[session.id] = session
        # who asks without a cookie, again and again, fills no memory
        own = [one.id for one in self._sessions.values() if one.who == who]
        for old in own[:-_MOST_EACH]:
            del self._sessions[old]
        return session

    def living(self, cookie: str, now: datetime) -> Session | None:
        """Session of a cookie, where it still lets its person in."""
        session = self._sessions.get(cookie)
        if session is None or not session.lives(now):
            return None
        session.seen = now
        return session

    def ended_with(self, token: str, now: datetime) -> Session | None:
        """Session that a form was made in, living or not; to keep words, never to let in."""
        self._forget(now)
        return next((one for one in self._sessions.values() if one.takes(token)), None)

    def _forget(self, now: datetime) -> None:
        old = [key for key, one in self._sessions.items() if now - one.begun > _REMEMBERED]
        for key in old:
            del self._sessions[key]
