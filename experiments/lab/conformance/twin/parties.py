"""Who takes part in the histories of the twin: four with keys; one without, contracts, and the zero address."""

from __future__ import annotations

from collections.abc import Sequence

from chain.account import Account, derive_accounts
from chain.eip712 import StructType, keccak
from chain.errors import BadSignature
from chain.randomness import Streams
from chain.signatures import Ecdsa, Key
from experiments.lab.conformance.twin import contract_party

CHAIN = 1337
NAMES = ("one", "two", "three", "four")
OUTSIDER, NOBODY, GOOD, WALLET, REJECTING, CALLS_BACK = range(len(NAMES) + 1, len(NAMES) + 7)
"""The accounts without keys."""

ANSWERS = {
    GOOD: contract_party.GOOD,
    WALLET: contract_party.WALLET,
    REJECTING: contract_party.REJECTING,
    CALLS_BACK: contract_party.RE_ENTERING,
}
"""The contracts among them, in the order in which `MAKER` deploys them."""

MAKER = b"\x0c" * 20
OUTSIDE = b"\x0e" * 20
ZERO = b"\0" * 20
NO_SIGNATURE = bytes(32) + b"\x01".rjust(32, b"\0") + b"\x1b"  # of which nobody comes out


class Keyless(Key):
    """In the place of a key, where there is none."""

    __slots__ = ()

    def __init__(self, address: bytes) -> None:
        self.address = address

    def sign(self, digest: bytes) -> bytes:  # noqa: ARG002
        return NO_SIGNATURE


class AlsoOfWallets(Ecdsa):
    """Signatures as the contract checks them: a wallet that is a contract is asked (EIP-1271). The one here calls
    all signed by itself, the other contracts nothing."""

    def sign(self, key: Key, kind: StructType, values: Sequence[object]) -> bytes:
        if isinstance(key, Keyless):
            return NO_SIGNATURE
        return super().sign(key, kind, values)

    def verify(self, address: bytes, kind: StructType, values: Sequence[object], signature: bytes) -> None:
        if address == created(WALLET):
            return
        if address in CONTRACTS:
            raise BadSignature(f"0x{address.hex()} is a contract that signs nothing")
        super().verify(address, kind, values, signature)


def parties(streams: Streams) -> list[Account]:
    """The protocol and all who take part, numbered."""
    keyless = {OUTSIDER: OUTSIDE, NOBODY: ZERO} | {number: created(number) for number in ANSWERS}
    others = [Account(number, f"keyless {number}", Keyless(keyless[number])) for number in sorted(keyless)]
    return [*derive_accounts(streams, NAMES), *others]


def created(number: int) -> bytes:
    """The address of one of `ANSWERS`: the last bytes of the hash of its maker and the maker's nonce, in RLP."""
    nonce = number - GOOD or 0x80
    return keccak(b"\xd6\x94" + MAKER + bytes([nonce]))[12:]


CONTRACTS = frozenset(map(created, ANSWERS))
