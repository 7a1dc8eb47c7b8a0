from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.outputs import output_option
from auditor.cli.review.options import export_options, place_options

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("result")
@place_options
@click.option("--final", is_flag=True, help="The export with what people decided.")
@click.option(
    "--worksheet",
    type=click.Choice(["first", "reveal"]),
    help="A workbook to fill in: first judgements, or the model's answer after them.",
)
@click.option("--role", help="Of a worksheet: the role in which it is filled in.")
@click.option("--reader", metavar="NAME", help="Of a worksheet: for whom, as the keyring has it.")
@export_options
@output_option("--out", required=True, metavar="FILE")
@as_of_option
def command(
    result: str, ledger: str, keyring: str | None, out: str, as_of: date | None, **options: Any
) -> None:
    """Write the export with what people decided, or a worksheet for reviewers to fill in.

    --final: every decision of the export with its final outcome, for the system it came from. The
    same rows in the same order; 'pending human' where a mandatory review is open; two more columns
    say who decided and under which case. Cells that look like formulas stay what they were. An
    audit of that file takes the same profile. Where somebody asked about a decision that no rule
    flagged, the --key of the audit tells which row is that one.

    --worksheet first: an Excel workbook with the decisions that wait for a role, and nothing of the
    model's answer; --export adds job-related values. --worksheet reveal: the model's answer, for
    decisions that the reader has judged. 'auditor review import' takes both back.
    """
    _one_of_them(options)
    if options["final"]:
        _final(result, ledger, keyring, out, today(as_of), options)
    else:
        _worksheet(result, ledger, keyring, out, today(as_of), options)


def _final(
    result: str, ledger: str, keyring: str | None, out: str, as_of: date, options: dict[str, Any]
) -> None:
    from pathlib import Path

    from auditor.cli.review.options import desk_for
    from auditor.ingest import load_profile
    from auditor.report.base import write_bytes
    from auditor.report.words import many, visible
    from auditor.review.final import final_export
    from auditor.run import load
    from auditor.run.rereading import reread
    from auditor.run.reviewing import opened

    _needs("--final", options, "export", "profile")
    made = load(result)
    with opened(ledger, write=False) as held:
        queue = desk_for(made, held, keyring).queue(as_of)
    profile, source = load_profile(options["profile"]), options["export"]
    encoding = options["encoding"]
    written = final_export(
        made.result.document,
        queue,
        source,
        profile,
        rows=lambda: reread(source, options["profile"], options["key"], encoding=encoding).rows(),
        encoding=encoding,
    )
    _must_name(out, written.kind)
    write_bytes(Path(out), written.content, what="export")
    click.echo(f"written: {visible(out)}, {many(written.rows, 'row')}", err=True)
    for note in written.notes:
        click.echo(visible(note), err=True)
    if queue.reviews_open:
        waits = "decision is" if queue.reviews_open == 1 else "decisions are"
        click.echo(f"{queue.reviews_open:,} {waits} pending human", err=True)


def _worksheet(
    result: str, ledger: str, keyring: str | None, out: str, as_of: date, options: dict[str, Any]
) -> None:
    from pathlib import Path

    from auditor.cli.review.options import desk_for
    from auditor.report.base import write_bytes
    from auditor.report.words import many, visible
    from auditor.review.worksheet.making import made
    from auditor.review.worksheet.writing import workbook
    from auditor.run import load
    from auditor.run.evidence import evidence_of, not_allowed_by
    from auditor.run.reviewing import opened

    step, source, profile = options["worksheet"], options["export"], options["profile"]
    _needs("--worksheet", options, "role", *(("profile",) if source else ()))
    audit = load(result)
    with opened(ledger, write=False) as held:
        desk = desk_for(audit, held, keyring)
    queue = desk.queue(as_of)
    evidence = None
    if source is not None:
        evidence = evidence_of(
            queue,
            source,
            profile,
            options["key"],
            encoding=options["encoding"],
            not_allowed=not_allowed_by(audit.result.document),
        )
    sheet = made(
        desk, queue, step, role=options["role"], reader=options["reader"], evidence=evidence
    )
    for why, count in sheet.left_out.items():
        click.echo(f"left out: {count:,}, {why}", err=True)
    if not sheet.rows:
        click.echo("no decision waits for this worksheet; nothing was written", err=True)
        return
    _must_name(out, "workbook")
    write_bytes(Path(out), workbook(sheet), what="worksheet")
    click.echo(
        f"written: {visible(out)}, {many(len(sheet.rows), 'row')}, for reviewers only", err=True
    )


_NAMED = {
    ".csv": "text", ".tsv": "text", ".txt": "text", ".parquet": "parquet", ".xlsx": "workbook",
    ".xls": "older workbook", ".xlsm": "workbook with macros", ".ods": "workbook of another kind",
}  # fmt: skip


def _must_name(out: str, kind: str) -> None:
    """Refuse a name that promises another kind of file than is written: nothing would open it."""
    from pathlib import Path

    from auditor.errors import UsageError, Where

    ends = next(end for end, named in _NAMED.items() if named == kind)
    if _NAMED.get(Path(out).suffix.lower(), kind) != kind:
        raise UsageError(
            f"this is written as a {kind} file, and the name says another kind",
            slug="out-of-another-kind",
            where=Where(out),
            hint=f"name a file that ends in {ends}",
        )


def _one_of_them(options: dict[str, Any]) -> None:
    from auditor.errors import UsageError

    final, worksheet = options["final"], options["worksheet"]
    if final and (options["role"] or options["reader"]):
        raise UsageError(
            "--role and --reader are of a worksheet, and --final is for everybody",
            slug="which-export",
            hint="leave them out, or write a worksheet",
        )
    if final == (worksheet is not None):
        raise UsageError(
            "an export is either --final or a --worksheet"
            if final
            else "say which export: --final, --worksheet first or --worksheet reveal",
            slug="which-export",
            hint="--final writes what people decided, --worksheet what they are to decide",
        )


def _needs(what: str, options: dict[str, Any], *names: str) -> None:
    from auditor.errors import UsageError

    missing = [f"--{name}" for name in names if options[name] is None]
    if missing:
        raise UsageError(
            f"{what} needs {' and '.join(missing)} too",
            slug="option-missing",
            hint="add what is missing",
        )
