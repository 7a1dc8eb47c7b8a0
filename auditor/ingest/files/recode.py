from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditor.errors import ExportError, Where
from auditor.ingest.files.encoding import line_decoder
from auditor.ingest.files.guard import CHUNK, Guarded, TextFacts, opened
from auditor.ingest.files.workspace import Workspace

_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainText:
    """A text that DuckDB reads right: UTF-8 with one kind of line end, LF or CRLF.

    ``path`` is the export itself or a private copy with the same lines; ``shown`` is the path
    that messages name.
    """

    path: Path
    shown: str
    facts: TextFacts
    notes: tuple[str, ...] = ()


def plain_text(guarded: Guarded, facts: TextFacts, workspace: Workspace) -> PlainText:
    """Give the export as plain text, rewriting it only when it is not.

    DuckDB reads no other encoding reliably (UTF-16 with the big end first gives no rows and no
    error) and no mixed line ends.
    """
    notes = []
    if not facts.encoding.startswith("utf-8"):
        notes.append(f"The text is in {facts.encoding}; it was read through a copy in UTF-8.")
    if len(facts.line_ends) > 1:
        kinds = " and ".join(_ENDS[end] for end in sorted(facts.line_ends))
        notes.append(f"Line ends are mixed ({kinds}); all were read as LF.")
    elif facts.line_ends == ("\r",):
        notes.append("Line ends are CR alone; they were read as LF.")
    if not facts.closed:
        notes.append("The last line has no line end; the export may have been cut off there.")
    rewritten = len(notes) - (not facts.closed)
    return PlainText(
        path=_copy(guarded, facts.encoding, workspace) if rewritten else guarded.path,
        shown=guarded.shown,
        facts=facts,
        notes=tuple(notes),
    )


def _copy(guarded: Guarded, encoding: str, workspace: Workspace) -> Path:
    decoder = line_decoder(encoding)
    try:
        with opened(guarded.path, guarded.shown) as source, workspace.text_file("copy") as target:
            while chunk := source.read(CHUNK):
                target.write(decoder.decode(chunk))
            target.write(decoder.decode(b"", final=True))
    except UnicodeError:
        # The guard read every byte of it, so it is another file now.
        raise ExportError(
            "the file changed while it was read",
            slug="file-changed",
            where=Where(guarded.shown),
            hint="wait until the export is complete, then run again",
        ) from None
    return workspace.directory / "copy"
