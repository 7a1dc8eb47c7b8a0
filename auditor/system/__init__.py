"""System records: what has to be on record about a model before anybody relies on it."""

from auditor.system.entries import (
    ASKS,
    LEAVES,
    PATHS,
    Kind,
    below,
    entry_of,
    only,
    since,
    time_of,
    ways_to,
)
from auditor.system.load import load_system
from auditor.system.record import SystemRecord, record_of
from auditor.system.schema import FORMAT, RecordBody, SystemFile

__all__ = [
    "ASKS",
    "FORMAT",
    "LEAVES",
    "PATHS",
    "Kind",
    "RecordBody",
    "SystemFile",
    "SystemRecord",
    "below",
    "entry_of",
    "load_system",
    "only",
    "record_of",
    "since",
    "time_of",
    "ways_to",
]
