"""What several test files share."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.lab.cli.app import main
from tests.command_line import InProcess, OwnProcess


@pytest.fixture(scope="session")
def et_testbed() -> InProcess:
    """The command line, in this process."""
    return InProcess(main)


@pytest.fixture(scope="session")
def et_testbed_process() -> OwnProcess:
    """The command line in a process of its own: for how it starts, ends and is stopped, and for its hash seed."""
    return OwnProcess("experiments.lab.cli")


@pytest.fixture(scope="session")
def population() -> list[dict[str, Any]]:
    """A few agents of each role, for small runs."""
    return [
        {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 5}},
        {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 5}},
        {"strategy": "at_maturity", "role": "seller", "parameters": {"capacity": 5}},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3},
        {"strategy": "speculator", "role": ["seller", "buyer"], "can_build": False},
    ]
