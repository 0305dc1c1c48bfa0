"""The table of blocks: one row a slot."""

from __future__ import annotations

from collections.abc import Iterable
from operator import sub
from typing import NamedTuple

from chain.ledger import BURNED, REFUNDS
from chain.records import Schema
from market.auctions import Clearing, Lot
from market.best_use import BestUse
from market.marketplace import Marketplace
from market.pbs import Outcome
from market.slot.rounds import RoundWriter

BLOCKS = Schema(
    "blocks",
    "One row a slot: the draw, the proposal, the reward and what became of it.",
    [
        ("slot", "integer", "slot, and number of its block"),
        ("reward_gwei", "gwei", "R_t: issuance, priority fees and MEV, Gwei"),
        ("status", "label", "proposed, missed, unsold (drawn while the protocol had it) or no_ticket"),
        ("ticket", "integer", "the ticket that was drawn for it; missing without tickets"),
        ("urn", "integer", "undrawn tickets at its draw"),
        ("draw_word", "bytes32", "the beacon's first word for it: keccak(seed ‖ slot ‖ 0)"),
        ("proposer", "account", "who held the right"),
        ("builder", "account", "who built it; missing where it was left unexploited"),
        ("signature", "signature", "the proposer's EIP-712 signature of the proposal; missing in an unsigned run"),
        ("cost_gwei", "gwei", "θ of the builder, Gwei"),
        ("block_price_gwei", "gwei", "what the builder paid its proposer just in time, Gwei"),
        ("net_gwei", "gwei", "reward, or the captured share of it, − cost of an exploited block, else 0, Gwei"),
        ("best_gwei", "gwei", "the most that anyone could have made of it, net: max over θ of (R − θ)^+, Gwei"),
        (
            "primary_gwei",
            "gwei",
            "burned in this slot: what the primary sale was paid, and the fee for a missed slot, and gas, Gwei",
        ),
        ("refund_gwei", "gwei", "returned by the protocol in this slot, Gwei"),
        ("minted", "integer", "tickets minted in this slot"),
        ("expired", "integer", "tickets that expired in this slot"),
        ("live", "integer", "live tickets at its end"),
        ("held", "integer", "of them, held by participants"),
        (
            "squares",
            "integer",
            "sum over holders of the square of their tickets: 10,000 × squares / held² is the HHI",
        ),
    ],
)

SIGNALS = Schema(
    "signals",
    "One row a slot, in runs where everyone sees one of these figures; no rows in others.",
    [
        ("slot", "integer", "the slot"),
        (
            "quote_gwei",
            "gwei",
            "price of the next ticket of the protocol, at the slot's end, Gwei",
        ),
        ("volatility", "number", "volatility index V of the slot, where builders capture a share of the reward"),
    ],
)


class Settled(NamedTuple):
    """What became of a block: how it was proposed, and how many tickets expired after it."""

    outcome: Outcome
    expired: int


class BlockWriter:
    """Writes a row for each slot: `begin`, as the slot opens, and `write` at its end; and for each round, where it
    has several blocks: `note_sale` after a primary sale."""

    def __init__(self, market: Marketplace) -> None:
        self._market = market
        self._blocks = market.records.table(BLOCKS)
        self._signals = market.records.table(SIGNALS)
        self._rounds = None
        if market.state.rules.round > 1:
            self._rounds = RoundWriter(market.state, market.records)
        self._best = BestUse(market.costs)
        self._reward = 0
        self._before = (0, 0, 0)

    def begin(self, reward: int) -> None:
        """A slot with this reward begins, Gwei."""
        self._reward = reward
        self._before = self._totals()
        if self._rounds is not None:
            self._rounds.begin()

    def note_sale(self, done: Iterable[tuple[Lot, Clearing]]) -> None:
        """A primary sale is over, and what is void not yet burned."""
        if self._rounds is not None:
            self._rounds.note_sale(done)

    def write(self, settled: Settled) -> None:
        """The slot is over. There are many: the row is in the order of `BLOCKS`, without its names."""
        state, outcome, right = self._market.state, settled.outcome, settled.outcome.right
        slot, titles, drawn = state.slot, state.titles, state.draws.get(state.slot)
        net, best = net_of(outcome), self._best.net(slot, self._reward)
        self._blocks.append(
            (
                slot,
                self._reward,
                outcome.status,
                None if drawn is None else drawn.ticket,
                None if drawn is None else drawn.urn,
                state.beacon.word(slot),
                None if right is None else right.proposer,
                outcome.builder,
                outcome.signature,
                outcome.cost_gwei,
                outcome.price_gwei,
                net,
                best,
                *map(sub, self._totals(), self._before),
                settled.expired,
                len(titles.live),
                titles.held,
                titles.squares,
            )
        )
        if self._rounds is not None:
            self._rounds.add(outcome, self._reward, net, best)
        self._write_signal()

    def _write_signal(self) -> None:
        """What everyone sees at the end of a slot, where there is something to see."""
        market, slot = self._market, self._market.state.slot
        price = market.pricing.price
        if price is None and market.volatility is None:
            return
        quote = None if price is None or not market.state.rules.supply else price.now_gwei
        index = None if market.volatility is None else market.volatility.at(slot)
        if quote is not None or index is not None:
            self._signals.append(SIGNALS.row(slot=slot, quote_gwei=quote, volatility=index))

    def _totals(self) -> tuple[int, int, int]:
        """What has been burned and refunded since genesis, Gwei, and how many tickets were minted."""
        state = self._market.state
        return state.ledger.total(BURNED), state.ledger.total(REFUNDS), state.titles.minted


def net_of(outcome: Outcome) -> int:
    """What the builder made of the block after its cost, Gwei; 0 where nobody built it."""
    if outcome.builder is None:
        return 0
    return (outcome.gross_gwei or 0) - (outcome.cost_gwei or 0)
