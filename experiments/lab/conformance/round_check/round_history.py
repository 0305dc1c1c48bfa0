"""One random history of a small chain with rounds, played on the protocol and its book, and on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from chain.account import PROTOCOL, derive_accounts
from chain.eip712 import Domain
from chain.errors import Refused
from chain.ledger import names_of
from chain.present_right import get_right
from chain.protocol import (
    Proposal,
    close_slot,
    get_expiring,
    open_slot,
    process_empty_block,
    process_first_draws,
    process_genesis,
    process_proposal,
    process_return,
    process_void,
)
from chain.randomness import Streams
from chain.records import Records
from chain.rules import draw_rule
from chain.signatures import Unsigned
from chain.state import Rules, State, new_state
from chain.ticket import NEVER, Series, Title
from chain.transfer import Transfer, process_transfer
from experiments.lab.conformance.round_check.round_model import Paper, PaperOrder, PaperRounds, PaperTerms
from experiments.lab.conformance.rule_check.picture import difference, picture
from market.messages import Order
from market.resale_times import RESALE
from market.venues import open_venues

NAMES = ("ann", "bob", "cleo", "dan")
PURSE = 10**9
"""Gwei."""


class RoundFault(Exception):
    """The protocol and the model disagree."""


class RoundHistory:
    """A chain of four accounts whose rounds have `size` blocks, with terms and events drawn from `seed`."""

    def __init__(self, size: int, seed: int) -> None:
        self._seed = seed
        streams = Streams(seed)
        self._dice = streams.generator("history")
        terms = self._draw_terms(size)
        self._void = not terms.by_lot and self._roll(0, 2) == 0
        self._state = self._make_state(terms, streams)
        self._exchange = open_venues(
            state=self._state, records=Records(Path("unwritten"), {}), resale=RESALE["both"]
        ).exchange
        self._model = PaperRounds(terms, len(NAMES), PURSE, self._state.beacon.below)
        self._nonce = 0
        self.done: Counter[str] = Counter()
        for account in range(1, len(NAMES) + 1):
            self._state.ledger.endow(account, PURSE)

    def play(self, slots: int) -> Counter[str]:
        """How many operations of each kind the two agreed on. Raises `RoundFault`."""
        self._both("genesis", lambda: process_genesis(self._state), self._model.mint)
        self._sell()
        self._both("first draws", lambda: process_first_draws(self._state), self._draw_first)
        for _ in range(slots):
            self._slot()
        return self.done

    def _draw_terms(self, size: int) -> PaperTerms:
        by_lot = self._roll(0, 1) == 0
        supply = self._roll(2, 6)
        life = supply - 1
        ahead = self._roll(0, min(2, supply - 1))
        stake = self._roll(0, 1) * self._roll(size, 50)
        if by_lot:
            drawn = self._roll(0, 4)
            return PaperTerms(
                size, supply, drawn or None, ahead, by_lot, 0.5 * self._roll(0, 1), stake, stake // size
            )
        return PaperTerms(size, supply, life, ahead, by_lot, 0.0, stake, stake // size)

    def _make_state(self, terms: PaperTerms, streams: Streams) -> State:
        accounts = derive_accounts(streams, list(NAMES))
        rules = Rules(
            terms.supply,
            terms.life,
            terms.ahead,
            draw_rule("lottery" if terms.by_lot else "maturity"),
            terms.refund,
            haircut=0.1 if terms.by_lot else None,
            collateral=terms.stake,
            missed_fee=terms.fee,
            void=self._void,
            round=terms.size,
        )
        return new_state(
            rules=rules,
            accounts=accounts,
            signatures=Unsigned(Domain(1337)),
            streams=streams,
            records=Records(Path("unwritten"), names_of(accounts)),
        )

    # A slot

    def _slot(self) -> None:
        self._both("open", self._open, self._model.open)
        for _ in range(self._roll(0, 6)):
            self._act()
        self._settle()
        self._both("close", lambda: close_slot(self._state), self._model.close)
        if self._state.rules.ends_round(self._state.slot):
            self._sell()
        self._both("orders end", lambda: self._exchange.expire(0), self._model.expire_orders)
        if self._roll(0, 2) == 0:
            self._act()

    def _open(self) -> None:
        for title in open_slot(self._state):
            self._exchange.withdraw(title, 0)

    def _draw_first(self) -> None:
        for number in range(self._model.terms.ahead):
            self._model.draw(number)

    def _settle(self) -> None:
        """The block is proposed or missed, after what would be refused."""
        state, slot = self._state, self._state.slot
        self._both("off the market", self._leave_market, self._model.leave_market)
        right = get_right(state)
        if right is None or right.ticket is None:
            self._both("empty", lambda: process_empty_block(state), lambda: self._model.settle(True, 0, 0))
            return
        title = state.titles.live[right.ticket]
        builder, reward = title.builder or right.proposer, self._roll(0, 100)
        proposal = Proposal(slot, right.proposer, right.ticket, title.nonce, builder, reward)
        self._refused(process_proposal, state, proposal._replace(proposer=right.proposer % 4 + 1), reward)
        self._refused(process_proposal, state, proposal._replace(nonce=title.nonce + 1), reward)
        missed = self._roll(0, 3) == 0
        if missed:
            self._both("missed", lambda: process_empty_block(state), lambda: self._model.settle(True, 0, 0))
        else:
            self._both(
                "proposed",
                lambda: process_proposal(state, proposal, reward),
                lambda: self._model.settle(False, builder, reward),
            )
        self._refused(process_proposal, state, proposal, reward)

    def _leave_market(self) -> None:
        state = self._state
        drawn = state.draws[state.slot].ticket
        for title in [*get_expiring(state), *([] if drawn is None else [state.titles.live[drawn]])]:
            self._exchange.withdraw(title, 0)

    def _sell(self) -> None:
        """The primary sale: most tickets are sold, and of the others some rounds are void."""
        for title in list(self._state.titles.holdings[PROTOCOL].values()):
            if title.drawn_for is not None:
                continue
            if self._roll(0, 3):
                self._buy(title, self._anyone(), self._roll(0, 100))
            elif self._void:
                self._leave_void(title.ticket.serial)

    def _leave_void(self, serial: int) -> None:
        self._both("void", lambda: process_void(self._state, [serial]), lambda: self._model.burn_void(serial))

    def _buy(self, title: Title, buyer: int, price: int) -> None:
        serial = title.ticket.serial

        def buy() -> None:
            ledger = self._state.ledger
            ledger.lock(buyer, price + self._state.rules.collateral, serial)
            ledger.burn(buyer, price, serial)
            title.price_gwei = price
            self._state.titles.transfer(title, buyer, "primary")

        self._both("sold", buy, lambda: self._model.sell(serial, buyer, price))

    # What participants do

    def _act(self) -> None:
        acts = (self._give, self._ask, self._bid, self._cancel, self._return, self._lease, self._ask_too_late)
        acts[self._roll(0, len(acts) - 1)]()

    def _held(self) -> Title | None:
        """A ticket that somebody has and does not offer."""
        free = [
            title
            for title in self._state.titles.live.values()
            if title.owner != PROTOCOL and title.listing is None
        ]
        return free[self._roll(0, len(free) - 1)] if free else None

    def _give(self) -> None:
        title = self._held()
        if title is None:
            return
        serial, owner, taker = title.ticket.serial, title.owner, title.owner % len(NAMES) + 1
        self._refused(process_transfer, self._state, Transfer(owner, taker, serial, title.nonce + 1))
        transfer = Transfer(owner, taker, serial, title.nonce)
        self._both(
            "given", lambda: process_transfer(self._state, transfer), lambda: self._model.give(serial, taker)
        )

    def _return(self) -> None:
        title = self._held()
        if title is None:
            return
        what = (self._state, title.owner, title.ticket.serial, title.nonce, title.price_gwei)
        if title.drawn_for is not None or self._state.rules.haircut is None:
            self._refused(process_return, *what)
            return
        self._both(
            "returned",
            lambda: process_return(*what),
            lambda: self._model.give_back(title.ticket.serial, title.price_gwei),
        )

    def _lease(self) -> None:
        """The building of the ticket's next block is sold; then the ticket itself is not for sale."""
        title = self._held()
        if title is None or title.drawn_for is None or title.builder is not None:
            return
        builder, serial = self._anyone(), title.ticket.serial

        def lease() -> None:
            self._model.tickets[serial].builder = builder

        self._both("leased", lambda: self._state.titles.assign(title, builder), lease)
        self._refused(self._exchange.place, self._order(title.owner, title.series, 5, serial), 0)

    def _ask(self) -> None:
        title = self._held()
        if title is not None and title.builder is None and title.series.block >= self._state.slot:
            self._place(title.owner, title.series, self._roll(1, 100), title.ticket.serial)

    def _ask_too_late(self) -> None:
        """What is left of a round is another good than it was a block ago."""
        title = self._held()
        if title is None or title.drawn_for is None:
            return
        for block in (title.drawn_for - 1, title.drawn_for + 1):
            order = self._order(title.owner, Series(True, max(block, 0)), 5, title.ticket.serial)
            if order.series != title.series:
                self._refused(self._exchange.place, order, 0)

    def _bid(self) -> None:
        traded = sorted({title.series for title in self._state.titles.live.values()})
        traded = [series for series in traded if series.block >= self._state.slot]
        if traded:
            self._place(self._anyone(), traded[self._roll(0, len(traded) - 1)], self._roll(1, 100), None)

    def _place(self, maker: int, series: Series, price: int, ticket: int | None) -> None:
        paper = PaperOrder(maker, goods_of(series), price, ticket)
        if any(one.maker == maker and one.goods == paper.goods for one in self._model.orders.values()):
            return  # who meets oneself is not what is looked at here
        order = self._order(maker, series, price, ticket)
        meets = self._model.meets(paper)
        self._both(
            "filled" if meets else "bid" if ticket is None else "ask",
            lambda: self._exchange.place(order, 0),
            lambda: self._model.order(paper),
        )

    def _order(self, maker: int, series: Series, price: int, ticket: int | None) -> Order:
        side = "bid" if ticket is None else "ask"
        moves = 0 if ticket is None else self._state.titles.live[ticket].nonce
        self._nonce += 1
        return Order(maker, side, "gtc", series, ticket, moves, price, self._state.slot, NEVER, self._nonce)

    def _cancel(self) -> None:
        resting = list(self._model.orders.items())
        if resting:
            number, order = resting[self._roll(0, len(resting) - 1)]
            self._both(
                "cancelled",
                lambda: self._exchange.cancel(order.maker, number, 0),
                lambda: self._model.withdraw(number),
            )

    # Side by side

    def _both(self, what: str, real: Callable[[], object], paper: Callable[[], object]) -> None:
        """Do it on both, and compare everything."""
        real()
        paper()
        self.done[what] += 1
        found, due = self._real(), self._paper()
        for name, value in due.items():
            if found[name] != value:
                raise self._fault(f"after {what!r}: {name} is {found[name]}; there should be {value}")

    def _refused(self, operation: Callable[..., object], *arguments: object) -> None:
        before = picture(self._state)
        try:
            operation(*arguments)
        except Refused:
            if (changed := difference(before, picture(self._state))) is not None:
                raise self._fault(f"what was refused changed the state's {changed}") from None
            self.done["refused"] += 1
            return
        raise self._fault("what should be refused was not")

    def _real(self) -> dict[str, object]:
        state, accounts = self._state, range(1, len(NAMES) + 1)
        return {
            "the tickets": {serial: written(title) for serial, title in state.titles.live.items()},
            "the urn": list(state.urn),
            "the listings": {serial: title.listing for serial, title in state.titles.live.items()},
            "free money": [state.ledger.free(account) for account in accounts],
            "money in escrow": [state.ledger.escrowed(account) for account in accounts],
            "the right": None if (right := get_right(state)) is None else right.ticket,
            "minted and burned": (state.titles.minted, state.titles.burned),
            "quotes": {
                goods_of(quote.series): (quote.bid_gwei, quote.ask_gwei) for quote in self._exchange.quotes()
            },
        }

    def _paper(self) -> dict[str, object]:
        model, accounts = self._model, range(1, len(NAMES) + 1)
        present = None if model.is_settled or model.slot < 0 else model.present
        return {
            "the tickets": {serial: self._on_paper(one) for serial, one in model.tickets.items()},
            "the urn": model.urn,
            "the listings": {serial: one.ask for serial, one in model.tickets.items()},
            "free money": [model.free[account] for account in accounts],
            "money in escrow": [model.locked[account] for account in accounts],
            "the right": None if present is None or present.owner == PROTOCOL else present.serial,
            "minted and burned": (model.minted, len(model.ends)),
            "quotes": model.quotes(),
        }

    def _on_paper(self, one: Paper) -> tuple[object, ...]:
        """What `written` says of a ticket."""
        last = NEVER if one.last is None else one.last
        return one.owner, one.moves, one.first, last, series_of(self._model.goods(one)), one.builder

    def _roll(self, low: int, high: int) -> int:
        return int(self._dice.integers(low, high + 1))

    def _anyone(self) -> int:
        return self._roll(1, len(NAMES))

    def _fault(self, what: str) -> RoundFault:
        size, slot = self._state.rules.round, self._state.slot
        return RoundFault(f"rounds of {size}, history {self._seed}, slot {slot}: {what}")


def written(title: Title) -> tuple[object, ...]:
    """What is compared of a ticket."""
    ticket = title.ticket
    return title.owner, title.nonce, ticket.first_block, ticket.last_block, title.series, title.builder


def goods_of(series: Series) -> tuple[bool, int | None]:
    """A series on paper."""
    return series.drawn, None if series.block == NEVER else series.block


def series_of(goods: tuple[bool, int | None]) -> Series:
    """The same in the book."""
    return Series(goods[0], NEVER if goods[1] is None else goods[1])
