from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.policy.ancestors import ancestors
from auditor.rules.bind import bind
from auditor.rules.tightened import tightened
from auditor.signing import policy_digest

if TYPE_CHECKING:
    from auditor.result.lineage import ExtendsDoc
    from auditor.rules.bound import BoundPolicy


def lineage(entry: BoundPolicy) -> ExtendsDoc | None:
    """Policies that one extends, nearest first, and what it tightens of its parent."""
    above = [bind([policy])[0] for policy in ancestors(entry.policy)]
    if not above:
        return None
    return {
        "parents": [
            {
                "id": parent.policy.id,
                "version": parent.policy.version,
                "sha256": parent.policy.sha256,
                "digest": policy_digest(parent),
            }
            for parent in above
        ],
        "tightened": list(tightened(entry, above[0])),
    }
