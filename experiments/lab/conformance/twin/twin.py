"""`et-testbed run --twin`: a run with a contract on an EVM alongside."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec

from chain.evm.bytecode import DRAWS
from experiments.lab.assembly.assembly import Engine, make_driver
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from market.auctions import FORMATS, ON_CHAIN, OWN
from market.slot.driver import Driver

OFF_CHAIN = {*FORMATS, OWN} - {*ON_CHAIN}
MOST_TICKETS = 65_536


class Twin:
    """Makes drivers that compare every slot with a contract.

    Raises `InputError` for a config that the contract does not cover.
    """

    def __init__(self, config: Config, signatures: str = "ecdsa") -> None:
        check_covered(config, signatures)
        self._drivers: dict[str, TwinDriver] = {}

    @property
    def done(self) -> dict[str, Counter[str]]:
        """The operations so far on which run and contract agree: for each structure how many, by what they do."""
        return {structure: driver.mirror.done for structure, driver in self._drivers.items()}

    def drive(self, engine: Engine) -> Driver:
        """The driver of one structure; of `pbs`, which has no tickets, one without a contract."""
        if engine.structure == "pbs":
            return make_driver(engine)
        driver = self._drivers[engine.structure] = TwinDriver(engine)
        return driver


class TwinDriver(Driver):
    """Runs an engine and its contract. It holds a machine, so that there is no checkpoint of it."""

    def __init__(self, engine: Engine) -> None:
        from experiments.lab.conformance.twin.mirror import Mirror

        check_formats(engine)
        self.mirror = Mirror(engine)
        super().__init__(
            terms=engine.terms, market=engine.market, participants=engine.agents, streams=engine.streams
        )

    def open(self) -> None:
        super().open()
        self.mirror.follow_genesis()

    def run_slot(self) -> None:
        super().run_slot()
        self.mirror.follow_slot()


def check_formats(engine: Engine) -> None:
    """Raises `InputError` for a holder that sells in a format that the contract has no room for."""
    for agent in engine.agents.values():
        for strategy in agent.strategies.values():
            format = getattr(strategy, "format", None)
            if format in OFF_CHAIN:
                raise InputError(
                    f"--twin: the contract has room for {', '.join(ON_CHAIN)} alone; "
                    f'{engine.state.accounts[agent.account].name} sells by "{format}"'
                )


def check_covered(config: Config, signatures: str) -> None:
    """Raises `InputError` where the contract could not do what the run does."""
    chain = config.chain
    market = config.market
    if find_spec("pyrevm") is None:
        raise InputError(
            "--twin needs an EVM: pip install 'et-testbed[evm]' (with wheels for Python 3.11 and 3.12)"
        )
    if signatures != "ecdsa":
        raise InputError(f"--twin settles signed messages; signatures are {signatures!r}, leave them at ecdsa")
    if market.structures == ("pbs",):
        raise InputError('--twin has nothing to compare: structure "pbs" has no tickets')
    if chain.draw not in DRAWS:
        raise InputError(f"--twin: the contract draws by {', '.join(DRAWS)}; chain.draw is {chain.draw!r}")
    if market.unsold != "empty":
        raise InputError(
            "--twin: in the contract the block of an unsold ticket stays empty; leave market.unsold out"
        )
    if market.primary in ("tullock", "all_pay"):
        raise InputError(
            f'--twin: the contract is paid by winners alone; under market.primary "{market.primary}" all pay'
        )
    if market.primary == "amm" and chain.return_haircut is not None:
        raise InputError('--twin: the contract refunds a share of the price; under "amm" leave return_haircut out')
    if chain.supply > MOST_TICKETS:
        raise InputError(f"--twin: chain.supply is {chain.supply}; the contract holds {MOST_TICKETS} tickets")
