"""Takes the open auction of a block to the participants of a run, and what stands at its end back to the
market."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from chain.clock import Phase
from chain.errors import Refused
from chain.wording import told
from experiments.lab.assembly.assembly import Engine
from market.auction import Auction
from market.desk import is_one_of
from market.errors import StrategyRaised
from market.intents import AuctionBid, Intent
from market.participant import Participant
from market.plain import plain
from market.slot_auction import Proxy, SlotBidder
from market.slot_auction.order_flow import FlowPath
from market.slot_auction.slot_market import Invitation, SlotMarket
from market.view import Market, View
from strategies.agent import Agent

SEALED: frozenset[type] = frozenset({AuctionBid})
Decide = Callable[[Participant, Phase, Market], list[Intent]]


class SlotSale:
    """One auction. `decide` asks a participant that bids sealed, `ms` is the time of asking."""

    def __init__(self, engine: Engine, market: SlotMarket, auction: Auction, decide: Decide, ms: int) -> None:
        self._engine = engine
        self._market = market
        self._auction = auction
        self._decide = decide
        self._ms = ms

    def hold(self, participants: Iterable[Agent]) -> list[tuple[Participant, list[Intent]]]:
        """What each participant wants from the market in the end: its standing bid among it."""
        seen = self._engine.viewer.market(Phase.BUILD)
        invited: list[Invitation] = []
        others: dict[int, list[Intent]] = {}
        agents = [agent for agent in participants if Phase.BUILD in agent.phases]
        for agent in agents:
            view = self._engine.viewer.view(agent.account, seen)
            others[agent.account] = self._invite(agent, view, invited)
        bids = self._market.hold(self._auction.id, self._auction.terms.reserve, invited)
        answers = [(agent, [*others[agent.account], *self._bid(bids.get(agent.account))]) for agent in agents]
        return [(agent, intents) for agent, intents in answers if intents]

    def _invite(self, agent: Agent, view: View, invited: list[Invitation]) -> list[Intent]:
        """Invite it, if it bids. Returns what else it wants of the market.

        A sealed bid is one on the whole block; what does not reach the bidder comes off it."""
        builder, cost = agent.slot_builder, view.cost(view.slot)
        reward, path = view.outlook.reward_gwei or 0, self._engine.costs[agent.account]
        gross = reward if path is None else path.gross(view.slot, reward)
        lost = reward - gross if isinstance(path, FlowPath) else 0
        rest: list[Intent] = []
        if builder is None:
            limit, rest = split(self._decide(agent, Phase.BUILD, view.market), self._auction.id)
            bidder: SlotBidder = Proxy(max((limit or 0) - lost, 0))
            rng = np.random.default_rng(0)  # which a proxy does not use
        else:
            limit, bidder, rng = cost, builder, builder.setup.rng
        if limit is not None and agent.account != self._auction.seller:
            report = Complaint(self._engine, self._ms, agent.account)
            invited.append(Invitation(agent, bidder, gross, cost or 0, view.free_gwei, rng, report))
        return rest

    def _bid(self, gwei: int | None) -> list[Intent]:
        return [] if gwei is None else [AuctionBid(self._auction.id, gwei)]


class Complaint:
    """Records what a strategy raised during an auction."""

    def __init__(self, engine: Engine, ms: int, account: int) -> None:
        self._place = engine.violations, ms, account

    def __call__(self, error: BaseException) -> None:
        violations, ms, account = self._place
        refusal = StrategyRaised(told(error))
        refusal.__cause__ = error
        violations.record(ms, Phase.BUILD, account, refusal)


def split(intents: Iterable[Intent], auction: int) -> tuple[int | None, list[Intent]]:
    """The last sealed bid in an auction, Gwei, and everything else."""
    limit, rest = None, []
    for intent in intents:
        try:
            mine = is_one_of(intent, SEALED) and plain(intent)
        except Refused:  # the market will say so
            mine = False
        if isinstance(mine, AuctionBid) and mine.auction == auction:
            limit = mine.price_gwei
        else:
            rest.append(intent)
    return limit, rest
