"""`Web3(TestbedProvider(run))`: web3.py on a run, in process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from eth_account import Account as EthAccount
from eth_account.signers.local import LocalAccount
from web3.providers import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from chain.evm.bytecode import read_abi as read_ticket_abi
from chain.home import expanded
from chain.rpc.methods.all_methods import dispatcher
from experiments.lab.assembly.assembly import assemble
from experiments.lab.assembly.box import open_box
from experiments.lab.assembly.every_fault import read_whole, telling_all
from experiments.lab.assembly.run_warnings import warn_of
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import folder_of, make_config
from experiments.lab.config.market import Structure
from experiments.lab.ethereum.external import STRATEGY, External
from experiments.lab.ethereum.session import Session
from experiments.lab.played.results import Comparison, Result
from experiments.lab.played.runs import engine_of, temporary
from experiments.lab.runs.folder import TABLES, read_run
from experiments.lab.runs.live_journal import LiveJournal, read_journal
from market.contract.code import read_abi as read_market_abi

Run = Result | Comparison | Config | Mapping[str, Any] | Path | str | None
ENDOWMENT_ETH = 100.0
CLIENTS = {
    "et-testbed": "et-testbed/{}",
    "anvil": "anvil/v1.7.0/et-testbed/{}",
    "hardhat": "HardhatNetwork/2.29.0/et-testbed/{}",
}
"""What `web3_clientVersion` says: helpers of a developer's chain ask for its name."""


class TestbedProvider(JSONBaseProvider):
    """A run behind web3.py.

    `run` is what `run` returned, which is played again to where it ended and can be read; or a config (a `Config`,
    a dict, the path of a TOML file, None for the defaults), which is played slot by slot by `evm_mine` and takes
    transactions. To a config are added one external account for each key file in `keys`, whose password is in
    the environment (`ET_TESTBED_PASSWORD`), and `accounts` with keys from the seed, all with `endowment_eth`;
    `overrides` are `key.path=value`; `out` is the folder of the run, which a run that lies there leaves with
    `force`, see `finish`; `client`, a key of `CLIENTS`, is what it calls itself. Of several market structures the
    first that has tickets is meant. Raises `InputError`.
    """

    __test__ = False  # pytest takes it for a test otherwise

    def __init__(
        self,
        run: Run = None,
        *,
        accounts: int = 0,
        endowment_eth: float = ENDOWMENT_ETH,
        keys: Sequence[Path | str] = (),
        overrides: Sequence[str] = (),
        out: Path | str | None = None,
        force: bool = False,
        client: str = "et-testbed",
    ) -> None:
        super().__init__()
        if isinstance(run, (Result, Comparison)):
            if accounts or keys or overrides or out:
                raise InputError(
                    "a run that was played takes no accounts and no overrides; give its config instead"
                )
            self.session = replayed(run)
        else:
            self.session = live(run, external(accounts, endowment_eth, keys), overrides, out, force)
        self.dispatcher = dispatcher(self.session, CLIENTS[client].format(version("et-testbed")))
        self.ticket_address, self.market_address = (
            "0x" + address.hex() for address in (self.session.tickets, self.session.market)
        )
        self.ticket_abi, self.market_abi = read_ticket_abi(), read_market_abi()

    @property
    def accounts(self) -> list[LocalAccount]:
        """The external accounts, with their keys."""
        state = self.session.engine.state
        agents = self.session.engine.agents
        external = (
            number
            for number, agent in agents.items()
            if any(isinstance(strategy, External) for strategy in agent.strategies.values())
        )
        return [EthAccount.from_key(state.accounts[number].key.secret) for number in external]

    def finish(self) -> Result:
        """End a run that is played, where it stands, and write its folder: `out`, or a temporary one that lives as
        long as the result. From now on it can only be read."""
        return self.session.finish()

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Answer one request."""
        self.session.keep_states()
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": as_json(params)}
        return cast(RPCResponse, self.dispatcher.answer(request))

    def is_connected(self, show_traceback: bool = False) -> bool:  # noqa: ARG002
        """Always: it is in process."""
        return True


def as_json(params: Any) -> Any:
    """What web3.py hands over, as it would come out of JSON."""
    if isinstance(params, bytes):
        return "0x" + params.hex()
    if isinstance(params, Mapping):
        return {name: as_json(value) for name, value in params.items()}
    if isinstance(params, (list, tuple)):
        return [as_json(value) for value in params]
    return params


def live(
    config: Config | Mapping[str, Any] | Path | str | None,
    groups: Sequence[Mapping[str, Any]],
    overrides: Sequence[str],
    out: Path | str | None,
    force: bool,
) -> Session:
    """A run of a config, overridden, with more groups of agents; it stands before block 0. Raises `InputError`."""
    folder = folder_of(config)
    made = joined(read_whole(config, overrides), groups)
    structure = with_tickets(made.market.structures)
    path, keeper = (expanded(out), None) if out is not None else temporary()
    with open_box(folder) as box:
        with telling_all(made, folder):
            engine = assemble(box.pack(made), structure, path / TABLES, box.place, "ecdsa", strict=False)
        engine.files = box.digests()
        warn_of([engine])
        session = Session(engine, path, keeper, force)
        box.stay_with(session)
        box.send_along(path)
    return session


def with_tickets(structures: Iterable[Any]) -> Structure:
    """The first of them that has tickets; `pbs` where none has."""
    return next((each for each in structures if each != "pbs"), "pbs")


def external(accounts: int, endowment_eth: float, keys: Sequence[Path | str]) -> list[dict[str, Any]]:
    """Groups of external accounts: one for each key file, and one with keys from the seed."""
    group = {"strategy": STRATEGY, "role": "buyer", "endowment_eth": endowment_eth}
    own = [group | {"keystore": str(expanded(key).resolve())} for key in keys]
    if accounts:
        return [*own, group | {"count": accounts}]
    return own


def joined(config: Config, groups: Sequence[Mapping[str, Any]]) -> Config:
    """The config with more groups of agents. Raises `InputError`."""
    data = config.model_dump(mode="json")
    if groups:
        return make_config(data | {"agents": [*data["agents"], *groups]}, "accounts")
    return config


def replayed(played: Result | Comparison) -> Session:
    """A finished run, played again to its end. Raises `InputError`."""
    result = played
    if not isinstance(played, Result):
        result = played[with_tickets(played.structures)]
    about = read_run(result.path)
    path, keeper = temporary()
    engine = engine_of(about, about["structure"], result.path, path / TABLES)
    journal = read_journal(result.path, engine) if engine.is_live else LiveJournal(0, {}, {})
    session = Session(engine, path, keeper)
    for slot in range(result.summary["blocks"]):
        for transaction in journal.transactions.get(slot, []):
            session.send_again(transaction)
        if slot in journal.times:
            session.set_time(journal.times[slot])
        session.mine()
    session.end()
    return session
