"""The page as browsers see it: a real ledger in a file, a clock that a test moves, no network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.store import Stored
from auditor.review import Case, Demands, Desk
from auditor.review.page.app import page_app
from auditor.review.page.board import Board
from auditor.review.page.burning import Burned
from auditor.review.page.invites import Invite
from auditor.review.page.service import Service
from auditor.signing.keyring import Keyring
from tests.unit.review.office import ADA, BEN, PAGE, Member, case, demands, ring, rule

HERE = "http://127.0.0.1:8000"
FACTOR = "skills = 70 raised the score by 1.28 (log-odds)"
WORDS = "The work sample is strong."


def flagged(n: int = 1, **said: Any) -> Case:
    """A case whose every trace of the model can be searched for."""
    plain = {
        "reason": "Close to the line of cases.",
        "evidence": "margin narrow",
        "factors": FACTOR,
        "due": datetime.now(UTC).date() + timedelta(days=3),
    }
    return case(n, rule(**plain | said))


TELLING = ("Close to the line", "margin narrow", "raised the score", "p/near", "0.5 to 0.6",
           "0.5 and 0.6", "0.51", "The model said", "model v1", "keep it:")  # fmt: skip
"""What a page before the reveal must not hold: outcome, score, reasons and rule."""


@dataclass
class Front:
    """One page over one ledger; browsers come and go."""

    folder: Path
    cases: tuple[Case, ...] = field(default_factory=lambda: (flagged(1), flagged(2)))
    demands: Demands = field(default_factory=demands)
    keyring: Keyring = field(default_factory=ring)
    evidence: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    proxy_header: str | None = None
    address: str | None = None
    covered: int | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    trouble: list[BaseException] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    """What others do by another door once a request has read the ledger."""

    def __post_init__(self) -> None:
        self.path = self.folder / "reviews.db"
        self.make()
        self.start()

    def make(self) -> None:
        make_ledger(self.path, "acme-reviews", clock=lambda: self.now).close()

    def opened(self) -> Stored:
        """Open the ledger for one request, in the thread that answers it."""
        return SqliteLedger(self.path, clock=lambda: self.now)

    def start(self) -> None:
        """Begin anew, as after a restart: nothing that was in memory is left."""
        self.service = Service(
            sitting=self.sitting,
            burning=Burned(self.folder / "used"),
            private=PAGE.private,
            evidence=self.evidence,
            address=self.address,
            proxy_header=self.proxy_header,
            trouble=self.trouble.append,
            now=lambda: self.now,
        )
        self.app = page_app(self.service)

    @contextmanager
    def sitting(self) -> Iterator[tuple[Board, Stored]]:
        with closing(self.opened()) as ledger:
            desk = Desk(
                cases=self.cases,
                demands=self.demands,
                result="a" * 64,
                ledger=ledger.name,
                entries=tuple(ledger.entries()),
                keyring=self.keyring,
                covered=self.covered,
            )
            board = Board.of(desk, self.now.date())
            self.meanwhile()
            yield board, ledger

    @property
    def entries(self) -> list[Any]:
        with closing(self.opened()) as ledger:
            return list(ledger.entries())

    def kinds(self) -> list[str]:
        return [entry.draft.kind for entry in self.entries[1:]]

    def later(self, **by: int) -> None:
        self.now += timedelta(**by)

    def invite(self, who: Member = ADA, **said: Any) -> str:
        plain = Invite(key=who.key, address=HERE, expires=self.now + timedelta(hours=1))
        return replace(plain, **said).signed(PAGE.private)

    def browser(self, **said: Any) -> Browser:
        return Browser(self, **said)

    def logged_in(self, who: Member = ADA) -> Browser:
        browser = self.browser()
        assert browser.enter(self.invite(who)).status_code == 303
        return browser


class Browser:
    """Sends forms as browsers do: with the token of the page that it saw last."""

    def __init__(
        self, front: Front, *, at: str = HERE, peer: str = "127.0.0.1", headers: Any = None
    ) -> None:
        self.front, self.at, self.peer = front, at, peer
        self.cookies = httpx.Cookies()
        self.headers = {"sec-fetch-site": "same-origin", "origin": "null"} | (headers or {})
        self.token = ""

    def get(self, place: str = "/", **said: Any) -> httpx.Response:
        said.setdefault("headers", {k: v for k, v in self.headers.items() if k != "origin"})
        return self.send("GET", place, **said)

    def post(
        self, place: str, headers: Any = None, *, unseen: bool = False, **fields: Any
    ) -> httpx.Response:
        """Send a form; before a step is sent, its page is looked at, unless it goes ``unseen``."""
        fields.setdefault("token", self.token)
        page, _, step = place.rpartition("/")
        if step in ("judge", "decide", "correct") and not unseen:
            named = f"/correct?review={fields.get('review', '')}" if step == "correct" else ""
            self.get(page + named)
        return self.send("POST", place, data=fields, headers=self.headers | (headers or {}))

    def send(self, method: str, place: str, **said: Any) -> httpx.Response:
        """Send a request to the application itself, in a loop of its own."""
        return self._seen(asyncio.run(self._sent(method, place, said)))

    async def _sent(self, method: str, place: str, said: dict[str, Any]) -> httpx.Response:
        way = httpx.ASGITransport(self.front.app, client=(self.peer, 50000))
        async with httpx.AsyncClient(
            transport=way, base_url=self.at, cookies=self.cookies
        ) as client:
            response = await client.request(method, place, **said)
            self.cookies = client.cookies
            return response

    def follow(self, response: httpx.Response) -> httpx.Response:
        assert response.status_code == 303
        return self.get(response.headers["location"])

    def enter(self, invite: str) -> httpx.Response:
        response = self.post("/enter", invite=invite)
        if response.status_code == 303:
            self.get("/")
        return response

    def _seen(self, response: httpx.Response) -> httpx.Response:
        found = re.search(r'name="token" value="([^"]+)"', response.text)
        self.token = found[1] if found else self.token
        return response


def place(one: Case, step: str = "") -> str:
    return f"/case/{one.id}" + (f"/{step}" if step else "")


def judgement(one: Case, judged: str = "favorable", **said: str) -> dict[str, str]:
    """First judgement of a case in which nothing is missing."""
    plain = {f"judged-{d.identity}": judged for d in one.decisions}
    return plain | {"confidence": "high", "conflict": "no"} | said


def decision(one: Case, becomes: str = "changed", **said: Any) -> dict[str, Any]:
    """A review in which nothing is missing."""
    later = datetime.now(UTC).date() + timedelta(days=60)
    plain = {f"final-{d.identity}": becomes for d in one.decisions}
    return (
        plain
        | {
            "considered": ["work sample"],
            "statement": "none-given",
            "takes_effect": later.isoformat(),
            "rationale": WORDS,
        }
        | said
    )


def reveal(front: Front, browser: Browser, one: Case) -> httpx.Response:
    """Go up to the model's answer."""
    browser.post(place(one, "claim"), role="recruiter")
    browser.get(place(one))
    browser.post(place(one, "judge"), **judgement(one))
    return browser.get(place(one))


def text(response: httpx.Response) -> str:
    """What somebody reads, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


Fixture = Callable[..., Front]
__all__ = ["ADA", "BEN", "Front"]
