"""The tree of RFC 6962: known roots and proofs, and a naive oracle that shares no code with it.

Leaves, roots and proofs are the published test data of the Certificate Transparency reference
implementation (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc, Apache-2.0).
"""

from __future__ import annotations

import hashlib
import random

import pytest

from auditor.ledger.tree import (
    EMPTY_ROOT,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
)

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}


def hashes(many: int) -> list[bytes]:
    return [leaf_hash(content) for content in LEAVES[:many]]


def naive_root(contents: list[bytes]) -> bytes:
    """Root by the definition of the RFC, word by word."""
    if not contents:
        return hashlib.sha256(b"").digest()
    if len(contents) == 1:
        return hashlib.sha256(b"\x00" + contents[0]).digest()
    half = 1
    while 2 * half < len(contents):
        half *= 2
    left, right = naive_root(contents[:half]), naive_root(contents[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def naive_path(index: int, contents: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962."""
    if len(contents) == 1:
        return []
    half = 1
    while 2 * half < len(contents):
        half *= 2
    if index < half:
        return [*naive_path(index, contents[:half]), naive_root(contents[half:])]
    return [*naive_path(index - half, contents[half:]), naive_root(contents[:half])]


def naive_proof(old: int, contents: list[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962."""
    if old == len(contents):
        return [] if whole else [naive_root(contents)]
    half = 1
    while 2 * half < len(contents):
        half *= 2
    if old <= half:
        return [*naive_proof(old, contents[:half], whole=whole), naive_root(contents[half:])]
    rest = naive_proof(old - half, contents[half:], whole=False)
    return [*rest, naive_root(contents[:half])]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_that_were_published(size):
    assert Tree(hashes(size)).root().hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    assert Tree().root() == EMPTY_ROOT == bytes.fromhex(empty)


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_those_that_were_published(index, size):
    made = inclusion_proof(hashes(size), index)

    assert tuple(step.hex() for step in made) == INCLUSION[index, size]


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_those_that_were_published(old, size):
    made = consistency_proof(hashes(size), old)

    assert tuple(step.hex() for step in made) == CONSISTENCY[old, size]


CONTENTS = [f"entry {n}".encode() for n in range(70)]


@pytest.mark.parametrize("size", range(1, 70))
def test_every_proof_is_the_naive_one_and_proves(size):
    contents, leaves = CONTENTS[:size], [leaf_hash(c) for c in CONTENTS[:size]]
    root = Tree(leaves).root()

    assert root == naive_root(contents)
    for index in range(size):
        path = inclusion_proof(leaves, index)
        assert list(path) == naive_path(index, contents)
        assert proves_inclusion(leaves[index], index, size, path, root)
    for old in range(1, size + 1):
        proof = consistency_proof(leaves, old)
        assert list(proof) == naive_proof(old, contents)
        assert proves_consistency(old, size, naive_root(contents[:old]), root, proof)


def mutations(steps: list[bytes], rng: random.Random) -> list[list[bytes]]:
    """A proof that was shortened, made longer, reordered or changed in one bit."""
    made = [steps[1:], steps[:-1], [*steps, rng.randbytes(32)], [rng.randbytes(32), *steps]]
    if steps:
        place, bit = rng.randrange(len(steps)), rng.randrange(256)
        flipped = (int.from_bytes(steps[place]) ^ (1 << bit)).to_bytes(32)
        made.append([*steps[:place], flipped, *steps[place + 1 :]])
    if len(steps) > 1 and steps != steps[::-1]:
        made.append(steps[::-1])
    return [one for one in made if one != steps]


def test_no_changed_proof_proves():
    rng = random.Random(6962)  # noqa: S311 - the same mutations on every run
    leaves = [leaf_hash(c) for c in CONTENTS]
    tried = 0
    for size in range(1, 40):
        root = Tree(leaves[:size]).root()
        index, old = rng.randrange(size), rng.randrange(1, size + 1)
        for path in mutations(list(inclusion_proof(leaves[:size], index)), rng):
            tried += 1
            assert not proves_inclusion(leaves[index], index, size, path, root)
        was = Tree(leaves[:old]).root()
        for path in mutations(list(consistency_proof(leaves[:size], old)), rng):
            tried += 1
            assert not proves_consistency(old, size, was, root, path)
        path = inclusion_proof(leaves[:size], index)
        assert not proves_inclusion(rng.randbytes(32), index, size, path, root)
        assert not proves_inclusion(leaves[index], index, size, path, rng.randbytes(32))

    assert tried > 300


def test_places_outside_of_the_tree_are_refused():
    leaves = hashes(3)
    root = Tree(leaves).root()

    assert not proves_inclusion(leaves[0], 3, 3, (), root)
    assert not proves_inclusion(leaves[0], -1, 3, (), root)
    assert not proves_consistency(0, 3, EMPTY_ROOT, root, ())
    assert not proves_consistency(4, 3, root, root, ())
    assert not proves_consistency(2, 3, root, root, ())
    assert not proves_consistency(3, 3, root, root, (root,))
    for wrong in (-1, 3):
        with pytest.raises(IndexError):
            inclusion_proof(leaves, wrong)
    for wrong in (0, 4):
        with pytest.raises(IndexError):
            consistency_proof(leaves, wrong)


def test_two_leaves_are_not_the_hash_of_one_leaf_of_two_hashes():
    leaves = hashes(2)

    assert Tree(leaves).root() != leaf_hash(b"\1" + leaves[0] + leaves[1])
    assert Tree(leaves).root() != leaf_hash(leaves[0] + leaves[1])
