"""Accounts that are contracts: they take tickets and money, or not, answer something else, or call back."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from chain.evm.abi import Tail, encode, selector

RECEIVED = bytes.fromhex("150b7a02")  # what `onERC721Received` must answer
SIGNED = bytes.fromhex("1626ba7e")  # what `isValidSignature` must answer (EIP-1271)
NOTHING = bytes(4)
CALL = selector("call(address,bytes)")


class Answers(NamedTuple):
    """What a contract says to a ticket, and to a signature of its own; whether it takes what comes, and calls
    its sender back before it answers."""

    received: bytes
    signed: bytes
    takes: bool
    calls_back: bool

    def creation_code(self) -> bytes:
        """What deploys such a one."""
        words = [answer.ljust(32, b"\0") for answer in (self.received, self.signed)]
        return compiled() + encode((*words, self.takes, self.calls_back))


GOOD = Answers(RECEIVED, NOTHING, takes=True, calls_back=False)
WALLET = Answers(SIGNED, SIGNED, takes=True, calls_back=False)
"""Calls whatever is brought signed by itself, and takes no ticket that is sent safely."""

REJECTING = Answers(RECEIVED, NOTHING, takes=False, calls_back=False)
RE_ENTERING = Answers(RECEIVED, NOTHING, takes=True, calls_back=True)


def told_to_call(to: bytes, data: bytes) -> bytes:
    """The call by which its maker tells one what to call."""
    return CALL + encode((to, Tail.of_bytes(data)))


@cache
def compiled() -> bytes:
    """The code of `ContractParty.vy`. Raises `ImportError` without Vyper, which the extra `evm` brings."""
    from vyper.compiler import compile_code

    source = (files("experiments.lab.conformance.twin") / "ContractParty.vy").read_text(encoding="utf-8")
    return bytes.fromhex(compile_code(source, output_formats=["bytecode"])["bytecode"][2:])
