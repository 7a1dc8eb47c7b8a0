from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from auditor.decisions import RowAccount
from auditor.errors import GateFailed, IntegrityError, NoVerdict, Problem, ReviewsOpen, Where
from auditor.gate import (
    EXIT_FAILED,
    EXIT_INTEGRITY,
    EXIT_NO_VERDICT,
    EXIT_REVIEWS_OPEN,
    Verdict,
    decide,
)
from auditor.report import render_html, render_text
from auditor.result import AuditResult
from auditor.result.directory import AUDIT_FILE, FLAGS_FILE, load_directory, write_directory
from auditor.result.flags import COLUMNS, flag_counts, read_flags
from auditor.result.waivers import on_day
from auditor.review.anchoring import why_not_anchored
from auditor.review.counting import about_records
from auditor.run.contradictions import contradictions
from auditor.run.writing import verdict_document

if TYPE_CHECKING:
    import pandas as pd

    from auditor.findings import Finding
    from auditor.ledger.checkpoint import Checkpoint
    from auditor.ledger.store import Stored
    from auditor.result import AuditDocument
    from auditor.result.reviews import ReviewsDoc
    from auditor.signing.keyring import Keyring

REPORT_FILE = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Audit:
    """What people hold of an audit: the frozen result, and ways to look at it and keep it.

    ``files`` are the contents of ``flags.csv``, which is made for reviewers, and of
    ``explanations.parquet``, where there are any; both hold the export's own ids. ``reviews`` is
    what people recorded about the flags, once `reviewed` has looked, and ``reached`` the day of the
    newest entry of that ledger: no day before it is today.
    """

    result: AuditResult
    files: Mapping[str, bytes] = field(default_factory=dict)
    reviews: ReviewsDoc | None = None
    reached: date | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict, decided anew from the findings; the stored field is never trusted.

        A waiver that ended since the audit covers nothing any more.
        """
        return self._decided(self._now().findings)

    def _now(self) -> AuditResult:
        today = datetime.now(UTC).date()
        return on_day(self.result, max(today, self.reached or today))

    def _decided(self, findings: Iterable[Finding]) -> Verdict:
        document = self.result.document
        return decide(
            findings,
            self.result.not_evaluated,
            in_force=[p["id"] for p in document["policies"] if p["in_force"]],
            reviews_open=self._reviews_open(),
            reviews_overdue=self.reviews["overdue"] if self.reviews else 0,
            about_reviews=about_records(self.reviews),
            not_anchored=why_not_anchored(self.reviews),
            taken=document["profile"]["decisions"] == "taken",
        )

    def judged(self) -> AuditResult:
        """Give the result with verdict and waivers as they are now, in place of the stored ones."""
        verdict, now = verdict_document(self.verdict), self._now()
        document = {**now.document, "verdict": verdict, "reviews": self.reviews}
        return replace(now, document=cast("AuditDocument", document))

    def reviewed(
        self,
        ledger: str | Path | Stored,
        keyring: str | Path | Keyring | None = None,
        *,
        as_of: date | None = None,
        checkpoints: Sequence[Checkpoint] = (),
    ) -> Audit:
        """Give the audit whose verdict counts what people recorded about its flags.

        Parameters
        ----------
        ledger : path or address, or an open ledger
        keyring : path or Keyring, optional
            Whose key is whose; without it no record counts.
        as_of : date, optional
            The day that counts as today (default: today, UTC); later entries are left out.
        checkpoints : sequence of Checkpoint
            Of this ledger, kept elsewhere.

        Raises
        ------
        PathError
            When the ledger or the keyring cannot be opened: never a pass.
        IntegrityError
            When the ledger does not hold, or a checkpoint does not fit it.
        SignatureError
            When the keyring is wrong.
        """
        from auditor.run.reviewing import reviews_of

        reviews, newest = reviews_of(
            self.result, self.files, ledger, keyring, as_of=as_of, checkpoints=checkpoints
        )
        return replace(self, reviews=reviews, reached=newest)

    def _reviews_open(self) -> int:
        if self.reviews is not None:
            return self.reviews["open"]
        text = self.files.get(FLAGS_FILE)
        return 0 if text is None else int(flag_counts(text.decode())["mandatory_open"])

    @property
    def row_account(self) -> RowAccount:
        """Where every row of the input went."""
        account = self.result.document["row_account"]
        return RowAccount(read=account["read"], used=account["used"], buckets=account["buckets"])

    @property
    def measurements(self) -> pd.DataFrame:
        """Rates of every group, one a row, columns as in ``audit.json``; undefined is NaN."""
        return self._frame("measurements")

    @property
    def comparisons(self) -> pd.DataFrame:
        """Every group against its reference, one a row, columns as in ``audit.json``."""
        return self._frame("comparisons")

    @property
    def findings(self) -> pd.DataFrame:
        """What the rules about groups said, one finding a row."""
        return self._frame("findings")

    @property
    def flags(self) -> pd.DataFrame:
        """Decisions that a person must look at, one a decision and rule, columns of ``flags.csv``.

        The export's own ids stand here as they are, without the marks that guard a spreadsheet.
        """
        import pandas as pd

        content = self.files.get(FLAGS_FILE)
        rows = [] if content is None else read_flags(content.decode())
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)

    def _frame(self, name: str) -> pd.DataFrame:
        import pandas as pd

        entries: list[dict[str, Any]] = self.result.document[name]  # type: ignore[literal-required]
        return pd.DataFrame.from_records(entries)

    def save(self, directory: str | Path) -> Path:
        """Write ``audit.json``, ``report.html`` and, where there are any, flags and attributions.

        All of it appears, or nothing does. The directory gets permissions 0700, its files 0600.

        Raises
        ------
        UsageError
            When the directory holds files that an audit did not make.
        PathError
            When it cannot be written.
        """
        place = Path(directory)
        files = {
            AUDIT_FILE: self.result.to_json().encode("utf-8", "backslashreplace"),
            REPORT_FILE: render_html(self.result).encode("utf-8", "replace"),
            **self.files,
        }
        write_directory(place, files)
        return place

    def raise_for_verdict(self) -> None:
        """Raise unless the gate is open.

        Raises
        ------
        IntegrityError, GateFailed, ReviewsOpen, NoVerdict
            With the sentence of the verdict.
        """
        verdict = self.verdict
        if verdict.exit_code == EXIT_INTEGRITY:
            if self.reviews and self.reviews["anchor"]["salvage_open"]:
                raise IntegrityError(verdict.says, slug="ledger-salvaged")
            raise IntegrityError(verdict.says, slug="ledger-long-unanchored")
        if verdict.exit_code == EXIT_FAILED:
            raise GateFailed(verdict.says, slug="gate-failed")
        if verdict.exit_code == EXIT_REVIEWS_OPEN:
            raise ReviewsOpen(verdict.says, slug="reviews-open")
        if verdict.exit_code == EXIT_NO_VERDICT:
            raise NoVerdict(verdict.says, slug="no-verdict")

    def __repr__(self) -> str:
        return render_text(self.result)

    def _repr_html_(self) -> str:
        """Show the whole page inside a notebook cell, walled off from the notebook's own styles."""
        from html import escape

        page = escape(render_html(self.result), quote=True)
        return (
            f'<iframe srcdoc="{page}" style="width:100%;height:46rem;border:1px solid #999" '
            'title="Audit of group differences" sandbox></iframe>'
        )


def load(path: str | Path) -> Audit:
    """Read a saved result.

    Parameters
    ----------
    path : the directory, or its ``audit.json`` with the other files beside it

    Raises
    ------
    PathError
        When it cannot be opened.
    IntegrityError
        When it is no result, when a file that it names is missing or changed, or when its verdict
        or its counts of flags do not follow from what it holds.
    """
    place = Path(path)
    result, files = load_directory(place)
    audit = Audit(result=result, files=files)
    try:
        problems = list(contradictions(result, files, audit._decided(result.findings)))
    except ValueError as cause:
        problems = [f"{FLAGS_FILE} cannot be read: {cause}"]
    if problems:
        raise IntegrityError.of(
            Problem(
                message=problem,
                slug="result-contradicts",
                where=Where(str(place)),
                hint="make the result anew with 'auditor audit'",
            )
            for problem in problems
        )
    return audit
