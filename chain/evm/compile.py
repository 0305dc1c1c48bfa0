"""`python -m chain.evm.compile` writes what is shipped beside the sources: ABIs, code, interfaces in Solidity."""

from __future__ import annotations

import json
from pathlib import Path

from chain.evm.bytecode import CONTRACTS, compile_contract
from chain.evm.solidity import interface

FOLDER = Path(__file__).parent
LINE = 112  # characters of code


def main() -> None:
    """Compile all contracts."""
    for name in CONTRACTS:
        abi, code = compile_contract(name)
        entries = ",\n  ".join(json.dumps(entry) for entry in abi)
        write(f"{name}.json", f"[\n  {entries}\n]\n")
        digits = code.hex()
        lines = (digits[at : at + LINE] for at in range(0, len(digits), LINE))
        write(f"{name}.hex", "\n".join(lines) + "\n")
        write(f"interfaces/I{name}.sol", interface(name))


def write(file: str, text: str) -> None:
    (FOLDER / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
