"""Every auction, cleared again from its bids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from experiments.lab.verify.deed import Deed
from experiments.lab.verify.fault import Fault, agree, in_place, misfit
from experiments.lab.verify.money_audit import DuePayment, Money, burning, escrow
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.reserve_audit import ReserveAudit
from experiments.lab.verify.rows import AuctionRow, BidRow
from experiments.lab.verify.running_auction import RunningAuction
from experiments.lab.verify.title_audit import TitleAudit
from experiments.lab.verify.trade_audit import TradeAudit
from experiments.lab.verify.winning_bids import WinningBids
from market.auctions import NOTHING, OWN, Clearing, Lot, Payment, Terms, clearings
from market.entry_costs import REASONS


class Auctions:
    """All open auctions: of the protocol (primary), of holders (secondary), of the present block."""

    def __init__(
        self,
        premises: Premises,
        now: Now,
        titles: TitleAudit,
        money: Money,
        trades: TradeAudit,
        reserves: ReserveAudit,
        mint: Callable[[], Deed],
    ) -> None:
        self._premises = premises
        self._now = now
        self._titles = titles
        self._money = money
        self._trades = trades
        self._reserves = reserves
        self._mint = mint
        self._open: dict[int, RunningAuction] = {}
        self._pricing = premises.pricing
        self.block: RunningAuction | None = None
        self._ended = 0  # bids
        self.count = 0
        self.bids = 0

    @property
    def is_own_pricing(self) -> bool:
        """Whether the primary market's rule is a user's: then its awards are checked to be within the bids."""
        return self._premises.is_own_pricing

    @property
    def quote(self) -> int | None:
        """The price that the protocol posts, if it posts one, Gwei."""
        price = self._pricing.price
        return None if price is None else price.now_gwei

    def offer_lots(self, rows: Iterator[AuctionRow], published: Sequence[Terms]) -> None:
        """The protocol puts up for sale what it has and what is not drawn, on the terms of its rule; those of a
        rule of one's own are believed as they are `published`."""
        serials = self._offered()
        due = self._reserves.due(serials, published)
        for serial, terms in zip(serials, self._believed_terms(due, published), strict=False):
            row = next(rows, None)
            if row is None:
                missing = f"one of ticket {serial} in slot {self._now.slot}"
                raise Fault("auctions", None, None, "no primary sale", missing)
            self._agree_lot(row, serial, terms)
            self._open[row.auction] = RunningAuction(row, self._titles.unsold.get(serial))

    def open_sale(self, row: AuctionRow) -> None:
        """A holder puts a ticket up for sale."""
        deed = self._titles.free(row, row.seller)
        if not self._premises.resale.allows(deed.drawn_for is not None) or deed.builder is not None:
            raise misfit(row, "ticket", "a ticket that may be resold now")
        agree(row, block=None)
        if row.deadline < self._now.slot or row.format not in self._premises.formats:
            raise misfit(row, "deadline", "terms that make sense")
        deed.listing = f"auction {row.auction}"
        self._open[row.auction] = RunningAuction(row, deed)

    def open_building(self, row: AuctionRow) -> None:
        """A holder sells the building of its drawn ticket's block, and keeps the ticket."""
        deed = self._titles.free(row, row.seller)
        if not self._premises.resale.building or deed.drawn_for is None or deed.builder is not None:
            raise misfit(row, "ticket", "a ticket whose block's building may be sold now")
        agree(row, block=deed.drawn_for)
        if not self._now.slot <= row.deadline <= deed.drawn_for or row.format not in self._premises.formats:
            raise misfit(row, "deadline", "terms that make sense")
        deed.listing = f"auction {row.auction}"
        self._open[row.auction] = RunningAuction(row, deed)

    def open_block(self, row: AuctionRow, proposer: str | None, deed: Deed | None) -> None:
        """The proposer sells the building of the present block."""
        agree(
            row,
            seller=proposer,
            format=self._premises.config.market.block_sale,
            block=self._now.slot,
            deadline=self._now.slot,
            tick_gwei=1,
        )
        agree(row, ticket=None if deed is None else deed.serial, transfer_nonce=0 if deed is None else deed.nonce)
        is_sold = deed is not None and deed.builder is not None
        if is_sold or self.block is not None or self._premises.config.market.pbs == "off":
            raise misfit(row, "market", "no (further) sale of the block")
        if row.start_gwei:
            self._money.lock(row.seller, row.start_gwei, row.ticket)
        self.block = self._open[row.auction] = RunningAuction(row, deed)

    def enter(self, row: BidRow) -> RunningAuction:
        """A bid comes in, and replaces the bidder's earlier one. Returns the auction."""
        sale = self._open.get(row.auction)
        if sale is None:
            raise misfit(row, "auction", "an auction that is open")
        if row.price_gwei < sale.row.reserve_gwei or row.bidder == sale.row.seller:
            raise misfit(row, "price_gwei", f"at least {sale.row.reserve_gwei}", "and not the seller's own")
        serial = sale.row.ticket
        earlier = sale.bids.pop(row.bidder, None)
        if earlier is not None:
            self._money.release(row.bidder, self._locked(sale, earlier), serial)
            self._end(earlier, "replaced")
        elif sale.is_of_ticket:
            self._titles.check_room(row, "bidder")
            self._titles.wanted[row.bidder] += 1
        cost = self._premises.entry.of(sale.row.market, self._premises.numbers[row.bidder])
        if cost and row.bidder not in sale.entered:
            self._money.spend(REASONS[sale.row.market], row.bidder, cost, serial)
            sale.entered.add(row.bidder)
        self._money.lock(row.bidder, self._locked(sale, row), serial)
        sale.bids[row.bidder] = row
        self.bids += 1
        return sale

    def clear_sales(self) -> None:
        """The holders' auctions close whose deadline is this slot."""
        for sale in self._of("secondary", "building"):
            self._clear_if_due(sale)

    def clear_sales_of(self, seller: str) -> None:
        """Those of one holder close."""
        for sale in self._of("secondary", "building"):
            if sale.row.seller == seller:
                self._clear_if_due(sale)

    def clear_lots(self) -> list[int]:
        """The primary sale closes. Returns which tickets stayed unsold, as far as its rule is known."""
        due = self._of("primary")
        if self._premises.has_own_lots:
            self._clear_believed(due)
            return []
        lots = [sale.lot(self._premises) for sale in due]
        ends = clearings(lots, self._payments(due, lots))
        for sale, clearing in zip(due, ends, strict=True):
            self._settle(sale, clearing)
        self._reserves.close(zip(lots, ends, strict=True))
        self._pricing.close(self._titles.held)
        return [lot.ticket for lot, end in zip(lots, ends, strict=True) if end.sale is None]

    def clear_block(self) -> Clearing:
        """Who builds the present block, and who pays what, if it is for sale."""
        return NOTHING if self.block is None else self._cleared(self.block)

    def settle_block(self, clearing: Clearing) -> None:
        """The block was proposed: its proposer is paid."""
        sale, self.block = self.block, None
        if sale is not None:
            self._settle(sale, clearing)

    def cancel_block(self) -> None:
        """The block is not proposed by who put it up for sale."""
        sale, self.block = self.block, None
        if sale is not None:
            self._close(sale, NOTHING, "withdrawn", "withdrawn")

    def drop_block_unless_sold_by(self, proposer: str | None) -> None:
        """Whoever has sold the ticket meanwhile does not sell the block any more."""
        if self.block is not None and self.block.row.seller != proposer:
            self.cancel_block()

    def withdraw(self, deed: Deed) -> None:
        """The ticket was drawn or ends: its holder's auction of it ends without a sale."""
        for sale in self._of("secondary", "building") if deed.listing is not None else ():
            if sale.deed is deed:
                deed.listing = None
                self._close(sale, NOTHING, "withdrawn", "withdrawn")

    def close(self) -> Counter[str]:
        """What is open at the end of the run; the money behind it, by bidder."""
        left: Counter[str] = Counter()
        for sale in self._open.values():
            agree(sale.row, bids=len(sale.bids), outcome="open", winner=None, price_gwei=None, closed_slot=None)
            for bid in sale.bids.values():
                self._end(bid, "open")
                left[bid.bidder] += self._locked(sale, bid)
        return left

    def _clear_if_due(self, sale: RunningAuction) -> None:
        if sale.row.deadline <= self._now.slot:
            self._settle(sale, self._cleared(sale))

    def _of(self, *markets: str) -> list[RunningAuction]:
        return [sale for sale in self._open.values() if sale.row.market in markets]

    def _offered(self) -> Sequence[int]:
        """The serials of the tickets that the protocol can sell; those of an elastic supply are not minted yet."""
        if self._premises.rules.elastic and self._premises.has_tickets:
            return range(self._titles.minted, self._titles.minted + self._premises.rules.supply)
        return [deed.serial for deed in self._titles.unsold.values() if deed.drawn_for is None]

    def _agree_lot(self, row: AuctionRow, serial: int, terms: Terms) -> None:
        slot, ms = self._now.slot, self._now.ms
        agree(row, market="primary", format=self._premises.primary_name, seller=self._premises.protocol)
        agree(row, ticket=serial, transfer_nonce=0, block=None, opened_slot=slot, opened_ms=ms, deadline=slot)
        agree(row, reserve_gwei=terms.reserve, start_gwei=terms.start, tick_gwei=terms.tick)
        agree(row, nonce=None, signature=None)

    def _cleared(self, sale: RunningAuction) -> Clearing:
        """What its format makes of the bids; of one of the user's own, what the table says of the winner."""
        lot = sale.lot(self._premises)
        format = self._premises.formats[sale.row.format]
        (clearing,) = clearings([lot], self._believed(sale, 0) if format is None else format.clear(lot))
        return clearing

    def _payments(self, due: list[RunningAuction], lots: list[Lot]) -> list[Payment]:
        """Who pays what in the primary sale and wins which lot."""
        if not self.is_own_pricing:
            return self._pricing.clear(lots) if due else []
        return [payment for place, sale in enumerate(due) for payment in self._believed(sale, place)]

    def _believed(self, sale: RunningAuction, place: int) -> list[Payment]:
        """Whom the table calls the winner, under a rule of one's own. Raises `Fault` for more than was bid."""
        row = sale.row
        if row.winner is None or row.price_gwei is None:
            return []
        bid = sale.bids.get(row.winner)
        if bid is None or not 0 <= row.price_gwei <= bid.price_gwei:
            raise misfit(row, "price_gwei", "a price that the winner bid")
        return [Payment(place, self._premises.number(row, "winner"), row.price_gwei, place)]

    def _believed_terms(self, due: Sequence[Terms], published: Sequence[Terms]) -> Sequence[Terms]:
        """As many as may be sold, at what is asked at least."""
        if not self._premises.has_own_lots:
            return due
        least = due[0].reserve if due else 0
        if any(terms.reserve < least or terms.tick < 1 for terms in published):
            raise Fault("auctions", None, "reserve_gwei", published, f"lots for at least {least} Gwei")
        return published[: len(due)]

    def _clear_believed(self, due: Sequence[RunningAuction]) -> None:
        """The primary sale under a rule of one's own, as the tables have it: each winner has as many winning bids,
        on whichever lots, and no lot is dearer than its bid."""
        won = WinningBids()
        for sale in due:
            won.add(sale.row, sale.bids.values())
        won.check()
        for sale in due:
            self._close_believed(sale)
        for name, most, total in won.released():
            self._money.may_release(name, most, total)

    def _close_believed(self, sale: RunningAuction) -> None:
        """The winner pays and gets the lot; who has lost may pay too. What comes back of winning bids is known of
        all of them together."""
        row = sale.row
        payment = None
        if row.winner is not None and row.price_gwei is not None:
            payment = Payment(0, self._premises.number(row, "winner"), row.price_gwei, 0)
            self._sell(sale, row.winner, row.price_gwei)
        for bidder, bid in sale.bids.items():
            self._titles.wanted[bidder] -= 1
            if bid.outcome != "won":
                self._money.may_pay(bidder, self._due(sale, bidder, bid.price_gwei), self._locked(sale, bid))
            self._end(bid, "won" if bid.outcome == "won" else "lost")
        self._agree_end(sale, "unsold" if payment is None else "sold", payment)

    def _settle(self, sale: RunningAuction, clearing: Clearing) -> None:
        """The winner pays and gets it, others pay that are to, and the rest of what was bid comes back."""
        won = clearing.sale
        if won is not None:
            sell = {"block": self._sell_block, "building": self._sell_building}.get(sale.row.market, self._sell)
            sell(sale, self._premises.names[won.bidder], won.price)
        for payment in clearing.paid.values():
            if payment.wins is None:
                self._pay(sale, self._premises.names[payment.bidder], payment.price)
        self._close(sale, clearing, "unsold" if won is None else "sold", "lost")

    def _pay(self, sale: RunningAuction, bidder: str, price: int) -> None:
        self._money.expect(self._due(sale, bidder, price))

    def _due(self, sale: RunningAuction, bidder: str, price: int) -> DuePayment:
        """To the seller, out of escrow; what the protocol is paid is burned."""
        row = sale.row
        if row.market == "primary":
            return burning(bidder, price, row.ticket)
        reason = "trade" if sale.is_of_ticket else "block"
        return DuePayment(reason, escrow(bidder), row.seller, price, row.ticket)

    def _is_own(self, sale: RunningAuction) -> bool:
        """Whether it is held in a format of the user's own: then losers may pay too, at most what they bid."""
        return sale.row.format == OWN

    def _sell(self, sale: RunningAuction, winner: str, price: int) -> None:
        row, deed = sale.row, sale.deed or self._mint()
        if deed.serial != row.ticket:
            raise misfit(row, "ticket", deed.serial, "tickets are minted in the order in which they are sold")
        self._trades.by_auction(row.market, row.format, deed, winner, price, row.auction)
        self._pay(sale, winner, price)
        if row.market == "primary":
            deed.price_gwei = price
        else:
            self._money.release_collateral(deed)
        self._titles.transfer(deed, winner, "primary" if row.market == "primary" else "trade")

    def _sell_building(self, sale: RunningAuction, winner: str, price: int) -> None:
        """The builder pays now; the ticket stays where it is."""
        assert sale.deed is not None
        self._trades.of_building(sale.row.format, sale.deed, winner, price, sale.row.auction)
        self._pay(sale, winner, price)
        sale.deed.builder = winner

    def _sell_block(self, sale: RunningAuction, winner: str, price: int) -> None:
        row = sale.row
        self._pay(sale, winner, price)
        self._trades.of_block(row.format, row.ticket, row.seller, winner, price, row.auction)

    def _close(self, sale: RunningAuction, clearing: Clearing, outcome: str, otherwise: str) -> None:
        """Return of every bid what was not paid, but a winner's collateral; the rows must say how it went."""
        winners = {self._premises.names[bidder] for bidder in clearing.winners}
        for bidder, bid in sale.bids.items():
            self._titles.wanted[bidder] -= sale.is_of_ticket
            rest = clearing.left(self._premises.numbers[bidder], bid.price_gwei)
            rest += 0 if bidder in winners else self._collateral(sale)
            if bidder not in winners and outcome != "withdrawn" and self._is_own(sale):
                self._money.may_pay(bidder, self._due(sale, bidder, bid.price_gwei), rest)
            elif rest:
                self._money.release(bidder, rest, sale.row.ticket)
            self._end(bid, "won" if bidder in winners else otherwise)
        if sale.row.market == "block" and sale.row.start_gwei:
            self._give_back(sale, clearing.sale is not None)
        self._agree_end(sale, outcome, clearing.sale)

    def _give_back(self, sale: RunningAuction, is_sold: bool) -> None:
        """What a block's seller promised to those who bid, in equal parts; the rest is its own again."""
        row, bidders = sale.row, list(sale.bids)
        each = row.start_gwei // len(bidders) if is_sold else 0
        for bidder in bidders if each else ():
            self._money.settle("rebate", row.seller, bidder, each, row.ticket)
        self._money.release_if_any(row.seller, row.start_gwei - each * len(bidders), row.ticket)

    def _agree_end(self, sale: RunningAuction, outcome: str, won: Payment | None) -> None:
        """The row must say how the sale went."""
        winner = None if won is None else self._premises.names[won.bidder]
        price = None if won is None else won.price
        in_place(sale.row, self.count)
        agree(sale.row, bids=len(sale.bids), outcome=outcome, winner=winner, price_gwei=price)
        agree(sale.row, closed_slot=self._now.slot)
        if sale.deed is not None and sale.row.market in ("secondary", "building"):
            sale.deed.listing = None
        del self._open[sale.row.auction]
        self.count += 1

    def _collateral(self, sale: RunningAuction) -> int:
        """What a bidder locks beside its bid, Gwei."""
        return self._premises.rules.collateral if sale.is_of_ticket else 0

    def _locked(self, sale: RunningAuction, bid: BidRow) -> int:
        """What a standing bid has in escrow, Gwei."""
        return bid.price_gwei + self._collateral(sale)

    def _end(self, bid: BidRow, outcome: str) -> None:
        in_place(bid, self._ended)
        self._ended += 1
        if bid.outcome != outcome:
            raise misfit(bid, "outcome", outcome)
