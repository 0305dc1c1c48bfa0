"""What several test files share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.places import ROOT


class CommandLine:
    """Calls `et-testbed` in a process of its own."""

    def __call__(
        self, *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: Any = None
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "experiments.lab.cli", *arguments]
        root = str(ROOT)
        path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, **(env or {})}
        return subprocess.run(
            command, capture_output=True, text=True, cwd=cwd, env=environment, stdin=stdin, timeout=300
        )


@pytest.fixture(scope="session")
def et_testbed() -> CommandLine:
    """The command line."""
    return CommandLine()


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
