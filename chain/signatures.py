"""Signing and recovering on secp256k1, or leaving it out.

A signature is Ethereum's 65 bytes `r ‖ s ‖ v`, v = 27 or 28, deterministic (RFC 6979), s low.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Protocol

import coincurve

from chain.eip712 import Domain, StructType, keccak
from chain.errors import BadSignature

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

_HALF_ORDER = (_ORDER // 2).to_bytes(32, "big")


class Key:
    """A private key and its address. Its `repr` shows the address only."""

    __slots__ = ("_private", "address")

    def __init__(self, secret: bytes) -> None:
        self._private = coincurve.PrivateKey(secret)
        self.address = _address(self._private.public_key.format(compressed=False))

    @classmethod
    def derive(cls, seed: bytes) -> Key:
        """The key that 32 random bytes stand for: their value modulo the curve's order, never 0."""
        number = int.from_bytes(seed, "big") % (_ORDER - 1) + 1
        return cls(number.to_bytes(32, "big"))

    def sign(self, digest: bytes) -> bytes:
        """The 65-byte signature of a 32-byte digest."""
        raw = self._private.sign_recoverable(digest, hasher=None)
        return raw[:64] + (b"\x1c" if raw[64] else b"\x1b")

    @property
    def secret(self) -> bytes:
        """The private key itself, 32 bytes: for who signs elsewhere, and for no message."""
        return self._private.secret

    def __repr__(self) -> str:
        return f"Key(0x{self.address.hex()})"

    def __getstate__(self) -> bytes:
        return self.secret

    def __setstate__(self, secret: bytes) -> None:
        self.__init__(secret)  # type: ignore[misc]


@lru_cache(maxsize=4096)  # the same few sign many messages
def _address(point: bytes) -> bytes:
    """The address of a public key, which has 65 bytes."""
    return keccak(point[1:])[12:]


def recover(digest: bytes, signature: bytes) -> bytes:
    """The 20-byte address that signed `digest`. Raises `BadSignature` where there is none.

    A signature of 64 bytes has `v` in the highest bit of s (EIP-2098). One with s above half of the curve's order
    is the twin that anyone can make of another (EIP-2): it does not count.
    """
    signature = unfold(signature)
    if len(signature) != 65 or signature[64] not in (27, 28):
        raise BadSignature(f"a signature has 65 bytes and ends in 27 or 28; this one is {signature.hex()!r}")
    if signature[32:64] > _HALF_ORDER:
        raise BadSignature("s lies above half of the order of the curve; sign with the low one")
    raw = signature[:64] + (b"\x01" if signature[64] == 28 else b"\x00")
    try:
        public = coincurve.PublicKey.from_signature_and_message(raw, digest, hasher=None)
    except Exception as error:  # coincurve raises bare Exception for a point that is not on the curve
        raise BadSignature(f"no key signs so: {error}") from None
    return _address(public.format(compressed=False))


def unfold(signature: bytes) -> bytes:
    """The 65 bytes of a signature that is folded into 64 (EIP-2098); any other one as it is."""
    if len(signature) != 64:
        return signature
    v = 27 + (signature[32] >> 7)
    return signature[:32] + bytes([signature[32] & 0x7F]) + signature[33:] + bytes([v])


class Signatures(Protocol):
    """How a chain treats signatures: one of `Ecdsa` and `Unsigned`. Where they are off, there is no need to put
    together what would be signed."""

    domain: Domain
    are_off: ClassVar[bool]

    def sign(self, key: Key, kind: StructType, values: Sequence[object]) -> bytes:
        """`key`'s signature of the typed data `values`."""

    def verify(self, address: bytes, kind: StructType, values: Sequence[object], signature: bytes) -> None:
        """Raises `BadSignature` unless `address` signed these very values."""


class Ecdsa:
    """Real signatures. The signer of a message is remembered, for the last `memory` messages.

    What was signed here is known to be good: the key was there. What was signed elsewhere is recovered from the
    curve when it is first verified.
    """

    are_off: ClassVar[bool] = False

    def __init__(self, domain: Domain, memory: int = 4096) -> None:
        self.domain = domain
        self._memory = memory
        self._signers: OrderedDict[bytes, bytes] = OrderedDict()

    def sign(self, key: Key, kind: StructType, values: Sequence[object]) -> bytes:
        digest = self.domain.digest(kind, values)
        signature = key.sign(digest)
        self._remember(digest + signature, key.address)
        return signature

    def verify(self, address: bytes, kind: StructType, values: Sequence[object], signature: bytes) -> None:
        digest = self.domain.digest(kind, values)
        signer = self._signers.get(digest + signature) or self._recover(digest, signature)
        if signer != address:
            raise BadSignature(f"signed by 0x{signer.hex()}, not by 0x{address.hex()}")

    def _recover(self, digest: bytes, signature: bytes) -> bytes:
        signer = recover(digest, signature)
        self._remember(digest + signature, signer)
        return signer

    def _remember(self, message: bytes, signer: bytes) -> None:
        self._signers[message] = signer
        if len(self._signers) > self._memory:
            self._signers.popitem(last=False)


class Unsigned:
    """No signatures: every message is taken at its word. For fast runs on one's own machine."""

    are_off: ClassVar[bool] = True

    def __init__(self, domain: Domain) -> None:
        self.domain = domain

    def sign(self, key: Key, kind: StructType, values: Sequence[object]) -> bytes:  # noqa: ARG002
        return b""

    def verify(self, address: bytes, kind: StructType, values: Sequence[object], signature: bytes) -> None:
        pass
