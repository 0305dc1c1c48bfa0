"""`et-testbed serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from experiments.lab.commands.ending import FAILED, fail


def serve(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="TOML file; left out: the defaults")
    ] = None,
    host: Annotated[str, typer.Option(help="address to listen at")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8545,
    pace: Annotated[
        Literal["realtime", "fast", "manual"],
        typer.Option(help="a slot in its own time, as fast as it goes, or by evm_mine alone"),
    ] = "realtime",
    accounts: Annotated[
        int, typer.Option(min=0, max=1000, help="external accounts; their keys are printed, as in a test chain")
    ] = 3,
    endowment: Annotated[float, typer.Option(min=0, metavar="ETH", help="what each of them has")] = 100.0,
) -> None:
    """Serve a run over JSON-RPC (HTTP and WebSocket), for bots and wallets to take part in."""
    from aiohttp import web

    from experiments.lab.ethereum.provider import TestbedProvider
    from experiments.lab.ethereum.server import Server

    provider = TestbedProvider(config, accounts=accounts, endowment_eth=endowment)
    typer.echo(f"tickets {provider.ticket_address}\nmarket  {provider.market_address}")
    for account in provider.accounts[len(provider.accounts) - accounts :]:
        typer.echo(f"account {account.address} key 0x{account.key.hex().removeprefix('0x')}")
    server = Server(provider.session, provider.dispatcher, pace)
    try:
        web.run_app(
            server.app(),
            host=host,
            port=port,
            print=lambda *_: typer.echo(f"http://{host}:{port} and ws://{host}:{port}, pace {pace}; Ctrl-C ends"),
            access_log=None,
            shutdown_timeout=1,
        )
    except OSError as error:
        fail(f"--port {port}: {error.strerror}; take another", FAILED)
