from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.errors import ExportError, Problem, Where
from auditor.ingest.files.workspace import MEMORY_LIMIT, Workspace
from auditor.ingest.header import clean_name
from auditor.ingest.raw import Request
from auditor.ingest.table.columns import Column

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relation:
    """The rows of an export as a view named ``source`` in DuckDB, in the order of the file.

    Every query reads the file again. ``columns`` are the named ones; ``unnamed`` are names in SQL
    of columns at the right end that have no name and must hold nothing. Of a text, ``header``
    holds its cells as they stand there, ``delimiter`` says what separates columns and
    ``multiline`` whether a cell may hold a line end. ``explain`` finds what is wrong with the
    file when DuckDB stops at something.
    """

    workspace: Workspace
    shown: str
    columns: Mapping[str, Column]
    unnamed: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    delimiter: str | None = None
    multiline: bool = False
    explain: Callable[[], Sequence[Problem]] = tuple

    def column(self, name: str) -> Column:
        """Look up a column that the export is known to have."""
        return self.columns[clean_name(name)]

    @property
    def cells(self) -> tuple[str, ...]:
        """Every column, as SQL names it, in the order of the file."""
        return (*(column.sql for column in self.columns.values()), *self.unnamed)

    def check_types(self, request: Request) -> None:
        """Refuse columns whose cells are no single values, or no numbers that compare exactly.

        Raises
        ------
        ExportError
        """
        problems = []
        for name in request.columns:
            column = self.column(name)
            short = column.half and name in request.numbers
            reason = "it holds half-precision floats" if short else column.refused
            if reason:
                hint = "write it as text, numbers, booleans or dates"
                problems.append(
                    Problem(
                        message=f"column {name!r} cannot be read: {reason}",
                        slug="column-type",
                        where=Where(self.shown),
                        hint="write it as float32 or float64" if short else hint,
                    )
                )
        if problems:
            raise ExportError.of(problems)

    def run(self, sql: str) -> None:
        """Run a statement.

        Raises
        ------
        ExportError
            When the file cannot be read to its end.
        """
        self._guarded(sql, "fetchall")

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a small result.

        Raises
        ------
        ExportError
        """
        rows: list[tuple[Any, ...]] = self._guarded(sql, "fetchall")
        return rows

    def arrays(self, sql: str) -> dict[str, NDArray[Any]]:
        """Columns of a result that has numbers only and no NULL.

        Raises
        ------
        ExportError
        """
        columns: dict[str, NDArray[Any]] = self._guarded(sql, "fetchnumpy")
        return columns

    def _guarded(self, sql: str, how: str) -> Any:
        import duckdb

        try:
            return getattr(self.workspace.con.execute(sql), how)()
        except duckdb.OutOfMemoryException:
            raise ExportError(
                f"reading takes more than {MEMORY_LIMIT} of memory",
                slug="too-large",
                where=Where(self.shown),
                hint="a column asked for may hold very many or very long texts",
            ) from None
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException):
            raise  # a mistake in our own SQL, not in the file
        except duckdb.Error as error:
            if problems := self.explain():
                raise ExportError.of(problems) from None
            # DuckDB's message may quote cells, so only its kind is told.
            raise ExportError(
                f"the file cannot be read to its end ({type(error).__name__})",
                slug="unreadable-content",
                where=Where(self.shown),
                hint="it is damaged or changed while it was read; export it again",
            ) from None
