"""An agent: one account with its wallet, latency and strategies, as the market asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chain.clock import Phase
from chain.wording import told
from market.agent_wallet import Wallet
from market.errors import StrategyLost, StrategyRaised
from market.intents import Intent
from market.slot_auction.slot_bidder import OwnBidder
from market.view import View
from strategies.base import Strategy
from strategies.bid_formats import answer
from strategies.setup import Setup
from strategies.slot_bidding import SlotBuilder

METHODS = {
    Phase.PRIMARY: "primary",
    Phase.OFFER: "offer",
    Phase.BID: "bid",
    Phase.CLAIM: "claim",
    Phase.SELL_BLOCK: "propose",
    Phase.BUILD: "build",
}
"""The method that answers in each phase."""

Asked = Mapping[Phase, frozenset[str]]
"""The roles that are asked in each phase."""


def asked(sellers: bool, builders: bool) -> Asked:
    """Who is asked when. Where no one is a seller, buyers buy from the protocol; where no one is a builder,
    buyers build."""
    anyone = frozenset({"seller", "buyer", "builder"})
    return {
        Phase.PRIMARY: frozenset({"seller"}) if sellers else frozenset({"buyer"}),
        Phase.OFFER: frozenset({"seller"}),
        Phase.BID: frozenset({"buyer"}),
        Phase.CLAIM: frozenset({"seller", "buyer"}),
        Phase.SELL_BLOCK: anyone,
        Phase.BUILD: frozenset({"builder"}) if builders else frozenset({"buyer"}),
    }


class Agent:
    """Routes each phase to the strategy that plays the role for it.

    `strategies` gives the strategy of each role; one strategy may serve in several. An agent is asked in a phase
    only where a strategy has something of its own to say.
    """

    def __init__(
        self, account: int, latency_ms: int, wallet: Wallet, strategies: Mapping[str, Strategy], asked: Asked
    ) -> None:
        self.account = account
        self.latency_ms = latency_ms
        self.wallet = wallet
        self.strategies = dict(strategies)
        self.asked = asked
        self._chosen = {
            phase: strategy
            for phase, method in METHODS.items()
            if (strategy := self._speaker(method, asked[phase])) is not None
        }
        self.phases = frozenset(self._chosen)
        self.proposes_as_usual = self.follows_default(Phase.SELL_BLOCK)

    def start(self, setup: Setup) -> None:
        """Tell each strategy the rules of the game."""
        for strategy in dict.fromkeys(self.strategies.values()):
            strategy.start(setup)

    def decide(self, phase: Phase, view: View) -> Sequence[Intent]:
        """What the strategy answers; it may raise anything, but not that its process was lost."""
        try:
            return answer(self._chosen[phase], METHODS[phase], view)
        except (StrategyLost, StrategyRaised) as error:
            raise StrategyRaised(told(error)) from error

    def speaker(self, phase: Phase) -> Strategy | None:
        """The strategy that is asked in a phase; None where none has anything to say."""
        return self._chosen.get(phase)

    def follows_default(self, phase: Phase) -> bool:
        """Whether the strategy that is asked in a phase has no method of its own for it."""
        method, speaker = METHODS[phase], self._chosen.get(phase)
        return speaker is not None and getattr(type(speaker), method) is getattr(Strategy, method)

    def close(self) -> None:
        """The run is over: there is nothing to end."""

    @property
    def slot_bidder(self) -> OwnBidder | None:
        """How it bids in the open auction of a block, if its strategy for building can."""
        builder = self._chosen.get(Phase.BUILD)
        if isinstance(builder, SlotBuilder):
            return OwnBidder(builder, builder.setup.rng)
        return None

    def _speaker(self, method: str, roles: frozenset[str]) -> Strategy | None:
        """The first strategy in one of `roles` that overrides `method`; anyone may have to propose."""
        players = [strategy for role, strategy in self.strategies.items() if role in roles]
        own = (s for s in players if getattr(type(s), method) is not getattr(Strategy, method))
        return next(own, players[0] if method == "propose" and players else None)
