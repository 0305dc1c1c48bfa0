"""EIP-712 typed data, encoded straight from a list of fields.

An encoder packs all fields of a struct in one call, because the protocol hashes a message for every
bid. Its digests are byte-identical to those of `eth_account.messages.encode_typed_data`.
Source: EIP-712 (Bloemen, Logvinov, Evans 2017), "Definition of encodeData" and "domainSeparator".
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from sha3 import keccak_256

UINT64_MAX = 2**64 - 1

# How each member type lies in its 32-byte word, big endian and padded on the left.
_WORDS = {
    "address": "12x20s",
    "bytes32": "32s",
    "bool": "31x?",
    "uint8": "31xB",
    "uint64": "24xQ",
    "uint256": "32s",
}


def keccak(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it (not SHA3-256), 32 bytes."""
    return keccak_256(data).digest()  # type: ignore[no-any-return]


class StructType:
    """One EIP-712 struct type: a name and its members, each `(name, type)`.

    Member types: address (20 bytes), bytes32, bool, uint8, uint64, uint256 (32 bytes, big endian).
    """

    def __init__(self, name: str, members: Sequence[tuple[str, str]]) -> None:
        unknown = [kind for _, kind in members if kind not in _WORDS]
        if unknown:
            raise ValueError(f"{name}: member type {unknown[0]!r} is not one of {', '.join(_WORDS)}")
        self.name = name
        self.members = tuple(members)
        self.type_hash = keccak(self.encode_type().encode())
        self._layout = struct.Struct(">32s" + "".join(_WORDS[kind] for _, kind in members))

    def encode_type(self) -> str:
        """The type as EIP-712 writes it: `Name(type member,…)`."""
        return f"{self.name}({','.join(f'{kind} {member}' for member, kind in self.members)})"

    def hash_struct(self, values: Sequence[object]) -> bytes:
        """`hashStruct(values)`, 32 bytes. Raises `struct.error` where a value does not fit its type."""
        return keccak(self._layout.pack(self.type_hash, *values))

    def json_types(self) -> list[dict[str, str]]:
        """The members as `eth_signTypedData` wants them."""
        return [{"name": member, "type": kind} for member, kind in self.members]


DOMAIN_NAME = "et-testbed"
DOMAIN_VERSION = "1"
TICKETS_ADDRESS = bytes.fromhex("9fe46736679d2d9a65f0992f2272de9f3c7fa6e0")
"""The contract for which a run signs: the third one that the first account of hardhat and anvil creates. There
lies the twin's ticket contract, and that of a run behind JSON-RPC."""


class Domain:
    """The signing domain of one contract on one chain: messages are void on every other chain, and for every other
    contract. `contract`: the address of the tickets, 20 bytes."""

    def __init__(self, chain_id: int, contract: bytes = TICKETS_ADDRESS) -> None:
        self.chain_id = chain_id
        self.contract = contract
        type_hash = keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
        names = keccak(DOMAIN_NAME.encode()) + keccak(DOMAIN_VERSION.encode())
        fields = names + chain_id.to_bytes(32, "big") + contract.rjust(32, b"\0")
        self.separator = keccak(type_hash + fields)
        self._prefix = b"\x19\x01" + self.separator

    def digest(self, kind: StructType, values: Sequence[object]) -> bytes:
        """The 32 bytes that a wallet signs for `values`."""
        return keccak(self._prefix + kind.hash_struct(values))

    def typed_data(self, kind: StructType, values: Sequence[object]) -> dict[str, object]:
        """The same message in the JSON form of `eth_signTypedData_v4`, for other people's wallets."""
        return {
            "domain": {
                "name": DOMAIN_NAME,
                "version": DOMAIN_VERSION,
                "chainId": self.chain_id,
                "verifyingContract": "0x" + self.contract.hex(),
            },
            "primaryType": kind.name,
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                kind.name: kind.json_types(),
            },
            "message": {
                member: _in_json(type_, value) for (member, type_), value in zip(kind.members, values, strict=True)
            },
        }


def _in_json(kind: str, value: object) -> object:
    """Bytes in hex; long integers in decimal digits, because a JSON number is exact only up to 2^53."""
    if kind == "uint256":
        assert isinstance(value, bytes)
        return str(int.from_bytes(value, "big"))
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if kind == "uint64":
        return str(value)
    return value
