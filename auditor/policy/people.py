from __future__ import annotations

import unicodedata


def same_name(name: str) -> str:
    """Form of a person's name in which two spellings of one name are equal.

    Examples
    --------
    >>> same_name("Ada  Lovelace") == same_name("ADA LOVELACE ")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
