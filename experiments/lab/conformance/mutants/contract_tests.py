"""What is held against a mutant: the tests of the contract, and random operations on it and on the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from experiments.lab.config.errors import InputError

FILES = (
    "tests/chain/evm/test_deployment.py",
    "tests/chain/evm/test_evm_rounds.py",
    "tests/chain/evm/test_evm_void.py",
    "tests/chain/evm/test_exchange_terms.py",
    "tests/chain/evm/test_tickets_terms.py",
    "tests/chain/evm/test_urn.py",
    "tests/lab/conformance/test_contract_findings.py",
    "tests/lab/conformance/test_evm_rules.py",
    "tests/lab/conformance/test_known_seed.py",
    "tests/lab/conformance/test_out_of_step.py",
)
"""The tests of what the contract does. Those of how it is compiled and what it costs notice any change at all."""
ADDED = "addopts=--import-mode=importlib"  # those of the project are for a terminal
LENGTH = 400  # operations of one history


class Killer(NamedTuple):
    """Something that can notice a fault: what is wrong in its own words, or None."""

    name: str
    notices: Callable[[], str | None]


def with_tests(root: Path, use: Callable[[list[Killer]], None]) -> None:
    """Collect the tests of the contract below `root`, once, and use them.

    Raises `InputError` where they are not there, or there is nothing to run them with.
    """
    for needed in ("pytest", "vyper", "pyrevm"):
        if find_spec(needed) is None:
            raise InputError(f"mutants need {needed}: pip install 'et-testbed[test]'")
    paths = [str(root / file) for file in FILES]
    missing = [path for path in paths if not Path(path).is_file()]
    if missing:
        raise InputError(
            f"{missing[0]} is missing: mutants need a checkout with its tests, not an installed package"
        )
    import pytest

    quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "-s", "-m", "not slow", "-o", ADDED]
    user = OwnLoop(use)
    pytest.main([*quiet, f"--rootdir={root}", *paths], plugins=[user])
    if user.error is not None:
        raise user.error


class OwnLoop:
    """A plugin of pytest, which uses the tests in its own way instead of running them."""

    def __init__(self, use: Callable[[list[Killer]], None]) -> None:
        self._use = use
        self.error: BaseException | None = InputError("pytest could not collect the tests of the contract")

    def pytest_runtestloop(self, session: Any) -> bool:
        """Called by pytest where it would run what it has collected."""
        self.error = None
        try:
            self._use([Killer(item.nodeid, partial(failure_of, item)) for item in session.items])
        except BaseException as error:
            self.error = error
        return True


def failure_of(item: Any) -> str | None:
    """How a test fails."""
    from _pytest.runner import runtestprotocol

    for report in runtestprotocol(item, log=False, nextitem=None):
        if report.failed:
            return str(report.longreprtext).strip().rpartition("\n")[2]
    return None


def twins(operations: int) -> Iterator[Killer]:
    """Histories of the contract and the protocol side by side, of so many operations together or a few more."""
    from experiments.lab.conformance.twin.contract_party import compiled

    compiled()  # once, before there are processes for each mutant
    for seed in range(-(-operations // LENGTH)):
        yield Killer(f"twin, seed {seed}", partial(disagreement, seed))


def disagreement(seed: int) -> str | None:
    """How the two come apart in a history."""
    from experiments.lab.conformance.twin.player import play

    try:
        play(seed, LENGTH)
    except Exception as error:  # a contract with a fault may break what plays on it, too
        return f"{type(error).__name__}: {error}"
    return None


def first_notice(killers: Sequence[Killer]) -> tuple[str, str] | None:
    """Who notices something first, and what."""
    for killer in killers:
        words = killer.notices()
        if words is not None:
            return killer.name, words
    return None
