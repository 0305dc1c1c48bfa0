"""Golden vectors: every type of message that the testbed signs, with digests and signatures.

`python -m experiments.lab.conformance.vectors [FOLDER]` writes one JSON file a type;
docs/vectors.md has the format.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from chain.approvals import PERMIT
from chain.eip712 import Domain, StructType, keccak
from chain.evm.abi import word
from chain.genesis_gift import HAND_OUT
from chain.protocol import NO_TICKET, PROPOSAL
from chain.rules import draw_rule
from chain.signatures import Key
from chain.state import OwnRule
from chain.ticket import NEVER, TICKET
from chain.transfer import TRANSFER
from experiments.lab.config.chain import Chain
from market.messages import ANYONE, BID, LISTING, NO_LISTING, ORDER, SLOT_BID

FORMAT = 1
CHAINS = (1337, 1, 2**53 - 1)
FOLDER = Path("tests/vectors")

Case = tuple[str, tuple[object, ...]]
Values = Sequence[object]

ALICE, BOB = (Key.derive(keccak(f"et-testbed vectors: {name}".encode())) for name in ("alice", "bob"))
A = ALICE.address
B = BOB.address
RULES = (
    Chain(draw="epoch", supply=40, maturity=64, refund=0.5)
    .rules(draw_rule("epoch"))
    ._replace(own=(OwnRule("market.own_format", "mine.py:clear", (("mine.py", sha256(b"vectors").hexdigest()),)),))
)
RULES_ID = RULES.identity()
LISTED = LISTING.hash_struct((A, 0, 1, 12, 1, NO_TICKET, 10**7, 0, 1, 9, 7))  # the first of the listings

CASES: dict[StructType, list[Case]] = {
    TICKET: [
        ("minted at genesis", (0, 2**64 - 1, 0, 31, RULES_ID, 1337)),
        ("minted in a slot", (40, 7, 8, 39, RULES_ID, 1337)),
        ("without maturity", (2**40, 7, 8, NEVER, RULES_ID, 1)),
    ],
    TRANSFER: [("a gift", (A, B, 12, 0)), ("to oneself, at a later nonce", (A, A, 2**63, 2**32))],
    HAND_OUT: [("a ticket at genesis for 20 ETH", (A, 3, 20 * 10**9)), ("for nothing", (A, 2**63, 0))],
    PERMIT: [
        ("a permit", (B, word(12), word(0), word(1_700_000_000))),
        ("without end", (B, word(12), word(3), word(2**256 - 1))),
    ],
    PROPOSAL: [
        ("builds itself", (9, A, 12, 1, A, 10**8)),
        ("built by another", (9, A, 12, 1, B, 10**8)),
        ("left unexploited", (9, A, 12, 1, ANYONE, 0)),
        ("without tickets", (9, A, NO_TICKET, 0, A, 10**8)),
    ],
    ORDER: [
        ("a bid for tickets of one expiry", (A, ANYONE, 0, 0, False, 39, NO_TICKET, 0, 10**8, 3, 20, 0)),
        ("an ask", (A, ANYONE, 1, 0, False, 39, 12, 1, 10**8, 3, NEVER, 1)),
        ("an ask of a drawn ticket, fill or kill", (A, ANYONE, 1, 2, True, 9, 12, 1, 10**8, 9, 9, 2)),
        ("a bid at once or never", (A, ANYONE, 0, 1, False, NEVER, NO_TICKET, 0, 10**8, 3, 3, 3)),
        ("post only", (A, ANYONE, 1, 3, False, 39, 12, 0, 2**63 - 1, 0, NEVER, 4)),
        ("a claim of a block", (A, ANYONE, 2, 0, False, 39, 12, 1, 0, 17, 17, 2**64 - 1)),
        ("a return to the protocol", (A, ANYONE, 3, 0, False, 39, 12, 1, 5, 3, 3, 6)),
    ],
    LISTING: [
        ("a second-price sale", (A, 0, 1, 12, 1, NO_TICKET, 10**7, 0, 1, 9, 7)),
        ("a Dutch clock", (A, 0, 3, 12, 1, NO_TICKET, 10**7, 10**9, 10**6, 9, 8)),
        ("the building of a block", (A, 1, 0, 12, 1, 9, 0, 0, 1, 9, 9)),
        ("an endowed block", (A, 2, 1, NO_TICKET, 0, 9, 0, 0, 1, 9, 10)),
    ],
    BID: [
        ("a bid", (A, 5, LISTED, 10**8, 9, 0)),
        ("in a sale of the protocol", (A, 5, NO_LISTING, 10**8, 3, 1)),
        ("the highest bid", (A, 2**63 - 1, LISTED, 2**63 - 1, 2**63 - 1, 2**64 - 1)),
    ],
    SLOT_BID: [("a bid in the open auction of a block", (A, 5, 9, 11_998, 10**8))],
}
RANDOM = 3  # cases of each type with any values that fit


def vectors(kind: StructType) -> dict[str, Any]:
    """The file of one type."""
    cases = [*CASES[kind], *random_cases(kind)]
    return {
        "format": FORMAT,
        "primaryType": kind.name,
        "encodeType": kind.encode_type(),
        "types": {kind.name: kind.json_types()},
        **({"rules": RULES.preimage()} if kind is TICKET else {}),
        "vectors": [
            vector(kind, name, values, CHAINS[place % len(CHAINS)], ALICE if place % 2 == 0 else BOB)
            for place, (name, values) in enumerate(cases)
        ],
    }


def vector(kind: StructType, name: str, values: Values, chain_id: int, key: Key) -> dict[str, Any]:
    """One message, what it hashes to, and its signature by `key`."""
    domain = Domain(chain_id)
    digest = domain.digest(kind, values)
    typed = domain.typed_data(kind, values)
    shown = {
        "privateKey": key.secret,
        "address": key.address,
        "domainSeparator": domain.separator,
        "structHash": kind.hash_struct(values),
        "digest": digest,
        "signature": key.sign(digest),
    }
    in_hex = {what: "0x" + data.hex() for what, data in shown.items()}
    return {"name": name, "domain": typed["domain"], "message": typed["message"], **in_hex}


def random_cases(kind: StructType) -> Iterator[Case]:
    """Any values, the same in every run."""
    rng = Random(kind.name)
    for number in range(RANDOM):
        yield f"any values, {number + 1}", tuple(any_value(type_, rng) for _, type_ in kind.members)


def any_value(kind: str, rng: Random) -> object:
    """Any value of a member type."""
    if kind == "bool":
        return rng.random() < 0.5
    lengths = {"address": 20, "bytes32": 32, "uint256": 32}
    if kind in lengths:
        return rng.randbytes(lengths[kind])
    return rng.getrandbits(int(kind.removeprefix("uint")))


def file_name(kind: StructType) -> str:
    """The name of a type's file."""
    return f"{kind.name}.json"


def text(kind: StructType) -> str:
    """The contents of a type's file."""
    return json.dumps(vectors(kind), indent=1) + "\n"


def main(folder: Path = FOLDER) -> None:
    """Write all files."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in CASES:
        (folder / file_name(kind)).write_text(text(kind), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
