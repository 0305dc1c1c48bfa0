"""Quantities and data in JSON, as the Ethereum JSON-RPC specification writes them."""

from __future__ import annotations

import json
import re

from chain.rpc.error_codes import BadParams

_QUANTITY = re.compile(r"0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})")
_DATA = re.compile(r"0x([0-9a-fA-F]{2})*")


def data(value: bytes) -> str:
    """Bytes as JSON has them."""
    return "0x" + value.hex()


def parse_quantity(value: object, name: str) -> int:
    """A number in 0 … 2^256 − 1. Raises `BadParams`."""
    if isinstance(value, str) and _QUANTITY.fullmatch(value):
        return int(value, 16)
    raise BadParams(f"{name} must be a quantity, 0x and digits without leading zeros; not {shown(value)}")


def parse_number(value: object, name: str) -> int:
    """A number, or a quantity as the specification writes one. Raises `BadParams`."""
    if type(value) is int:
        return value
    return parse_quantity(value, name)


def parse_data(value: object, name: str, size: int | None = None) -> bytes:
    """Bytes, `size` of them if given. Raises `BadParams`."""
    if isinstance(value, str) and _DATA.fullmatch(value) and size in (None, len(value) // 2 - 1):
        return bytes.fromhex(value[2:])
    wanted = "bytes"
    if size is not None:
        wanted = f"{size} bytes"
    raise BadParams(f"{name} must be {wanted} in hex; not {shown(value)}")


def parse_address(value: object, name: str = "address") -> bytes:
    """20 bytes. Raises `BadParams`."""
    return parse_data(value, name, 20)


def parse_whole(value: object) -> bool:
    """Whether transactions are asked for whole, not by their hashes. Raises `BadParams`."""
    if isinstance(value, bool):
        return value
    raise BadParams(f"whether transactions are whole is true or false, not {shown(value)}")


def shown(value: object) -> str:
    """A wrong value as an error shows it, in JSON: its beginning."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):  # from a caller in process, who may give anything
        text = repr(value)
    if len(text) <= 80:
        return text
    return text[:80] + "…"
