"""The Merkle tree of RFC 6962 over the entries of a ledger: its root, and proofs about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of one entry; the 0x00 in front keeps it apart from the hash of two others."""
    return hashlib.sha256(b"\0" + content).digest()


class Tree:
    """The root of a list that grows, from the logarithm of its length in memory."""

    __slots__ = ("_peaks", "size")

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next entry."""
        merged, width = leaf, self.size
        while width & 1:
            merged, width = _node(self._peaks.pop(), merged), width >> 1
        self._peaks.append(merged)
        self.size += 1

    def root(self) -> bytes:
        """Root of what was added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *left, root = self._peaks
        for peak in reversed(left):
            root = _node(peak, root)
        return root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Hashes that lead from one leaf to the root (RFC 6962, section 2.1.1).

    Examples
    --------
    >>> leaves = [leaf_hash(bytes([n])) for n in range(5)]
    >>> proof = inclusion_proof(leaves, 3)
    >>> proves_inclusion(leaves[3], 3, 5, proof, Tree(leaves).root())
    True
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            path.append(_root(leaves, middle, end))
            end = middle
        else:
            path.append(_root(leaves, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(leaves: Sequence[bytes], size: int) -> tuple[bytes, ...]:
    """Hashes that show that the first ``size`` leaves are unchanged (RFC 6962, section 2.1.2)."""
    if not 0 < size <= len(leaves):
        raise IndexError(size)
    path: list[bytes] = []
    start, end = 0, len(leaves)
    whole = True  # the old tree begins where this part begins, so its root is known already
    while size != end:
        middle = start + _left(end - start)
        if size <= middle:
            path.append(_root(leaves, middle, end))
            end = middle
        else:
            path.append(_root(leaves, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_root(leaves, start, end))
    return tuple(reversed(path))


def proves_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a proof shows that a leaf has this place under this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = _node(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that one tree continues another (RFC 9162, section 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old, new = steps[0], steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = _node(step, old), _node(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = _node(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _left(width: int) -> int:
    """Size of the left part: the largest power of two below the width."""
    return 1 << (width - 1).bit_length() - 1


def _root(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    return Tree(leaves[place] for place in range(start, end)).root()
