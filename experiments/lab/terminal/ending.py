"""How a command ends: its exit codes, and the one line on standard error."""

from __future__ import annotations

import io
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

from chain.errors import AccountFull, Refused, RuleBroken
from chain.home import expanded
from chain.interruption import called, traceback_of
from chain.wording import MOST_LETTERS, one_line
from experiments.lab.config.errors import InputError
from experiments.lab.terminal.left_over import elsewhere, end_at_once, left_over

BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130

# Typer has used click of its own and click as a package; this class is its error of usage in both.
USAGE_ERROR: Any = typer.BadParameter.__mro__[1]


def guarded(app: typer.Typer) -> NoReturn:
    """Run a command line and end, also where a strategy has left threads that go on."""
    before = threading.enumerate()
    elsewhere.clear()
    try:
        run_and_exit(app)
    except SystemExit as ending:
        threads = [*(str(thread.name) for thread in left_over(before)), *elsewhere]
        if not threads:
            raise
        names = ", ".join(map(one_line, threads))
        tell(f"error: a strategy has left threads that go on ({names}); they end here, what is written is whole")
        end_at_once(ending.code if isinstance(ending.code, int) and ending.code else FAILED)


def command_of(error: Any) -> str:
    """The command that was given with words that it does not take: `et-testbed simulate`."""
    context = error.ctx
    words: list[str] = []
    while context is not None and context.parent is not None:
        words.insert(0, str(context.info_name))
        context = context.parent
    return " ".join([program_of(context), *words])


def program_of(context: Any) -> str:
    """The program itself; of an experiment how it was called: `et-testbed experiments NAME`, `python mine.py`."""
    name = "" if context is None else str(context.info_name)
    if name.endswith(".py") and " " not in name:
        return f"python {name}"
    return name if name.startswith(("et-testbed ", "python ")) else "et-testbed"


def run_and_exit(app: typer.Typer) -> NoReturn:
    """Run a command line and exit: errors in the input are a line each on standard error, and exit code 2."""
    warnings.showwarning = show_warning
    write_whatever_comes()
    try:
        result = app(args=[at_home(word) for word in sys.argv[1:]], standalone_mode=False)
        sys.exit(result if isinstance(result, int) else 0)
    except InputError as error:
        for line in error.args[:-1]:
            complain(str(line))
        fail(str(error.args[-1]), BAD_INPUT)
    except USAGE_ERROR as error:
        if message := error.format_message():  # empty where the help was printed instead
            fail(f"{message}; see {command_of(error)} --help", BAD_INPUT)
        sys.exit(BAD_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        fail("interrupted", INTERRUPTED)
    except AccountFull as refusal:
        fail(f"{refusal}; lower the reward, blocks or agents.*.endowment_eth", BAD_INPUT)
    except RuleBroken as broken:
        fail(f"{broken}; `et-testbed check` plays a rule over random histories", FAILED)
    except Refused as refusal:
        show_own_frames(refusal.__cause__)
        fail(f"--strict: {'; '.join([f'{refusal.code}: {refusal}', *notes_of(refusal)])}", FAILED)
    except OSError as error:
        fail(str(error), FAILED)


def show_own_frames(error: BaseException | None) -> None:
    """The traceback of what a strategy raised, from its own first line on."""
    if error is None:
        return
    trace = error.__traceback__
    own = next((part for part in traceback_of(error) if called(part) is not None), trace)
    traceback.print_exception(type(error), error, own)


def notes_of(error: BaseException) -> list[str]:
    """What was added to an exception on its way."""
    return list(getattr(error, "__notes__", ()))


def write_whatever_comes() -> None:
    """Show `?` for a letter that the encoding of standard output lacks: a Greek one or an arrow ends no command.

    Standard error does so by itself, with escapes.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def at_home(word: str) -> str:
    """An argument in which `~` is expanded, also in `--out=~/runs`, where no shell does it."""
    option, equals, value = word.partition("=")
    if equals and option.startswith("--") and value.startswith("~"):
        return f"{option}={expanded(value)}"
    return str(expanded(word)) if word.startswith("~") else word


@contextmanager
def interruptible(consequence: str) -> Iterator[None]:
    """Where the user stops what is inside, a line says what became of it, and the exit code is 130."""
    try:
        yield
    except KeyboardInterrupt:
        tell(f"interrupted: {consequence}")
        raise typer.Exit(INTERRUPTED) from None


def show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """One line on standard error, without the line of code that it is about."""
    tell(f"warning: {message}")


def fail(message: str, code: int) -> NoReturn:
    """One line on standard error, and the end."""
    complain(message)
    sys.exit(code)


def complain(message: str) -> None:
    """One line on standard error, in which no word goes on for ever."""
    words = (one_line(word, MOST_LETTERS) for word in message.split())
    typer.echo(f"error: {' '.join(words)}", err=True)


def tell(message: str) -> None:
    """A line that the user should see, out of the way of what is printed."""
    typer.echo(message, err=True)
