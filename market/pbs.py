"""Proposer–builder separation: who builds the present block, and what the proposer gets for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chain.clock import Phase
from chain.named_tuples import make
from chain.present_right import get_right
from chain.protocol import Proposal, process_empty_block, process_proposal
from chain.state import Right, State
from chain.ticket import Title
from market.auction import Auction
from market.auctions import NOTHING, Payment
from market.costs import Costs
from market.errors import BadTerms
from market.fitting import fitting
from market.house import House
from market.intents import Build, Intent, SellBlock
from market.messages import Listing
from market.participant import Participant
from market.violations import Violations

SELL_BLOCK = Phase.SELL_BLOCK  # as in the driver: named in every slot


class Outcome(NamedTuple):
    """How the present block went. Money in Gwei."""

    status: str  # proposed, missed, unsold or no_ticket
    right: Right | None
    builder: int | None  # None: left unexploited
    cost_gwei: int | None
    price_gwei: int | None  # what the builder paid its proposer
    signature: bytes | None  # the proposer's, of the proposal
    gross_gwei: int | None  # what the builder made of the block before its cost


class Pbs:
    """The just-in-time market for one block. `format` None: proposers build for themselves or not at all."""

    def __init__(
        self, *, state: State, house: House, costs: Costs, violations: Violations, format: str | None
    ) -> None:
        self._state = state
        self._house = house
        self._costs = costs
        self._violations = violations
        self._format = format
        self._auction: Auction | None = None
        self._own_build = False

    @property
    def is_open(self) -> bool:
        """Whether proposers can sell blocks at all."""
        return self._format is not None

    @property
    def is_selling(self) -> bool:
        """Whether the present block is for sale."""
        return self._auction is not None

    @property
    def sale(self) -> Auction | None:
        """The sale of the present block, if there is one."""
        return self._auction

    def receive(self, who: Participant, intents: Sequence[Intent], ms: int) -> None:
        """What the proposer decided: to build, to sell, or (neither) to leave the block unexploited."""
        self._violations.try_all(
            intents, lambda intent: self._decide(who, intent, ms), ms, SELL_BLOCK, who.account
        )

    def build(self) -> None:
        """The proposer builds the present block, if nobody else does."""
        self._own_build = True

    def propose(self, right: Right | None, proposer: Participant | None, reward: int, ms: int) -> Outcome:
        """Settle the present block: the auction, the proposal, the reward and its cost. `right` is whose it is;
        `proposer` None: nobody proposes."""
        auction, self._auction = self._auction, None
        own, self._own_build = self._own_build, False
        if auction is not None and (proposer is None or right != (auction.seller, auction.serial)):
            self._house.cancel(auction)  # its seller does not propose, or has sold the ticket meanwhile
            auction = None
        if right is None or proposer is None:
            return self._leave_empty(right)
        clearing = NOTHING if auction is None else self._house.clear_block(auction)
        sale = clearing.sale
        title = None if right.ticket is None else self._state.titles.live[right.ticket]
        builder, cost, gross = self._exploit(right, title, sale, own, reward)
        signature = self._sign_and_propose(proposer, title, builder, gross or 0)
        if builder is not None and cost:
            self._state.ledger.spend("cost", builder, cost, right.ticket)
        if auction is not None:
            self._house.settle_block(auction, clearing, ms)
        price = None if sale is None else sale.price
        return make(Outcome, ("proposed", right, builder, cost, price, signature or None, gross))

    def _decide(self, who: Participant, intent: Intent, ms: int) -> None:
        decision = fitting(intent, SELL_BLOCK)
        if isinstance(decision, Build):
            self.build()
        elif isinstance(decision, SellBlock):
            self._sell(who, decision, ms)
            self.build()

    def _sell(self, who: Participant, intent: SellBlock, ms: int) -> None:
        if self._format is None:
            raise BadTerms("market.pbs is off: a proposer builds its block itself")
        if self._auction is not None:
            raise BadTerms("the block is for sale already")
        right = get_right(self._state)
        ticket = None if right is None else right.ticket
        title = None if ticket is None else self._state.titles.live[ticket]
        if title is not None and title.builder is not None:
            raise BadTerms("the building of the block was sold ahead of time")
        slot, moves = self._state.slot, 0 if title is None else title.nonce
        what = ("block", self._format, ticket, moves, slot)
        terms = (intent.reserve_gwei, intent.rebate_gwei, 1, slot)
        fields = (who.account, *what, *terms, who.wallet.next_nonce(), b"")
        self._auction = self._house.open_block(who.wallet.sign(make(Listing, fields)), ms)

    def _exploit(
        self, right: Right, title: Title | None, sale: Payment | None, own: bool, reward: int
    ) -> tuple[int | None, int | None, int | None]:
        """The builder, its cost and what it makes; nobody, where that does not cover it or no one is to build."""
        builder = sale.bidder if sale is not None else right.proposer if own else None
        if title is not None and title.builder is not None:  # who bought it ahead of time
            builder = title.builder
        path = None if builder is None else self._costs[builder]
        if path is None:
            return None, None, None
        slot = self._state.slot
        cost, gross = path.cost(slot), path.gross(slot, reward)
        return (builder, cost, gross) if gross >= cost else (None, None, None)

    def _sign_and_propose(
        self, proposer: Participant, title: Title | None, builder: int | None, reward: int
    ) -> bytes:
        serial, moves = (None, 0) if title is None else (title.ticket.serial, title.nonce)
        fields = (self._state.slot, proposer.account, serial, moves, builder, reward, b"")
        proposal = proposer.wallet.sign_proposal(make(Proposal, fields))
        process_proposal(self._state, proposal, reward)
        return proposal.signature

    def _leave_empty(self, right: Right | None) -> Outcome:
        drawn = right is not None or self._state.draws[self._state.slot].ticket is not None
        status = "missed" if right is not None else "unsold" if drawn else "no_ticket"
        process_empty_block(self._state)
        return Outcome(status, right, None, None, None, None, None)
