"""Exchanges of the public conformance data of execution-apis, asked of a chain of ours.

They speak of another chain: its accounts, contracts, hashes and topics are put in terms of ours, and what is
compared of two answers is their shape: result or error and its code, null or not, and the fields of what is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ASKED, ANSWERED = ">> ", "<< "
CONTRACTS = {
    "0x7dcd17433742f4c0ca53122ab541d0ba67fc27df",
    "0x17e7eedce4ac02ef114a7ed9fe6e2f33feba1667",
    "0x9344b07175800259691961298ca11c824e65032d",
    "0x0ee3ab1371c93e7c0c281cc0c2107cdebc8b1930",
}
NOBODY = {"0x" + "00" * 20, "0xc1cadaffffffffffffffffffffffffffffffffff"}
EMIT = "0x" + b"emit".hex().rjust(64, "0")


class Exchange(NamedTuple):
    """A request and its answer. `name`: METHOD/CASE, and the number of the request where a case has several."""

    name: str
    request: dict[str, Any]
    answer: dict[str, Any]


class Counterpart(NamedTuple):
    """What stands for theirs: an account, a contract, a view and a call that reverts; a log with two topics; the
    hash of a transaction by its type, of a block by its number, and raw transactions to be sent by their type."""

    account: str
    contract: str
    view: str
    reverting: str
    log: dict[str, Any]
    transactions: dict[str, str]
    blocks: dict[int, str]
    raw: dict[str, str]


def read_exchanges(folder: Path) -> Iterator[Exchange]:
    """All exchanges in a folder a method."""
    for place in sorted(folder.glob("*/*.io")):
        lines = place.read_text().splitlines()
        asked = [json.loads(line.removeprefix(ASKED)) for line in lines if line.startswith(ASKED)]
        told = [json.loads(line.removeprefix(ANSWERED)) for line in lines if line.startswith(ANSWERED)]
        for number, pair in enumerate(zip(asked, told, strict=True)):
            more = f"#{number + 1}" if len(asked) > 1 else ""
            yield Exchange(f"{place.parent.name}/{place.stem}{more}", *pair)


def in_our_terms(exchange: Exchange, ours: Counterpart) -> list[Any]:
    """The parameters of the request, as we can be asked them."""
    return [translated(each, exchange, ours) for each in exchange.request.get("params", [])]


def translated(value: Any, exchange: Exchange, ours: Counterpart) -> Any:
    """One value, in our terms."""
    if isinstance(value, list):
        return [translated(each, exchange, ours) for each in value]
    if isinstance(value, dict):
        says = {"input": "0x"} if value.get("to") in CONTRACTS else {}
        return {key: translated_field(key, each, exchange, ours) for key, each in (says | value).items()}
    if exchange.request["method"] == "eth_sendRawTransaction":
        return ours.raw.get(value[:4] if value[:3] == "0x0" else "0x00", value)
    if isinstance(value, str) and len(value) == 42:
        return who(value, ours)
    if isinstance(value, str) and len(value) == 66:
        return hash_of(value, exchange, ours)
    return value


def translated_field(key: str, value: Any, exchange: Exchange, ours: Counterpart) -> Any:
    """A field of a call or of a filter."""
    if key == "topics":
        return [[topic(each, ours) for each in place or []] for place in value]
    if key == "blockHash":
        return ours.blocks[int(ours.log["blockNumber"], 16)]
    if key in ("fromBlock", "toBlock") and "result" in exchange.answer:
        return ours.log["blockNumber"]
    if key in ("input", "data"):
        return ours.view if "result" in exchange.answer else ours.reverting
    if key == "value":
        return hex(int(value, 16) * 10**9)
    return translated(value, exchange, ours)


def who(address: str, ours: Counterpart) -> str:
    """The one of ours who stands for an address."""
    if address in NOBODY:
        return address
    return ours.contract if address in CONTRACTS else ours.account


def topic(theirs: str, ours: Counterpart) -> str:
    """A topic of our log."""
    return str(ours.log["topics"][0 if theirs == EMIT else 1])


def hash_of(hash: str, exchange: Exchange, ours: Counterpart) -> str:
    """A hash of ours; what they do not know we should not know either."""
    result = exchange.answer.get("result")
    if result is None:
        return hash
    if isinstance(result, dict) and "type" in result:
        return ours.transactions.get(result["type"], ours.transactions["0x2"])
    if isinstance(result, dict) and "number" in result:
        return ours.blocks[int(result["number"], 16)]
    return ours.blocks[max(ours.blocks)]


def difference(theirs: dict[str, Any], ours: dict[str, Any]) -> str:
    """In which ways two answers differ in shape; empty where they do not."""
    if "error" in theirs or "error" in ours:
        codes = [answer.get("error", {}).get("code") for answer in (theirs, ours)]
        return "" if codes[0] == codes[1] else f"error {codes[1]} for {codes[0]}".replace("None", "none")
    return "; ".join(differences(theirs["result"], ours["result"], ""))


def differences(theirs: Any, ours: Any, place: str) -> Iterator[str]:
    """The same of two results."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for word, keys in (("lacks", theirs.keys() - ours.keys()), ("has", ours.keys() - theirs.keys())):
            if keys:
                yield f"{place}{word} {', '.join(sorted(keys))}"
        for key in sorted(theirs.keys() & ours.keys()):
            yield from differences(theirs[key], ours[key], f"{place}{key} ")
    elif isinstance(theirs, list) and isinstance(ours, list):
        if bool(theirs) != bool(ours):
            yield f"{place}has {'some' if ours else 'none'}"
        elif theirs:
            yield from differences(theirs[0], ours[0], place)
    elif type(theirs) is not type(ours):
        yield f"{place}is {kind(ours)} for {kind(theirs)}"


def kind(value: Any) -> str:
    """What kind of JSON a value is."""
    kinds: dict[type, str] = {dict: "an object", list: "a list", str: "a text", type(None): "null"}
    return kinds.get(type(value), "a number")
