"""One request of somebody who is logged in: who it is, what is on the board, what was sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.errors import UsageError
from auditor.review.authority import person_on
from auditor.review.page.forms import Form
from auditor.review.page.guards import BODY
from auditor.review.page.login import keep_cookie, session_of
from auditor.review.page.templating import rendered

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from auditor.ledger import Entry
    from auditor.ledger.store import Ledger
    from auditor.review.authority import Person
    from auditor.review.page.board import Board
    from auditor.review.page.service import Service
    from auditor.review.page.sessions import Session
    from auditor.review.recording import Checked

STALE = "Your login is another one than that of the form. Look at what you typed, then send it."
ENDED = "Your login has ended, or you have not logged in yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a handler needs to answer one request."""

    service: Service
    request: Request
    session: Session
    person: Person
    board: Board
    ledger: Ledger
    form: Form

    def show(self, template: str, status: int = 200, **said: Any) -> Response:
        """Answer with a page; what was to be said once is said on it."""
        notice, self.session.notice = self.session.notice, ""
        return rendered(
            template, status, person=self.person, token=self.session.token, notice=notice, **said
        )

    def go(self, place: str, notice: str = "") -> Response:
        """Send the browser on, so that loading a page again sends nothing again."""
        self.session.notice = notice
        return onward(place)

    def looked_at(self, case: str, seen: object) -> None:
        """Note what this login is shown of a case; the clock runs from here."""
        who, now = self.person.self, self.service.now()
        self.session.shown[case] = seen
        self.service.clocks.start(who, case, now)
        self.service.clocks.tick(who, case, now)

    def has_seen(self, case: str, seen: object) -> bool:
        """Whether that is what this login was shown last: a form sent unseen says nothing."""
        return self.session.shown.get(case) == seen

    def record(self, made: Checked) -> tuple[Board, Entry]:
        """Store what counts, and give the board with it.

        Raises
        ------
        UsageError
            When somebody recorded something about the case by another door since the board was
            read: what was checked may not hold any more. What was typed is kept.
        """
        case, seen = made.draft.body["case"], len(self.board.desk.entries)

        def look() -> None:
            if any(other.draft.body.get("case") == case for other in self.ledger.entries(seen)):
                self.service.drafts.keep(
                    self.person.self, case, self.form.words(), self.service.now()
                )
                raise UsageError(
                    "somebody recorded something about this case at this very moment; look at it "
                    "again, what you typed is kept",
                    slug="ledger-moved",
                    hint="run it once more; nothing was kept",
                )

        (entry,) = self.ledger.append([made.draft], made.words, look=look)
        return self.board.with_entries([entry]), entry


Handler = Callable[[Visit], "Response"]


def signed_in(handler: Handler) -> Callable[[Request], Response]:
    """Let only people through who are logged in, and only forms of their own login."""

    def endpoint(request: Request) -> Response:
        service: Service = request.app.state.service
        form = Form.of(request.scope[BODY])
        with service.sitting() as (board, ledger):
            keyring, day = board.desk.keyring, board.day
            session = session_of(request, service, keyring, day)
            person = None
            if session is not None and keyring is not None:
                person = person_on(day, session.key, keyring)
            if session is None or person is None:
                return _ended(request, service, form, board)
            if request.method == "POST" and not session.takes(form.one("token")):
                response = _stale(request, service, form, session, board)
            else:
                response = handler(
                    Visit(
                        service=service,
                        request=request,
                        session=session,
                        person=person,
                        board=board,
                        ledger=ledger,
                        form=form,
                    )
                )
        keep_cookie(response, session, request, service)
        return response

    return endpoint


def onward(place: str) -> Response:
    """Send the browser to another page of this one."""
    from starlette.responses import RedirectResponse

    return RedirectResponse(place, status_code=303)


def _ended(request: Request, service: Service, form: Form, board: Board) -> Response:
    """Say that nobody is logged in; keep the words of whoever was."""
    kept = False
    if request.method == "POST":
        kept = _kept(request, service, form, board)
    return rendered(
        "enter.html.j2",
        401,
        says=ENDED,
        kept=kept,
        typed=[] if kept else _typed(form),
        invite="",
        by_proxy=service.proxy_header is not None,
    )


def _stale(
    request: Request, service: Service, form: Form, session: Session, board: Board
) -> Response:
    """Bring somebody whose login was renewed back to what they typed; nothing is recorded."""
    before = service.sessions.ended_with(form.one("token"), service.now())
    case = request.path_params.get("case", "")
    if before is None or before.who != session.who or case not in board.items:
        session.notice = "This form was not made in your login, so nothing of it was recorded."
        return onward("/")
    service.drafts.keep(session.who, case, form.words(), service.now())
    session.notice = STALE
    return onward(f"/case/{case}")


def _kept(request: Request, service: Service, form: Form, board: Board) -> bool:
    """Keep the words of a form whose login ended, for its person alone."""
    case = request.path_params.get("case", "")
    before = service.sessions.ended_with(form.one("token"), service.now())
    if before is None or case not in board.items or not form.words():
        return False
    service.drafts.keep(before.who, case, form.words(), service.now())
    return True


def _typed(form: Form) -> list[str]:
    """Give words back that cannot be kept, because the page was started anew since."""
    fields = ("rationale", "statement_words", "considered_other", "reason_codes", "why")
    return [form.one(name) for name in fields if form.one(name)]
