"""`et-testbed serve`."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from chain.wording import told
from experiments.lab.assembly.keys import PASSWORD, find_wallet, wallet_folder
from experiments.lab.cli.wallet import ask_password
from experiments.lab.terminal.ending import FAILED, fail, tell
from experiments.lab.terminal.options import Blocks, Force, Out, Overrides, Seed, overrides_of

if TYPE_CHECKING:
    from experiments.lab.ethereum.provider import TestbedProvider


def serve(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="TOML file; left out: the defaults")
    ] = None,
    host: Annotated[str, typer.Option(help="address to listen at")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: one that is free")] = 8545,
    pace: Annotated[
        Literal["realtime", "fast", "manual"],
        typer.Option(help="a slot in its own time, as fast as it goes, or by evm_mine alone"),
    ] = "realtime",
    accounts: Annotated[
        int, typer.Option(min=0, max=1000, help="external accounts; their keys are printed, as in a test chain")
    ] = 3,
    endowment: Annotated[float, typer.Option(min=0, metavar="ETH", help="what each of them has")] = 100.0,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="key file or wallet of one more external account; repeat it"),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="pages that may ask beside those of this machine: chrome-extension://…; repeat it",
        ),
    ] = None,
    client: Annotated[
        Literal["et-testbed", "anvil", "hardhat"],
        typer.Option(help="what it calls itself: helpers of a developer's chain ask for its name"),
    ] = "et-testbed",
    out: Out = None,
    force: Force = False,
    set_: Overrides = None,
    blocks: Blocks = None,
    seed: Seed = None,
) -> None:
    """Serve a run over JSON-RPC (HTTP and WebSocket), for bots and wallets to take part in."""
    from eth_utils.address import to_checksum_address

    from experiments.lab.ethereum.door import run_until_told
    from experiments.lab.ethereum.large_memory import give_back_large_memory
    from experiments.lab.ethereum.origins import Origins
    from experiments.lab.ethereum.provider import TestbedProvider
    from experiments.lab.ethereum.server import Server

    own = [find_wallet(each, wallet_folder()) for each in key or ()]
    for path in own:
        os.environ[PASSWORD] = ask_password(path)
    listener = listen(host, port)
    give_back_large_memory()
    provider = TestbedProvider(
        config,
        accounts=accounts,
        endowment_eth=endowment,
        keys=own,
        overrides=overrides_of(set_, blocks=blocks, seed=seed),
        out=out,
        force=force,
        client=client,
    )
    tickets, market = map(to_checksum_address, (provider.ticket_address, provider.market_address))
    typer.echo(f"tickets {tickets}\nmarket  {market}")
    external = provider.accounts
    for account in external[: len(external) - accounts]:
        typer.echo(f"account {account.address}")
    for account in external[len(external) - accounts :]:
        typer.echo(f"account {account.address} key 0x{account.key.hex().removeprefix('0x')}")
    server = Server(provider.session, provider.dispatcher, pace, Origins(origin or ()))
    place = f"http://{host}:{listener.getsockname()[1]}"
    typer.echo(f"token   {server.origins.token}")
    announce = f"{place} and {place.replace('http', 'ws')}, pace {pace}; Ctrl-C ends"
    try:
        run_until_told(server.app(), server.door, listener, lambda: typer.echo(announce))
    finally:
        end(provider, out)


def end(provider: TestbedProvider, out: Path | None) -> None:
    """Finish the run's folder; say what broke the run, where something did."""
    from experiments.lab.runs.folder import way_on

    failure = provider.session.failure
    if failure is not None:
        left = f"; what was played is kept: {way_on(out)}" if out else ""
        fail(f"slot {provider.session.history.last}: {told(failure)}{left}", FAILED)
    blocks = provider.finish().summary["blocks"]
    tell(
        f"{out}: {blocks:,} blocks"
        if out
        else f"{blocks:,} blocks, not kept; name a folder with --out to keep them"
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes one that is free."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        fail(f"--host {host} --port {port}: {error.strerror}; take another", FAILED)
