"""With which reasons a function may revert, as its source has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chain.evm.bytecode import CONTRACTS, EXCHANGE
from chain.evm.natspec import VyperSource, vyper_source

SHARED = "signatures"  # the module whose functions both contracts have
NEVER_OF_THE_EXCHANGE = {"not_exchange"}  # it is the one whom the ticket contract asks for


def reasons(contract: str, function: Any) -> list[str]:
    """The reasons that can reach the caller of a function, in alphabetical order: its own, and those of functions
    and contracts of this folder that it calls. An overflow has no reason."""
    found = set(reached(vyper_source(contract), function, set()))
    if contract == EXCHANGE:
        found -= NEVER_OF_THE_EXCHANGE
    return sorted(found)


def own_reasons(contract: str) -> set[str]:
    """All that a contract's own code has, with what it shares."""
    functions = vyper_source(contract).nodes("FunctionDef")
    if any(node.name == SHARED for node in vyper_source(contract).nodes("Import")):
        functions = [*functions, *vyper_source(SHARED).nodes("FunctionDef")]
    return {reason for function in functions for reason in stated(function)}


def reached(source: VyperSource, function: Any, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from stated(function)
    for call in descendants(function, "Call"):
        for home, callee in callees(source, call):
            yield from reached(home, callee, seen)


def stated(function: Any) -> Iterator[str]:
    """The reasons of the asserts and raises in its body."""
    for node in descendants(function, "Assert"):
        yield node.msg.value
    for node in descendants(function, "Raise"):
        yield node.exc.value


def callees(source: VyperSource, call: Any) -> Iterator[tuple[VyperSource, Any]]:
    """The functions of this folder that a call may be of, and where they stand."""
    name = call.func.get("attr")
    if name is None:
        return
    homes = [source]
    decorator = "internal"
    if type(call.get_ancestor()).__name__ in ("ExtCall", "StaticCall"):
        homes = [vyper_source(contract) for contract in CONTRACTS]
        decorator = "external"
    elif call.func.value.get("id") == SHARED:
        homes = [vyper_source(SHARED)]
    for home in homes:
        yield from ((home, function) for function in home.functions(decorator) if function.name == name)


def descendants(node: Any, kind: str) -> list[Any]:
    return [found for found in node.get_descendants() if type(found).__name__ == kind]
