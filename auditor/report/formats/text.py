from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auditor.gate import EXIT_WORDS
from auditor.report import numbers, words
from auditor.report.checklist import on_record
from auditor.report.finding_lines import STYLES, finding_lines
from auditor.report.opening import cautions, period_words, policy_words
from auditor.report.page import MASKED, Page
from auditor.report.privacy import hidden_groups
from auditor.report.reviews import ledger_lines, review_lines
from auditor.report.tables import (
    RateRow,
    RateTable,
    lines_of,
    next_steps,
    rate_tables,
)
from auditor.result import AuditDocument, AuditResult
from auditor.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

HIDDEN = "hidden"
_MOST_ROWS = 16
_STEPS = 3
_NARROW = 76
_RULE = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"


def render_text(result: AuditResult) -> str:
    """Write the terminal summary as plain text, 100 columns wide."""
    import io

    from rich.console import Console

    out = io.StringIO()
    summary(result, Console(file=out, width=100, color_system=None, highlight=False))
    return out.getvalue()


def summary(result: AuditResult, console: Console, *, where: str | None = None) -> None:
    """Print a result for people: what was read, the verdict, rates, findings, what to do next.

    Small groups are hidden together with what would reveal them; the page and ``audit.json`` have
    them. Where the console's encoding lacks a sign, letters stand for it.

    Parameters
    ----------
    result : AuditResult
    console : rich.console.Console
    where : str, optional
        Directory the result was written to; without it no file is named.
    """
    document = result.document
    tables = rate_tables(document)
    page = Page(
        console=console,
        hidden=hidden_groups(tables),
        lines=lines_of(document["findings"]),
    )
    _read(page, document)
    _verdict(page, document)
    _tables(page, tables, document)
    finding_lines(page, document)
    _after(page, document, where)


def _read(page: Page, document: AuditDocument) -> None:
    account = document["row_account"]
    page.line("Audit", f"{document['profile']['id']}, as of {document['as_of']}")
    parts = [f"{numbers.count(account['used'])} used"]
    parts += [f"{numbers.count(n)} {words.plain(name)}" for name, n in account["buckets"].items()]
    page.line("Read", f"{words.many(account['read'], 'row')} = {' + '.join(parts)}")
    if account["people"] != account["used"]:
        page.line("", f"{numbers.count(account['people'])} people counted in the rates")
    if period := period_words(document):
        page.line("", page.safe(period))
    for note in account["notes"]:
        page.line("", page.safe(note))
    for head, text in policy_words(document):
        page.line(head, text if head else page.safe(text))
    known = on_record(document)
    if known:
        page.line("System", page.safe(known))
    for i, caution in enumerate(cautions(document)):
        attribute = caution.attribute or ""
        says = page.safe(caution.says)
        if UNKNOWN in page.hidden.get(attribute, frozenset()):
            says = f"{words.attribute_label(attribute)}: the group of some people is not known."
        page.line(
            "Careful" if i == 0 else "",
            f"{words.SYMBOLS['warning']} {says}",
            style="yellow",
        )
    page.gap()


def _verdict(page: Page, document: AuditDocument) -> None:
    verdict = document["verdict"]
    state = verdict["state"]
    says = verdict["says"]
    # one finding about a small group must not hide the sentences of the others
    for finding in document["findings"]:
        if page.hides(finding):
            says = says.replace(finding["says"], f"A finding that {MASKED}")
    page.line(words.SYMBOLS[state], words.STATES[state].upper(), indent=2, style=STYLES[state])
    page.line("", page.safe(says), indent=2)
    page.gap()


def _tables(page: Page, tables: Iterable[RateTable], document: AuditDocument) -> None:
    """Print the rates that rules looked at; name the others, and those that are wholly hidden."""
    flat = [table for table in tables if table.stratum is None]
    judged = [f["evidence"].get("metric") for f in document["findings"]]
    wanted = [table for table in flat if table.metric in judged] or flat
    elsewhere = [_title(table) for table in flat if table not in wanted]
    for table in wanted:
        if all(row.group in page.hidden[table.attribute] for row in table.rows):
            elsewhere.append(f"{_title(table)} (hidden: small counts)")
        else:
            _rates(page, table)
    if elsewhere:
        page.line("More", f"in report.html: {'; '.join(elsewhere)}.")
        page.gap()


def _title(table: RateTable) -> str:
    return f"{words.metric_title(table.metric)} by {words.attribute_label(table.attribute)}"


def _rates(page: Page, table: RateTable) -> None:
    from rich.text import Text

    hidden = page.hidden.get(table.attribute, frozenset())
    shown = [row for row in table.rows if row.group not in hidden]
    page.console.print(Text(page.fit(_title(table)), style="bold"))
    if any(row.rate["n"] for row in shown):
        page.console.print(_grid(page, table, _most(shown)))
    if len(shown) > _MOST_ROWS:
        left = len(shown) - _MOST_ROWS
        page.line("", f"{left} more with higher ratios; see report.html.", indent=2)
    if hidden:
        lines = "line is" if len(hidden) == 1 else "lines are"
        says = (
            f"{len(hidden)} {lines} hidden: counts under 10, and what would reveal them. "
            "All numbers are in report.html."
        )
        page.line("", says, indent=2)
    page.gap()


def _most(rows: list[RateRow]) -> list[RateRow]:
    """All rows, or the reference, the unknown and the lowest ratios in their order."""
    if len(rows) <= _MOST_ROWS:
        return rows
    fixed = [row for row in rows if row.comparison is None]
    others = [row for row in rows if row.comparison is not None]
    kept = {row.group for row in (*fixed, *others[-(_MOST_ROWS - len(fixed)) :])}
    return [row for row in rows if row.group in kept]


def _grid(page: Page, table: RateTable, rows: list[RateRow]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    wide = page.console.width > _NARROW
    grid = Table(
        box=box.ASCII2 if page.fit(_RULE) != _RULE else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    grid.add_column("Group", overflow="fold", ratio=1 if not wide else None, min_width=8)
    grid.add_column(page.fit(words.metric_favorable(table.metric).capitalize()), justify="right")
    grid.add_column("Rate", justify="right")
    if wide:
        grid.add_column("95% interval", justify="right")
    grid.add_column("Ratio", justify="right")
    if wide:
        grid.add_column("p, adjusted", justify="right")
    hidden = page.hidden.get(table.attribute, frozenset())
    for row in rows:
        cells = _cells(page, row, reference_hidden=table.reference in hidden)
        if not wide:
            cells = [cells[0], cells[1], cells[2], cells[4]]
        style = STYLES["fail"] if row.below else ""
        grid.add_row(*(Text(page.fit(cell), style=style) for cell in cells))
    return grid


def _cells(page: Page, row: RateRow, *, reference_hidden: bool) -> list[str]:
    rate, comparison = row.rate, row.comparison
    selected = f"{numbers.count(rate['favorable'])}/{numbers.count(rate['n'])}"
    if rate["value"] is None:
        return [words.group_label(row.group), selected, words.reason(rate["undefined"]), "", "", ""]
    ends = (numbers.percent(rate["low"]), numbers.percent(rate["high"]))
    cells = [
        words.group_label(row.group),
        selected,
        numbers.percent(rate["value"]),
        "-".join(end.removesuffix("%") for end in ends),
    ]
    if row.is_reference:
        return [*cells, "reference", ""]
    if comparison is None:
        return [*cells, "", ""]
    if reference_hidden:
        return [*cells, HIDDEN, HIDDEN]
    if comparison["ratio"] is None:
        return [*cells, "none", numbers.p_value(comparison["p_adjusted"], "no-reference")]
    ratio = numbers.ratio(
        comparison["ratio"], below=comparison["below_four_fifths"], lines=page.lines
    )
    low = numbers.ratio(comparison["ratio_low"], lines=page.lines)
    high = numbers.ratio(comparison["ratio_high"], lines=page.lines)
    return [*cells, f"{ratio} ({low}-{high})", numbers.p_value(comparison["p_adjusted"])]


def _after(page: Page, document: AuditDocument, where: str | None) -> None:
    flags, reviews = document["flags"], document["reviews"]
    if flags["count"]:
        part = f" ({numbers.percent(flags['share'])})" if flags["share"] is not None else ""
        rules = ", ".join(f"{name} {numbers.count(n)}" for name, n in flags["by_rule"].items())
        page.line(
            "Flags", f"{numbers.count(flags['count'])} decisions{part} need a person: {rules}"
        )
        said = [f"{numbers.count(flags['mandatory_open'])} mandatory reviews open"]
        for line in said if reviews is None else review_lines(reviews):
            page.line("", line)
    elif reviews is not None:
        for line in ledger_lines(reviews):
            page.line("Ledger", line)
    if where is not None:
        names = ["report.html", "audit.json", flags["file"]]
        explanations = document["explanations"]
        names.append(explanations["file"] if explanations else None)
        page.line("Files", f"{where}: {', '.join(name for name in names if name)}")
        page.line("", "internal: they contain small groups")
    for i, step in enumerate(next_steps(document)[:_STEPS]):
        page.line("Next" if i == 0 else "", page.safe(step))
    code = document["verdict"]["exit_code"]
    page.line("Gate", f"exits {code}: {EXIT_WORDS.get(code, 'not known')}")
