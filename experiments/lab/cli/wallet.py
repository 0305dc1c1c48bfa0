"""`et-testbed wallet`: keys of one's own, in encrypted files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.assembly.keys import (
    PASSWORD,
    WALLETS,
    KeyFile,
    create_wallet,
    list_wallets,
    open_key,
    parse_secret,
    wallet_folder,
)
from experiments.lab.config.errors import InputError
from experiments.lab.terminal.sheet import Sheet, SheetColumn
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms
from experiments.lab.terminal.sheet_formats import show as show_sheets

wallet = typer.Typer(
    name="wallet", help="Keys of one's own, in encrypted files.", no_args_is_help=True, add_completion=False
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="what to call it")]
Folder = Annotated[
    Path | None, typer.Option("--dir", help=f"folder of wallets; left out: ${WALLETS}, or ~/.et-testbed/wallets")
]


@wallet.command()
def new(name: Name, folder: Folder = None) -> None:
    """Make a key, and a file for it."""
    import secrets

    from chain.signatures import Key

    secret = Key.derive(secrets.token_bytes(32)).secret
    show(create_wallet(name, secret, new_password(name), folder or wallet_folder()))


@wallet.command("list")
def list_(
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """List names, addresses and files."""
    refuse_two_forms(as_json, format)
    place = folder or wallet_folder()
    found = list_wallets(place)
    if as_json:
        typer.echo(json.dumps([each._asdict() | {"path": str(each.path)} for each in found]))
    elif not found:
        typer.echo(f"no wallets in {place}; make one: et-testbed wallet new NAME")
    else:
        rows = [[str(value) for value in each] for each in found]
        show_sheets([Sheet([SheetColumn(name) for name in KeyFile._fields], rows)], format)


@wallet.command("import")
def import_(
    name: Name,
    file: Annotated[
        Path | None, typer.Option(help="a key file; left out: a private key, asked for or on standard input")
    ] = None,
    folder: Folder = None,
) -> None:
    """Take in a private key or a key file, as eth-account, geth and others write them."""
    if file is None:
        secret = parse_secret(ask_secret())
        password = new_password(name)
    else:
        password = ask_password(file)
        secret = open_key(file, password).secret
    show(create_wallet(name, secret, password, folder or wallet_folder()))


def ask_password(path: Path, env: str = PASSWORD) -> str:
    """The password of a key file, from the environment or asked for. Raises `InputError`."""
    given = os.environ.get(env)
    if given is None and sys.stdin.isatty():
        given = str(typer.prompt(f"password of {path}", hide_input=True, err=True))
    if given is None:
        raise InputError(f"{path}: set the environment variable {env} to its password")
    return given


def new_password(name: str) -> str:
    """A password for a new file, from the environment or asked for twice. Raises `InputError`."""
    given = os.environ.get(PASSWORD)
    if given is None and sys.stdin.isatty():
        given = str(typer.prompt(f"new password of {name}", hide_input=True, confirmation_prompt=True, err=True))
    if not given:
        raise InputError(f"{name}: a wallet needs a password; set the environment variable {PASSWORD} to it")
    return given


def ask_secret() -> str:
    """A private key that is not shown, and never a word of the command line, which shells keep."""
    if sys.stdin.isatty():
        return str(typer.prompt("private key", hide_input=True, err=True))
    return sys.stdin.readline()


def show(made: KeyFile) -> None:
    """What became of it."""
    typer.echo(f"{made.name}  {made.address}  {made.path}")
