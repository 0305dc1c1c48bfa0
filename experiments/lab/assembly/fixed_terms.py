"""The terms on which the slots of a run go, from its config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chain.account import PROTOCOL
from chain.randomness import Streams
from chain.state import State
from experiments.lab.assembly.endowments import handed_out
from experiments.lab.assembly.seats import Seat
from experiments.lab.config.chain import Chain
from experiments.lab.config.config import Config
from market.slot.run_terms import RunTerms, Times


def make_terms(config: Config, *, takers: Sequence[int], missed: Mapping[int, float]) -> RunTerms:
    """What is fixed for all slots. `takers` are handed the first tickets, `missed` are chances of failing to
    propose; both by account."""
    market = config.market
    return RunTerms(
        slot_ms=config.chain.slot_ms,
        times=slot_times(config.chain),
        primary=market.primary,
        just_in_time=market.just_in_time,
        trades=market.trades,
        takers=tuple(takers),
        taken_at=market.genesis.price_gwei,
        missed=missed,
        in_turn=market.sells_in_turn,
    )


def slot_times(chain: Chain) -> Times:
    """When the phases of a slot begin."""
    phases = chain.times
    return Times(
        offer=phases.offer,
        bid=phases.bid,
        clear=phases.clear,
        sell_block=phases.sell_block,
        build=phases.build,
        propose=phases.propose,
    )


def draw_takers(config: Config, state: State, streams: Streams) -> list[int]:
    """Who gets the first, second, … ticket of genesis before the first sale, drawn by lot of those who can pay."""
    if not state.rules.supply:
        return []
    everyone = range(PROTOCOL + 1, len(state.accounts))
    money = [state.ledger.free(account) for account in everyone]
    return [everyone[place] for place in handed_out(config, money, streams)]


def chances_to_miss(seats: Sequence[Seat]) -> dict[int, float]:
    """By account, where there is a chance of failing to propose."""
    return {seat.number: seat.group.missed_proposal for seat in seats if seat.group.missed_proposal}
