"""YAML files that people write, as plain data with places; and files written whole or not."""

from auditor.documents.characters import visible
from auditor.documents.document import Document, NumberText, PathKey, shown
from auditor.documents.formats import wrong_format
from auditor.documents.hints import did_you_mean, with_near
from auditor.documents.problems import check, problems_of
from auditor.documents.reading import parse_document, read_document
from auditor.documents.scalars import (
    DateText,
    FractionText,
    Id,
    Listed,
    Text,
    Written,
    no_repeats,
    to_fraction,
)
from auditor.documents.whole_file import write_whole

__all__ = [
    "DateText",
    "Document",
    "FractionText",
    "Id",
    "Listed",
    "NumberText",
    "PathKey",
    "Text",
    "Written",
    "check",
    "did_you_mean",
    "no_repeats",
    "parse_document",
    "problems_of",
    "read_document",
    "shown",
    "to_fraction",
    "visible",
    "with_near",
    "write_whole",
    "wrong_format",
]
