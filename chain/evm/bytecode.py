"""The contracts: their ABIs and code, which are shipped, and the compiler that makes them from Vyper."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

DRAWS = {"lottery": False, "maturity": False, "randea": True}
"""The draw rules that the contract has, and whether the tickets of a window are dealt at random."""

TICKETS = "ExecutionTickets"
EXCHANGE = "TicketExchange"  # sales by signed messages; the ticket contract creates it of a blueprint
BEACON = "BlockBeacon"  # the seeds of slots, from the hashes of blocks
LENS = "TicketsLens"  # reads the whole state in one call
CONTRACTS = (TICKETS, EXCHANGE, BEACON, LENS)
SOURCES = Path(str(files("chain.evm")))


class Contract(NamedTuple):
    """An ABI, and the creation code that deploys the contract when its arguments are appended."""

    abi: list[dict[str, Any]]
    code: bytes


def read_abi() -> list[dict[str, Any]]:
    """The ABI of the ticket contract."""
    return read_contract(TICKETS).abi


STANDING_IN: dict[str, Contract] = {}
"""What is read in a contract's stead in this process: a mutant of it, to see who notices."""


def read_contract(name: str) -> Contract:
    """A contract of this folder as it is shipped, unless another one stands in for it."""
    return STANDING_IN.get(name) or shipped(name)


@cache
def shipped(name: str) -> Contract:
    return Contract(json.loads(read(f"{name}.json")), bytes.fromhex(read(f"{name}.hex")))


def blueprint(code: bytes) -> bytes:
    """The creation code of a blueprint, from which contracts are made on chain. Source: ERC-5202."""
    body = b"\xfe\x71\x00" + code
    return b"\x61" + len(body).to_bytes(2, "big") + bytes.fromhex("3d81600a3d39f3") + body


def compile_contract(name: str, folder: Path | None = None) -> Contract:
    """A contract compiled from its source, in this folder or another.

    Raises `ImportError` without Vyper, which the extra `evm` brings.
    """
    from vyper.compiler import compile_code
    from vyper.compiler.input_bundle import FilesystemInputBundle

    file = f"{name}.vy"
    place = folder or SOURCES
    source = (place / file).read_text(encoding="utf-8")
    beside = FilesystemInputBundle([place])
    made = compile_code(source, contract_path=file, input_bundle=beside, output_formats=["abi", "bytecode"])
    return Contract(made["abi"], bytes.fromhex(made["bytecode"][2:]))


def read(file: str) -> str:
    """The text of a file of this folder."""
    return (SOURCES / file).read_text(encoding="utf-8")
