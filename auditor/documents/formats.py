"""Files that are of another format than the one that is asked for."""

from __future__ import annotations

import re

from auditor.documents.document import Document, shown
from auditor.errors import Problem


def wrong_format(
    found: object, wanted: str, first_line: str, document: Document | None, *, this: str = "this"
) -> Problem:
    """Say that a file is of another format, and what to do with it.

    Parameters
    ----------
    found : what stands under the key ``auditor``
    wanted : the format asked for, such as ``policy/1``
    first_line : sentence that says how such a file begins
    document : where it stands; None for data out of Python
    this : what the message calls the file
    """
    own = wanted.partition("/")[0]
    name = found.partition("/")[0] if isinstance(found, str) and "/" in found else own
    hint = first_line
    text = found if isinstance(found, str) else ""
    number = re.fullmatch(rf"{own}/([0-9]{{1,9}})(\.[0-9]+)*", text)
    if number and int(number[1]) >= int(wanted.partition("/")[2]):
        hint = "a newer format needs a newer version of auditor"
    elif name == own:
        pass
    elif name == "policy":
        hint = "this is a policy; it goes with --policy"
    elif name == "profile":
        hint = "this is a profile; it goes with --profile"
    elif name == "system":
        hint = "this is a system record; it goes with --system"
    said = document.texts.get(("auditor",)) if document else found
    return Problem(
        message=f"{this} is no {wanted}, it says {shown(found if said is None else said)}",
        slug="wrong-format",
        where=document.where(("auditor",)) if document else None,
        hint=hint,
    )
