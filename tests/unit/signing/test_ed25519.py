"""The raw primitive against RFC 8032, section 7.1, and against OpenSSL's own program."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.signing import ed25519
from auditor.signing.ed25519 import exact_bytes, is_signed, is_weak, key_of, key_text, public_bytes
from auditor.signing.key_files import KeyFile, make_key

VECTORS = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
        "cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
        "0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
        "984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a"
        "3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66"
        "431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


@pytest.mark.parametrize("name", VECTORS)
def test_keys_and_signatures_are_those_of_the_rfc(name):
    secret, public, message, signature = map(bytes.fromhex, VECTORS[name])
    private = Ed25519PrivateKey.from_private_bytes(secret)

    assert public_bytes(private) == public
    assert private.sign(message) == signature
    assert is_signed(public, signature, message)


@pytest.mark.parametrize("name", VECTORS)
def test_any_flipped_bit_of_a_vector_is_seen(name):
    _, public, message, signature = map(bytes.fromhex, VECTORS[name])
    flips = [(i, bit) for i in range(64) for bit in (0, 7)]

    assert is_signed(public, signature, message)
    assert not any(
        is_signed(public, signature[:i] + bytes([signature[i] ^ 1 << bit]) + signature[i + 1 :],
                  message)
        for i, bit in flips
    )  # fmt: skip
    assert not is_signed(public, signature, message + b"\0")
    assert not is_signed(public, signature[:-1], message)
    assert not is_signed(public[:-1], signature, message)


def test_a_signature_whose_scalar_is_not_reduced_is_refused():
    _, public, message, signature = map(bytes.fromhex, VECTORS["TEST 1"])
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(signature[32:], "little") + order

    assert not is_signed(public, signature[:32] + scalar.to_bytes(32, "little"), message)


def doubled(y: int) -> int:
    """The y of twice a point of the curve -x^2 + y^2 = 1 + D x^2 y^2."""
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    return (y * y + xx) * pow(1 - D * xx * y * y, -1, P) % P


def small_orders() -> set[int]:
    """Every y of a point whose order is 1, 2, 4 or 8.

    Doubling to y = 0, which has order 4, takes x^2 = -y^2, that is D y^4 + 2 y^2 - 1 = 0.
    """
    w = square_root(1 + D)
    roots = [square_root((sign * w - 1) * pow(D, -1, P)) for sign in (1, -1)]
    return {0, 1, P - 1, *(s * y % P for y in roots if y is not None for s in (1, -1))}


def square_root(a: int) -> int | None:
    r = pow(a, (P + 3) // 8, P)
    for candidate in (r, r * pow(2, (P - 1) // 4, P) % P):
        if candidate * candidate % P == a % P:
            return candidate
    return None


def test_keys_of_small_order_are_the_five_that_the_curve_has():
    found = small_orders()

    assert len(found) == 5
    assert all(doubled(doubled(doubled(y))) == 1 for y in found)
    assert all(is_weak((y | sign << 255).to_bytes(32, "little")) for y in found for sign in (0, 1))


def test_a_key_of_small_order_would_have_accepted_a_signature_that_nobody_made():
    neutral = (1).to_bytes(32, "little")
    signature = neutral + bytes(32)

    assert is_signed(neutral, signature, b"anything")
    assert is_signed(neutral, signature, b"something else")
    assert is_weak(neutral)


@pytest.mark.parametrize("name", VECTORS)
def test_an_honest_key_is_not_weak(name):
    public = bytes.fromhex(VECTORS[name][1])

    assert not is_weak(public)
    assert key_of(key_text(public)) == public


@pytest.mark.parametrize("y", [P, P + 1, P + 18])
def test_a_second_spelling_of_a_key_is_weak(y):
    assert is_weak(y.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "text",
    [
        "ed25519:",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "ED25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
        "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "ed25519: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
        "ed25519:\N{CYRILLIC SMALL LETTER A}AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ],
)
def test_a_key_has_one_spelling_only(text):
    assert key_of(text) is None


def test_trailing_bits_of_base64_are_no_second_spelling():
    assert exact_bytes("AA==") == b"\0"
    assert exact_bytes("AB==") is None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_our_key_and_makes_and_accepts_the_same_signature(tmp_path):
    key, message, theirs = (tmp_path / name for name in ("k.pem", "m", "s"))
    public = make_key(key)
    message.write_bytes(b"auditor policy signature\n{}")
    private = KeyFile.read(key).private_key(bytes)
    openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", message, "-out", theirs)
    der = openssl("pkey", "-in", key, "-pubout", "-outform", "DER")

    assert theirs.read_bytes() == private.sign(message.read_bytes())
    assert key_of(public) == der[-32:]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_opens_our_encrypted_key_with_its_passphrase_only(tmp_path):
    key = tmp_path / "k.pem"
    public = make_key(key, b"open sesame")
    der = openssl("pkey", "-in", key, "-pubout", "-outform", "DER", "-passin", "pass:open sesame")

    assert key_of(public) == der[-32:]
    with pytest.raises(subprocess.CalledProcessError):
        openssl("pkey", "-in", key, "-noout", "-passin", "pass:other")


def openssl(*words: object) -> bytes:
    return subprocess.run(
        ["openssl", *map(str, words)], capture_output=True, check=True, timeout=20
    ).stdout


def test_a_signature_that_was_found_genuine_is_that_of_nothing_else():
    private = Ed25519PrivateKey.generate()
    public, message = public_bytes(private), b"said once"
    signature = private.sign(message)
    whole = public + signature + message
    others = [
        (whole[:at], whole[at : at + length], whole[at + length :])
        for at, length in ((31, 65), (33, 63), (32, 63), (32, 65), (0, 64), (31, 64))
    ]

    assert is_signed(public, signature, message)
    assert is_signed(public, signature, message)  # from memory
    assert not any(is_signed(*other) for other in others)
    assert not is_signed(public, signature, message + b".")
    assert not is_signed(public, signature[::-1], message)


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(ed25519, "_GENUINE", remembered := set())
    monkeypatch.setattr(ed25519, "_MOST_REMEMBERED", 3)
    private = Ed25519PrivateKey.generate()
    signed = [(text, private.sign(text)) for text in (b"1", b"2", b"3", b"4", b"5")]
    answers = [
        is_signed(public_bytes(private), signature, text)
        for _ in range(2)
        for text, signature in signed
    ]

    assert all(answers)
    assert len(remembered) == 3
    assert not is_signed(public_bytes(private), signed[0][1], b"2")
    assert len(remembered) == 3
