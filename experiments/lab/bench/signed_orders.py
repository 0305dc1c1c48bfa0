"""Signing and verifying a typed order against the bare curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import coincurve

from chain.eip712 import Domain
from chain.signatures import Ecdsa, Key
from experiments.lab.bench.measure import Line, a_second, beside
from experiments.lab.bench.yardsticks import SECRET, signing
from market.messages import ORDER

COUNT = 2_000


def bench_signatures() -> Iterator[Line]:
    """An order, nothing of which is remembered."""
    key, curve = Key(SECRET), coincurve.PrivateKey(SECRET)
    orders: list[tuple[object, ...]] = [
        (key.address, b"\0" * 20, 0, 0, False, 7, 0, 0, price, 0, 2**64 - 1, price) for price in range(COUNT)
    ]
    ecdsa = Ecdsa(Domain(1337), memory=0)
    signed = [ecdsa.sign(key, ORDER, order) for order in orders]
    digests = [ecdsa.domain.digest(ORDER, order) for order in orders]
    raw = [curve.sign_recoverable(digest, hasher=None) for digest in digests]
    yield beside(
        "to sign an order: the bare curve",
        lambda: [ecdsa.sign(key, ORDER, order) for order in orders],
        signing(COUNT),
        2.0,
        a_second(COUNT),
    )
    yield beside(
        "to verify an order: the bare curve",
        lambda: verify_all(ecdsa, key.address, orders, signed),
        lambda: [
            coincurve.PublicKey.from_signature_and_message(signature, digest, hasher=None)
            for signature, digest in zip(raw, digests, strict=True)
        ],
        2.0,
        a_second(COUNT),
    )


def verify_all(
    ecdsa: Ecdsa, address: bytes, orders: Sequence[tuple[object, ...]], signatures: Sequence[bytes]
) -> None:
    """Verify each order as the market does on entry."""
    for order, signature in zip(orders, signatures, strict=True):
        ecdsa.verify(address, ORDER, order, signature)
