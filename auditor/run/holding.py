from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from auditor.decisions import RowAccount
from auditor.errors import GateFailed, IntegrityError, NoVerdict, ReviewsOpen, Where
from auditor.gate import EXIT_FAILED, EXIT_NO_VERDICT, EXIT_REVIEWS_OPEN, Verdict, decide
from auditor.report import render_html, render_text
from auditor.result import AuditResult
from auditor.result.directory import AUDIT_FILE, FLAGS_FILE, load_directory, write_directory
from auditor.result.flags import mandatory_decisions
from auditor.run.writing import verdict_document

if TYPE_CHECKING:
    import pandas as pd

    from auditor.result import AuditDocument

REPORT_FILE = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Audit:
    """What people hold of an audit: the frozen result, and ways to look at it and keep it.

    ``files`` are the contents of ``flags.csv`` and ``explanations.parquet``, where there are any;
    they hold the export's own ids and are made for reviewers.
    """

    result: AuditResult
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The verdict, decided anew from the findings; the stored field is never trusted."""
        document = self.result.document
        return decide(
            self.result.findings,
            self.result.not_evaluated,
            in_force=[p["id"] for p in document["policies"] if p["in_force"]],
            reviews_open=self._reviews_open(),
            taken=document["profile"]["decisions"] == "taken",
        )

    def judged(self) -> AuditResult:
        """Give the result with the verdict as it is decided now, in place of the stored one."""
        document = {**self.result.document, "verdict": verdict_document(self.verdict)}
        return replace(self.result, document=cast("AuditDocument", document))

    def _reviews_open(self) -> int:
        text = self.files.get(FLAGS_FILE)
        return 0 if text is None else mandatory_decisions(text.decode())

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
        """Decisions that a person must look at, one a decision and rule, as in ``flags.csv``."""
        import pandas as pd

        from auditor.result.flags import COLUMNS

        text = self.files.get(FLAGS_FILE)
        if text is None:
            return pd.DataFrame(columns=list(COLUMNS), dtype=str)
        return pd.read_csv(io.BytesIO(text), dtype=str, keep_default_na=False)

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
            AUDIT_FILE: self.result.to_json().encode(),
            REPORT_FILE: render_html(self.result).encode("utf-8", "replace"),
            **self.files,
        }
        write_directory(place, files)
        return place

    def raise_for_verdict(self) -> None:
        """Raise unless the gate is open.

        Raises
        ------
        GateFailed, ReviewsOpen, NoVerdict
            With the sentence of the verdict.
        """
        verdict = self.verdict
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
        When it is no result, or its ``flags.csv`` is missing, changed, or not counted in it.
    """
    result, flags = load_directory(Path(path))
    audit = Audit(result=result, files={} if flags is None else {FLAGS_FILE: flags.encode()})
    stored = result.document["flags"]
    if (flags is None and stored["count"]) or audit._reviews_open() != stored["mandatory_open"]:
        raise IntegrityError(
            "the result does not hold the flags that it counts",
            slug="flags-changed",
            where=Where(str(path)),
            hint="make the result anew with 'auditor audit'",
        )
    return audit
