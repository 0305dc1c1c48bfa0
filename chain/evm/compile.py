"""`python -m chain.evm.compile` writes the ABIs and the code that are shipped beside the sources."""

from __future__ import annotations

import json
from pathlib import Path

from chain.evm.bytecode import CONTRACTS, compile_contract

FOLDER = Path(__file__).parent
LINE = 112  # characters of code


def main() -> None:
    """Compile all contracts."""
    for name in CONTRACTS:
        abi, code = compile_contract(name)
        entries = ",\n  ".join(json.dumps(entry) for entry in abi)
        (FOLDER / f"{name}.json").write_text(f"[\n  {entries}\n]\n", encoding="utf-8")
        digits = code.hex()
        lines = (digits[at : at + LINE] for at in range(0, len(digits), LINE))
        (FOLDER / f"{name}.hex").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
