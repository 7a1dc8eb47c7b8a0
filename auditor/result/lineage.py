from __future__ import annotations

from typing import TypedDict


class ParentDoc(TypedDict):
    """A policy that another one extends, as pinned (``sha256``) and as signed (``digest``)."""

    id: str
    version: str
    sha256: str
    digest: str


class ExtendsDoc(TypedDict):
    """The policies above one, the nearest first, and what it tightens of that one, in words."""

    parents: list[ParentDoc]
    tightened: list[str]
