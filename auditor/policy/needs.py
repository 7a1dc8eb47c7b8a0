from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Need: TypeAlias = Literal["seconds"]
"""What a review has to say besides what every review says: how many seconds it took."""

NEED_WORDS: Mapping[Need, str] = {"seconds": "how long it took"}
"""Each of them as the end of a sentence."""
