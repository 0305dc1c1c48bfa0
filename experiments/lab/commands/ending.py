"""How a command ends: its exit codes, and the one line on standard error."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


def fail(message: str, code: int) -> NoReturn:
    """One line on standard error, and the end."""
    typer.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(code)


def tell(message: str) -> None:
    """A line that the user should see, out of the way of what is printed."""
    typer.echo(message, err=True)
