"""Signed transactions, legacy, with an access list (EIP-2930) and with a fee (EIP-1559), from their raw bytes.

What eth-account and rlp do is imported where it is asked for: that takes as long as the start of a run, and only a
run behind JSON-RPC has transactions.
"""

from __future__ import annotations

from typing import NamedTuple

from chain.eip712 import keccak
from chain.rpc.error_codes import BadParams, RpcError

MOST_BYTES = 131_072
TYPED = (b"\x01", b"\x02")
FEES = {1: ("gasPrice", "gasPrice"), 2: ("maxFeePerGas", "maxPriorityFeePerGas")}  # most, and of it the tip
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
GAS_USED = 100_000  # by every call of a contract: the testbed has no machine that would count
TRANSFER_GAS = 21_000  # by a transaction that says nothing


Access = tuple[tuple[bytes, tuple[int, ...]], ...]


class Transaction(NamedTuple):
    """A transaction and the address whose key signed it. Amounts in wei; `type` 0, 1 or 2; `access` the addresses
    and places of storage that it says it will touch, which changes nothing here; `raw` is how it came."""

    hash: bytes
    type: int
    chain: int
    sender: bytes
    to: bytes
    nonce: int
    value: int
    data: bytes
    gas: int
    fee: int
    tip: int
    v: int
    r: int
    s: int
    raw: bytes
    access: Access = ()


def gas_used(transaction: Transaction) -> int:
    """What a transaction uses, whether or not it is refused."""
    return GAS_USED if transaction.data else TRANSFER_GAS


def decode_transaction(raw: bytes, chain_id: int) -> Transaction:
    """The transaction in these bytes. Raises `BadParams` for what is none, `RpcError` for one of another chain."""
    if len(raw) > MOST_BYTES:
        raise BadParams(f"a transaction has at most {MOST_BYTES} bytes, not {len(raw)}")
    try:
        made = decode_typed(raw, chain_id) if raw[:1] in TYPED else decode_legacy(raw, chain_id)
    except RpcError:
        raise
    except Exception as error:  # the decoders raise whatever their parts do
        raise BadParams(f"not a signed transaction of type 0, 1 or 2: {type(error).__name__}") from None
    if made.s > HALF_ORDER:
        raise RpcError(
            "invalid signature: s is in the upper half of the curve's order (EIP-2); sign with the lower one"
        )
    if len(made.to) != 20:
        raise RpcError("the testbed deploys no contracts; a transaction needs an address that it goes to")
    return made


def decode_typed(raw: bytes, chain_id: int) -> Transaction:
    """A transaction of type 1 (EIP-2930) or 2 (EIP-1559)."""
    from eth_account.typed_transactions.typed_transaction import TypedTransaction
    from hexbytes import HexBytes

    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    check_chain(fields["chainId"], chain_id)
    fee, tip = FEES[fields["type"]]
    return Transaction(
        hash=keccak(raw),
        type=fields["type"],
        chain=chain_id,
        sender=recover(raw),
        to=bytes(fields["to"]),
        nonce=fields["nonce"],
        value=fields["value"],
        data=bytes(fields["data"]),
        gas=fields["gas"],
        fee=fields[fee],
        tip=fields[tip],
        v=fields["v"],
        r=fields["r"],
        s=fields["s"],
        raw=raw,
        access=tuple((bytes(each["address"]), tuple(each["storageKeys"])) for each in fields["accessList"]),
    )


def decode_legacy(raw: bytes, chain_id: int) -> Transaction:
    """A transaction of the first kind, its chain in v (EIP-155)."""
    import rlp

    nonce, price, gas, to, value, data, v, r, s = rlp.decode(raw)
    number = {name: int.from_bytes(word, "big") for name, word in (("v", v), ("gas", gas), ("price", price))}
    if number["v"] < 35:
        raise RpcError("only replay-protected transactions are taken: sign with the chain's id (EIP-155)")
    check_chain((number["v"] - 35) // 2, chain_id)
    whole = (int.from_bytes(nonce, "big"), int.from_bytes(value, "big"))
    rest = (number["gas"], number["price"], number["price"], number["v"])
    signature = (int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    return Transaction(
        keccak(raw), 0, chain_id, recover(raw), to, whole[0], whole[1], data, *rest, *signature, raw
    )


def recover(raw: bytes) -> bytes:
    """The address that signed a raw transaction."""
    from eth_account import Account

    return bytes.fromhex(Account.recover_transaction(raw)[2:])


def check_chain(given: int, wanted: int) -> None:
    """Raises `RpcError` for a transaction that was signed for another chain."""
    if given != wanted:
        raise RpcError(f"invalid chain id: the transaction is for {given}, this is {wanted}")
