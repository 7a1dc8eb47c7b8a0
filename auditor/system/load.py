"""System records from YAML files and from Python data of the same grammar."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.documents import Document, check, read_document, wrong_format
from auditor.errors import Problem, SystemRecordError
from auditor.system.record import SystemRecord, record_of
from auditor.system.schema import FORMAT, SystemFile

_FIRST_LINE = f"the first line of a system record is 'auditor: {FORMAT}'"


def load_system(source: str | os.PathLike[str] | Mapping[str, Any] | SystemRecord) -> SystemRecord:
    """Read a system record: what is on record about the model that is audited.

    Parameters
    ----------
    source : str, Path, mapping or SystemRecord
        Path of a YAML file, or the same grammar as Python data. A record is handed back.

    Raises
    ------
    SystemRecordError
        With every problem of the record; in a file at its line and column.
    PathError
        When the file cannot be opened.
    """
    if isinstance(source, SystemRecord):
        return source
    if isinstance(source, Mapping):
        file = _checked(source, None)
        return record_of(file, path="dict", sha256=_digest(file))
    document = read_document(Path(source), error=SystemRecordError)
    file = _checked(document.data, document)
    return record_of(file, path=document.path, sha256=document.sha256)


def _digest(file: SystemFile) -> str:
    content = file.model_dump(mode="json", by_alias=True)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _checked(data: Mapping[str, Any], document: Document | None) -> SystemFile:
    problem = _format_problem(data, document)
    if problem:
        # Under another format every key may mean something else.
        raise SystemRecordError.of([problem])
    file, problems = check(dict(data), SystemFile, document)
    if problems or file is None:
        raise SystemRecordError.of(problems)
    return file


def _format_problem(data: Mapping[str, Any], document: Document | None) -> Problem | None:
    found = data.get("auditor")
    if found == FORMAT:
        return None
    where = document.where(("auditor",)) if document else None
    if found is None:
        return Problem(
            message="'auditor' is missing", slug="missing-key", where=where, hint=_FIRST_LINE
        )
    return wrong_format(found, FORMAT, _FIRST_LINE, document)
