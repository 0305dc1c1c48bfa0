"""The ticket contract: its ABI and code, which are shipped, and the compiler that makes them from Vyper."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

DRAWS = {"lottery": False, "maturity": False, "randea": True}
"""The draw rules that the contract has, and whether the tickets of a window are dealt at random."""

TICKETS = "ExecutionTickets"
LENS = "TicketsLens"  # reads its whole state in one call


class Contract(NamedTuple):
    """An ABI, and the creation code that deploys the contract when its arguments are appended."""

    abi: list[dict[str, Any]]
    code: bytes


def read_abi() -> list[dict[str, Any]]:
    """The ABI of the ticket contract."""
    return read_contract(TICKETS).abi


@cache
def read_contract(name: str) -> Contract:
    """A contract of this folder as it is shipped."""
    return Contract(json.loads(read(f"{name}.json")), bytes.fromhex(read(f"{name}.hex")))


def compile_contract(name: str) -> Contract:
    """The same, compiled from its source. Raises `ImportError` without Vyper, which the extra `evm` brings."""
    from vyper.compiler import compile_code

    made = compile_code(read(f"{name}.vy"), output_formats=["abi", "bytecode"])
    return Contract(made["abi"], bytes.fromhex(made["bytecode"][2:]))


def read(file: str) -> str:
    """The text of a file of this folder."""
    return (files("chain.evm") / file).read_text(encoding="utf-8")
