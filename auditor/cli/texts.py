"""Free words of people, read from a file."""

from __future__ import annotations

_MOST_BYTES = 1 << 16


def words_of_file(file: str, what: str) -> str:
    """Text of a file.

    Raises
    ------
    PathError
        When it cannot be read.
    UsageError
        When it is no text in UTF-8, or a long one.
    """
    from auditor.errors import UsageError, Where
    from auditor.signing.files import small_file

    content, _ = small_file(file, _MOST_BYTES)
    read = _decoded(content)
    if read is None:
        raise UsageError(
            f"the {what} is no text in UTF-8 of at most 64 KiB",
            slug="words-unreadable",
            where=Where(file),
            hint="write it as a plain text file",
        )
    return read


def _decoded(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig") if len(content) <= _MOST_BYTES else None
    except UnicodeDecodeError:
        return None
