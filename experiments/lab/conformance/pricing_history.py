"""One random history of a small chain whose tickets are sold under a pricing rule, watched slot by slot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from chain.account import PROTOCOL, derive_accounts
from chain.eip712 import Domain
from chain.errors import Refused, RuleBroken
from chain.ledger import BURNED, names_of
from chain.present_right import get_right
from chain.protocol import (
    Proposal,
    close_slot,
    get_offered,
    open_slot,
    process_empty_block,
    process_first_draws,
    process_genesis,
    process_proposal,
)
from chain.randomness import Streams
from chain.records import Records
from chain.rewards import Constant, RewardPath
from chain.rules import draw_rule
from chain.signatures import Unsigned
from chain.state import Rules, State, new_state
from experiments.lab.assembly.blamed_pricing import BlamedPricing
from experiments.lab.conformance.asked_words import AskedChance, AskedWords
from experiments.lab.conformance.checkpointed import checkpointed
from market.auctions.terms import Terms
from market.marketplace import open_marketplace
from market.messages import NO_LISTING, SignedBid
from market.primary import BeaconChance, OwnPricing, PastSale, Price, PricingRule
from market.resale_times import RESALE

NAMES = ("ann", "bob", "cleo", "dan")
PURSE = 10**15  # Gwei
PRICES = (1, 7, 10**6, 10**8, 10**9, 10**12)
"""Of the order of so many Gwei are the bids of a history."""


class PricingFault(Exception):
    """A pricing rule does not keep what the market needs."""


class SlotOfSales(NamedTuple):
    """What a rule did in a slot: its lots, the price that it quoted afterwards, whom it sold to, and what was
    burned in all by then, Gwei."""

    lots: tuple[Terms, ...]
    price: Price | None
    sales: tuple[PastSale, ...]
    burned: int


class PricingHistory:
    """A chain of four accounts, with terms and bids drawn from `seed`, which buys under `rule`. Raises
    `PricingFault`. `step` is told when the rule is asked."""

    def __init__(self, rule: PricingRule, seed: int, step: Callable[[str], object]) -> None:
        self._seed = seed
        self._step = step
        streams = Streams(seed)
        self._dice = streams.generator("history")
        self._state = self._make_state(streams)
        self._scale = int(self._dice.choice(PRICES))
        self._pricing = self._make_pricing(rule, streams)
        self._carry_out(self._open)
        self._nonce = 0
        self._is_wanted = True
        self.wanted = 0
        for account in range(1, len(self._state.accounts)):
            self._state.ledger.endow(account, PURSE)

    def play(self, slots: int, copied_after: int | None = None) -> list[SlotOfSales]:
        """What the rule did in each sale, that before block 0 among them. `copied_after` so many slots a copy of
        the rule, as a checkpoint has it, takes its place."""
        process_genesis(self._state)
        done = [self._sell()]
        process_first_draws(self._state)
        for slot in range(slots):
            if slot == copied_after:
                self._copy()
            self._settle()
            done.append(self._sell())
        return done

    def play_unwanted(self, slots: int) -> None:
        """The same where nobody bids for anything, so that there are no past sales."""
        self._is_wanted = False
        self.play(slots)

    def _make_state(self, streams: Streams) -> State:
        """N = 1 … 10 tickets, L < N and at most 2, T from L to 20 blocks or none."""
        accounts = derive_accounts(streams, NAMES)
        supply = self._roll(1, 10)
        lookahead = self._roll(0, min(2, supply - 1))
        maturity = None
        if self._roll(0, 3) != 0:
            maturity = self._roll(max(lookahead, 1), 20)
        self._records = Records(Path("unwritten"), names_of(accounts))
        return new_state(
            rules=Rules(supply, maturity, lookahead, draw_rule("lottery"), collateral=self._roll(0, 1) * 5),
            accounts=accounts,
            signatures=Unsigned(Domain(1337)),
            streams=streams,
            records=self._records,
        )

    def _make_pricing(self, rule: PricingRule, streams: Streams) -> OwnPricing:
        """The rule, with a reserve and a cap or without."""
        reserve = int(self._dice.choice([0, 0, 1, self._scale]))
        cap = self._roll(1, 3) if self._roll(0, 1) else None
        self.words = AskedWords()
        chance = AskedChance(BeaconChance(streams.secret("own_pricing")), self.words)
        return OwnPricing(BlamedPricing("", rule), "the rule", chance, reserve, cap)

    def _open(self) -> None:
        market = open_marketplace(
            state=self._state,
            records=self._records,
            rewards=RewardPath(Constant(1e-7), Streams(self._seed).generator("reward")),
            costs=[None] * len(self._state.accounts),
            pricing=self._pricing,
            resale=RESALE["never"],
            block_format=None,
            horizon=1,
            strict=False,
        )
        self._house = market.house

    @property
    def reserve(self) -> int:
        """The config's, Gwei."""
        return self._pricing.reserve

    # A slot

    def _settle(self) -> None:
        """The block is proposed, or missed."""
        open_slot(self._state)
        right = get_right(self._state)
        if right is None or right.ticket is None or self._roll(0, 4) == 0:
            process_empty_block(self._state)
        else:
            nonce = self._state.titles.live[right.ticket].nonce
            proposal = Proposal(self._state.slot, right.proposer, right.ticket, nonce, right.proposer, 50)
            process_proposal(self._state, proposal, 50)
        close_slot(self._state)

    def _sell(self) -> SlotOfSales:
        """The sale of a slot."""
        self._carry_out(self._hold)
        self.words.end_answer()
        self._check()
        view = self._pricing.view()
        sales = tuple(sale for sale in view.sales if sale.slot == self._state.slot)
        return SlotOfSales(self._lots, self._pricing.price, sales, self._state.ledger.total(BURNED))

    def _hold(self) -> None:
        unsold = get_offered(self._state)
        held = self._state.titles.held
        self._lots = tuple(self._pricing.offer(held, len(unsold)))
        for title, terms in zip(unsold, self._lots, strict=False):
            self._house.offer_lot(title, "own", terms)
        for auction in list(self._house.open.values()) if self._is_wanted else []:
            self.wanted += self._bid_for(auction.id, auction.terms.reserve)
        self._house.clear_lots(self._pricing, 0)
        self._pricing.close(self._state.titles.held)

    def _bid_for(self, auction: int, reserve: int) -> bool:
        """Bids of anyone, in any order; ties among them, and lots without any."""
        most = reserve + (0 if self._roll(0, 4) == 0 else 2 * max(self._scale, reserve))
        bidders = self._dice.permutation(len(NAMES))[: self._roll(0, len(NAMES))]
        for bidder in bidders.tolist():
            self._nonce += 1
            price = self._roll(reserve, min(most, PURSE)) if reserve < PURSE else PURSE
            self._enter(SignedBid(bidder + 1, auction, NO_LISTING, price, max(self._state.slot, 0), self._nonce))
        return len(bidders) > 0

    def _enter(self, bid: SignedBid) -> None:
        """A bid that its bidder cannot pay, or that is too low, is refused."""
        try:
            self._house.enter(bid, 0)
        except Refused:
            return

    def _copy(self) -> None:
        """What a checkpoint would make of the rule."""
        own = self._pricing.own
        assert isinstance(own, BlamedPricing)
        if not isinstance(own.rule.source, type):
            return  # a function has nothing of its own
        self._pricing.own = BlamedPricing("", checkpointed(own.rule, self._fault))

    # What is promised

    def _check(self) -> None:
        """Tickets and money are conserved, and nobody's money is left behind a sale that is over."""
        state, titles = self._state, self._state.titles
        if titles.minted != len(titles.live) + titles.burned or sum(map(len, titles.holdings)) != len(titles.live):
            raise self._fault("a ticket was lost, or came from nowhere")
        if not state.ledger.is_balanced():
            raise self._fault("money was lost, or came from nowhere")
        for account in range(PROTOCOL + 1, len(state.accounts)):
            stake = len(titles.holdings[account]) * state.rules.collateral
            if state.ledger.escrowed(account) != stake:
                raise self._fault(f"{state.ledger.escrowed(account) - stake} Gwei stay behind bids of a past sale")

    def _carry_out(self, step: Callable[[], None]) -> None:
        """Do something in which the rule is asked."""
        self._step("the pricing")
        try:
            step()
        except Refused as refusal:
            raise self._fault(
                f"{refusal}".replace("the rule '' raised", "the rule raised") + hint(refusal)
            ) from refusal

    def _roll(self, low: int, high: int) -> int:
        return int(self._dice.integers(low, high + 1))

    def _fault(self, what: str) -> PricingFault:
        return PricingFault(f"history {self._seed}, slot {self._state.slot}: {what}")


FROZEN = ("does not support item", "can't set attribute", "'tuple' object has no attribute")


def hint(refusal: Refused) -> str:
    """What helps."""
    cause = refusal.__cause__
    if not isinstance(refusal, RuleBroken) or cause is None:
        return ""
    words = str(cause)
    if "'NoneType' object is not iterable" in words:
        return "; return an Award or None for each lot, or payments: is a return missing?"
    if any(frozen in words for frozen in FROZEN):
        return "; what it is shown cannot be changed: keep what it remembers in self"
    return hint_of_empty(cause)


def hint_of_empty(error: BaseException) -> str:
    """What may be empty, where a rule has looked into something that is."""
    if type(error) is IndexError:
        return "; a lot may have no offers, and view.sales is empty before the first sale"
    if type(error) is ValueError and "empty" in str(error):
        return "; a lot may have no offers"
    return ""
