from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.system import ASKS, since

if TYPE_CHECKING:
    from auditor.result.document import SystemDoc, SystemEntryDoc
    from auditor.system import SystemRecord


def system_document(record: SystemRecord | None) -> SystemDoc | None:
    """Entry of a system record: every question of the checklist, answered or not."""
    if record is None:
        return None
    return {
        "id": record.id,
        "name": record.name,
        "vendor": record.head("vendor"),
        "version": record.head("version"),
        "model_digest": record.head("model_digest"),
        "openness": record.head("openness"),
        "sha256": record.sha256,
        "entries": [_entry(record, entry, asks) for entry, asks in ASKS.items()],
    }


def _entry(record: SystemRecord, entry: str, asks: str) -> SystemEntryDoc:
    gaps = record.gaps(entry)
    dated = since(entry)
    day = record.stands_since(dated) if dated else None
    values = [{key: str(value) for key, value in item.items()} for item in record.items[entry]]
    values = [item for item in values if item]
    return {
        "entry": entry,
        "asks": asks,
        "state": "answered" if not gaps else "incomplete" if values else "missing",
        "since": day.isoformat() if day else None,
        "missing": [gap.removeprefix(f"{entry}.") for gap in gaps],
        "values": values,
    }
