"""The ticket contract: its ABI, which is shipped, and its code, compiled from Vyper."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

NAME = "ExecutionTickets"


class Compiled(NamedTuple):
    """What the compiler makes of the source. `creation` is the code that deploys `runtime`."""

    abi: list[dict[str, Any]]
    creation: bytes
    runtime: bytes


def read_abi() -> list[dict[str, Any]]:
    """The ABI as it is shipped."""
    abi: list[dict[str, Any]] = json.loads(_file("json"))
    return abi


@cache
def compile_contract() -> Compiled:
    """Compile the contract. Raises `ImportError` without Vyper, which the extra `evm` brings."""
    from vyper.compiler import compile_code

    made = compile_code(_file("vy"), output_formats=["abi", "bytecode", "bytecode_runtime"])
    creation, runtime = (bytes.fromhex(made[kind][2:]) for kind in ("bytecode", "bytecode_runtime"))
    return Compiled(made["abi"], creation, runtime)


def _file(ending: str) -> str:
    return (files("chain.evm") / f"{NAME}.{ending}").read_text(encoding="utf-8")


if __name__ == "__main__":  # writes the ABI that is shipped
    lines = ",\n  ".join(json.dumps(item) for item in compile_contract().abi)
    print(f"[\n  {lines}\n]")
