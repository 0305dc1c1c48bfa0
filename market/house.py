"""The auction house: sales of tickets by the protocol and by their holders, and of blocks by their proposers.

A bid's money is in escrow from entry to the close of the auction, a listed ticket likewise, so that an award
always settles.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from chain.account import PROTOCOL
from chain.cap import check_room
from chain.collateral import return_collateral
from chain.errors import BadAmount, InsufficientFunds, NotProposer, RuleBroken
from chain.ledger import check_amount
from chain.protocol import get_right, mint_ticket
from chain.records import Records
from chain.state import State
from chain.ticket import LAST_SLOT, Title
from market.auction import Auction, StandingBid
from market.auction_rows import AuctionRows
from market.auctions import FORMATS, Award, Terms
from market.errors import AuctionClosed, BadTerms, BidTooLow, SelfDealing
from market.gate import Gate
from market.messages import Listing, SignedBid
from market.price_remedy import too_dear, too_low
from market.primary import Payment, Rule
from market.primary.lots import check_payments
from market.resale_times import Resale
from market.trades import Trades


class House:
    """All open auctions. `entry_gwei` is the participation cost K that a buyer sinks in each secondary sale."""

    def __init__(
        self,
        *,
        state: State,
        gate: Gate,
        resale: Resale,
        trades: Trades,
        records: Records,
        entry_gwei: int = 0,
    ) -> None:
        self._state = state
        self._gate = gate
        self._resale = resale
        self._trades = trades
        self._entry = entry_gwei
        self._rows = AuctionRows(records)
        self._auction_count = 0
        self._bid_count = 0
        self.open: dict[int, Auction] = {}
        self._listed: dict[int, Auction] = {}  # secondary auctions by ticket

    def offer_lot(self, title: Title, pricing: str, terms: Terms, ms: int = 0) -> Auction:
        """The protocol puts a ticket up for sale in this slot's primary market."""
        auction = Auction(
            id=self._next_number(),
            market="primary",
            format=pricing,
            terms=terms,
            seller=PROTOCOL,
            title=title,
            block=None,
            listing=None,
            opened=(self._state.slot, ms),
            deadline=self._state.slot,
        )
        self.open[auction.id] = auction
        return auction

    def open_sale(self, listing: Listing, ms: int) -> Auction:
        """A holder opens an auction of a ticket.

        Raises `BadTerms`, `BadAmount`, `NonceUsed`, `BadSignature`, `ResaleClosed` and what `Titles.free` raises.
        """
        return self._put_up("secondary", listing, ms, self._for_sale, block=None, deadline=listing.deadline)

    def open_building(self, listing: Listing, ms: int) -> Auction:
        """A holder sells the building of its drawn ticket's block and keeps the ticket.

        Raises `BadTerms`, `BadAmount`, `NonceUsed`, `BadSignature`, `ResaleClosed` and what `Titles.free` raises.
        """
        return self._put_up(
            "building", listing, ms, self._to_build, block=listing.block, deadline=listing.deadline
        )

    def open_block(self, listing: Listing, ms: int) -> Auction:
        """The holder of the present block's right sells its building. Raises `NotProposer` as well."""
        return self._put_up("block", listing, ms, self._of_right, block=listing.block, deadline=self._state.slot)

    def enter(self, bid: SignedBid, ms: int) -> int:
        """Take in a signed bid; it replaces the bidder's earlier one. Returns its number.

        Raises `AuctionClosed`, `BadAmount`, `BidTooLow`, `SelfDealing`, `NonceUsed`, `BadSignature`,
        `InsufficientFunds`, `CapExceeded`. A refused bid changes nothing.
        """
        auction = self.open.get(bid.auction)
        if auction is None:
            raise AuctionClosed(f"auction {bid.auction!r} is not open")
        check_amount(bid.price, "bid")
        if bid.price < auction.terms.reserve:
            raise BidTooLow(too_low(bid.price, auction.terms.reserve))
        if bid.bidder == auction.seller:
            raise SelfDealing(f"account {bid.bidder} bids in its own auction {auction.id}")
        if auction.is_of_ticket and bid.bidder not in auction.bids:
            check_room(self._state, bid.bidder)
        self._gate.check(bid.bidder, bid)
        self._pay_in(auction, bid)
        self._gate.use(bid.bidder, bid)
        id = self._bid_count
        self._bid_count += 1
        auction.bids[bid.bidder] = StandingBid(id, self._state.slot, ms, bid)
        return id

    def clear_sales(self, ms: int) -> None:
        """Close the holders' auctions that end in this slot, in the order in which they were opened."""
        self._clear([auction for auction in self.open.values() if auction.is_of_holder], ms)

    def sells_for(self, account: int) -> bool:
        """Whether an auction of this holder is open."""
        return any(auction.seller == account for auction in self._listed.values())

    def clear_sales_of(self, account: int, ms: int) -> None:
        """Close those of one holder."""
        self._clear([auction for auction in self._listed.values() if auction.seller == account], ms)

    def clear_lots(self, rule: Rule, ms: int) -> None:
        """Close the primary sale. Raises `RuleBroken` for a pricing rule that takes what was not bid."""
        due = [auction for auction in self.open.values() if auction.market == "primary"]
        if not due:
            return
        lots = [auction.lot() for auction in due]
        payments = rule.clear(lots)
        check_payments(lots, payments)
        paid: list[dict[int, Payment]] = [{} for _ in due]
        for payment in payments:
            paid[payment.lot][payment.bidder] = payment
        sold = {payment.wins: payment for payment in payments}
        for index, auction in enumerate(due):
            self._close_lot(auction, sold.get(index), paid[index], ms)

    def award_block(self, auction: Auction) -> Award | None:
        """Who would build the block, and for how much; nothing is settled yet."""
        return auction.award()

    def settle_block(self, auction: Auction, award: Award | None, ms: int) -> None:
        """The block was proposed: the builder pays its proposer."""
        if award is not None:
            self._state.ledger.settle("block", award.bidder, auction.seller, award.price, auction.serial)
            self._trades.block_sold(
                auction.format, auction.serial, auction.seller, award.bidder, award.price, ms, auction.id
            )
        self._close(auction, "unsold" if award is None else "sold", award)

    def withdraw(self, title: Title) -> None:
        """The ticket was drawn or burned: its holder's auction of it ends without a sale."""
        auction = self._listed.get(title.ticket.serial)
        if auction is not None:
            self._unlist(auction)
            self.cancel(auction)

    def cancel(self, auction: Auction) -> None:
        """End an auction without a sale."""
        self._close(auction, "withdrawn", None)

    def close(self) -> None:
        """Write down the auctions that are still open when the run ends; their escrow stays where it is."""
        for auction in self.open.values():
            for standing in auction.bids.values():
                self._rows.write_bid(standing, "open")
            self._rows.write(auction, "open", None, None)

    def _clear(self, auctions: Iterable[Auction], ms: int) -> None:
        """Close those that end in this slot."""
        for auction in auctions:
            if auction.deadline <= self._state.slot:
                self._clear_one(auction, ms)

    def _clear_one(self, auction: Auction, ms: int) -> None:
        award = auction.award()
        if award is not None:
            sell = self._sell_ticket if auction.is_of_ticket else self._sell_building
            sell(auction, award, ms)
        self._unlist(auction)
        self._close(auction, "unsold" if award is None else "sold", award)

    def _put_up(
        self,
        market: str,
        listing: Listing,
        ms: int,
        sold_by: Callable[[Listing], Title | None],
        *,
        block: int | None,
        deadline: int,
    ) -> Auction:
        """The way of every listing into the house. `sold_by` finds the title in question, and raises where the
        seller may not sell it in this market."""
        terms = check_listing(listing, self._state.slot)
        title = sold_by(listing)
        self._gate.check(listing.seller, listing)
        self._gate.use(listing.seller, listing)
        auction = Auction(
            id=self._next_number(),
            market=market,
            format=listing.format,
            terms=terms,
            seller=listing.seller,
            title=title,
            block=block,
            listing=listing,
            opened=(self._state.slot, ms),
            deadline=deadline,
        )
        self.open[auction.id] = auction
        if auction.is_of_holder:
            self._list(auction)
        return auction

    def _for_sale(self, listing: Listing) -> Title:
        title = self._free(listing)
        self._resale.check(title)
        return title

    def _to_build(self, listing: Listing) -> Title:
        title = self._free(listing)
        self._resale.check_building(title)
        if listing.block is None or listing.block != title.drawn_for or listing.deadline > listing.block:
            raise BadTerms(f"ticket {listing.ticket} builds block {title.drawn_for}; the sale must end by then")
        return title

    def _of_right(self, listing: Listing) -> Title | None:
        if listing.block != self._state.slot or get_right(self._state) != (listing.seller, listing.ticket):
            raise NotProposer(f"account {listing.seller} has no right to block {listing.block!r} to sell")
        return None if listing.ticket is None else self._state.titles.live[listing.ticket]

    def _free(self, listing: Listing) -> Title:
        if listing.ticket is None:
            raise BadTerms("a sale names its ticket")
        return self._state.titles.free(listing.ticket, listing.seller, listing.transfer_nonce)

    def _next_number(self) -> int:
        number = self._auction_count
        self._auction_count += 1
        return number

    def _list(self, auction: Auction) -> None:
        assert auction.title is not None
        self._state.titles.list(auction.title, auction.id)
        self._listed[auction.title.ticket.serial] = auction

    def _pay_in(self, auction: Auction, bid: SignedBid) -> None:
        """Lock the bid and a ticket's collateral, release the bid that it replaces, and sink the cost of entering
        the sale."""
        ledger, earlier = self._state.ledger, auction.bids.get(bid.bidder)
        entry = self._entry if auction.market == "secondary" and bid.bidder not in auction.entered else 0
        needed = bid.price + self._collateral(auction)
        back = 0 if earlier is None else earlier.bid.price + self._collateral(auction)
        free = ledger.free(bid.bidder)
        if needed + entry > free + back:
            raise InsufficientFunds(too_dear(needed + entry, free + back))
        if earlier is not None:
            ledger.release(bid.bidder, back, auction.serial)
            self._rows.write_bid(auction.bids.pop(bid.bidder), "replaced")
        elif auction.is_of_ticket:
            self._state.wanted[bid.bidder] += 1
        if entry:
            ledger.spend("entry", bid.bidder, entry, auction.serial)
            auction.entered.add(bid.bidder)
        ledger.lock(bid.bidder, needed, auction.serial)

    def _collateral(self, auction: Auction) -> int:
        """What a bidder locks beside its bid, Gwei."""
        return self._state.rules.collateral if auction.is_of_ticket else 0

    def _sell_ticket(self, auction: Auction, award: Award, ms: int) -> None:
        title = auction.title
        assert title is not None
        self._trades.ticket_sold(
            "secondary", auction.format, title, auction.seller, award.bidder, award.price, ms, auction.id
        )
        self._state.ledger.settle("trade", award.bidder, auction.seller, award.price, title.ticket.serial)
        return_collateral(self._state, title)
        self._state.titles.transfer(title, award.bidder, "trade")

    def _sell_building(self, auction: Auction, award: Award, ms: int) -> None:
        """The builder pays now, and builds the ticket's block; the seller stays its proposer."""
        title = auction.title
        assert title is not None
        assert auction.block is not None
        self._state.ledger.settle("block", award.bidder, auction.seller, award.price, title.ticket.serial)
        self._trades.building_sold(auction.format, title, auction.block, award.bidder, award.price, ms, auction.id)
        self._state.titles.assign(title, award.bidder)

    def _close_lot(self, auction: Auction, sale: Payment | None, paid: Mapping[int, Payment], ms: int) -> None:
        """End the sale of one lot. `sale` is the payment that wins it, maybe for a bid on another lot; `paid` are
        the payments for the bids on this one."""
        award = None
        if sale is not None:
            award = Award(sale.bidder, sale.price)
            self._sell_lot(auction, award, ms)
        if auction.bids:
            self._settle_bids(auction, paid)
        del self.open[auction.id]
        self._rows.write(auction, "unsold" if award is None else "sold", award, self._state.slot)

    def _settle_bids(self, auction: Auction, paid: Mapping[int, Payment]) -> None:
        """Burn what is paid without winning, and give back what is left of the bids on a lot."""
        for payment in paid.values():
            if payment.wins is None:
                self._state.ledger.burn(payment.bidder, payment.price, auction.serial)
        winners = {bidder for bidder, payment in paid.items() if payment.wins is not None}
        self._release(auction, {bidder: payment.price for bidder, payment in paid.items()}, winners, "lost")

    def _sell_lot(self, auction: Auction, award: Award, ms: int) -> None:
        title = self._minted(auction)
        self._trades.ticket_sold(
            "primary", auction.format, title, PROTOCOL, award.bidder, award.price, ms, auction.id
        )
        self._state.ledger.burn(award.bidder, award.price, title.ticket.serial)
        title.price_gwei = award.price
        self._state.titles.transfer(title, award.bidder, "primary")

    def _minted(self, auction: Auction) -> Title:
        """The ticket that a lot has sold; one of an elastic supply is minted now. Raises `RuleBroken`."""
        assert auction.title is not None
        if not self._state.rules.elastic:
            return auction.title
        auction.title, offered = mint_ticket(self._state), auction.title.ticket.serial
        if auction.title.ticket.serial != offered:
            raise RuleBroken(f"the pricing rule sold ticket {offered} before {auction.title.ticket.serial}")
        return auction.title

    def _unlist(self, auction: Auction) -> None:
        assert auction.title is not None
        del self._listed[auction.title.ticket.serial]
        if auction.title.listing is not None:
            self._state.titles.list(auction.title, None)

    def _close(self, auction: Auction, outcome: str, award: Award | None) -> None:
        """Release what is left in escrow, and write the auction and its bids."""
        spent = {} if award is None else {award.bidder: award.price}
        self._release(auction, spent, spent, "withdrawn" if outcome == "withdrawn" else "lost")
        del self.open[auction.id]
        self._rows.write(auction, outcome, award, self._state.slot)

    def _release(
        self, auction: Auction, spent: Mapping[int, int], winners: Container[int], otherwise: str
    ) -> None:
        """Give back of every bid what was not spent, but a winner's collateral, and write the bids: won, or
        `otherwise`."""
        for bidder, standing in auction.bids.items():
            self._state.wanted[bidder] -= auction.is_of_ticket
            rest = standing.bid.price - spent.get(bidder, 0)
            rest += 0 if bidder in winners else self._collateral(auction)
            if rest:
                self._state.ledger.release(bidder, rest, auction.serial)
            self._rows.write_bid(standing, "won" if bidder in winners else otherwise)


def check_listing(listing: Listing, slot: int) -> Terms:
    """The terms of a listing. Raises `BadTerms`, `BadAmount`."""
    if listing.format not in FORMATS:
        raise BadTerms(f"auction format {listing.format!r} is not one of {', '.join(FORMATS)}")
    for name in ("reserve", "start", "tick"):
        check_amount(getattr(listing, name), name)
    if listing.tick < 1:
        raise BadAmount("tick is 0; a clock moves by at least 1 Gwei")
    terms = Terms(listing.reserve, listing.start, listing.tick)
    fault = FORMATS[listing.format].fault(terms)
    if fault is not None:
        raise BadTerms(fault)
    if type(listing.deadline) is not int or not slot <= listing.deadline <= LAST_SLOT:
        raise BadTerms(f"the deadline is {listing.deadline!r}; it must be a slot from {slot} on")
    return terms
