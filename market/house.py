"""The auction house: sales of tickets by the protocol and by their holders, and of blocks by their proposers.

A bid's money is in escrow from entry to the close of the auction, a listed ticket likewise, so that an award
always settles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from chain.account import PROTOCOL
from chain.collateral import return_collateral
from chain.errors import BadAmount, NotProposer, RuleBroken
from chain.known_seed import check_seed_unknown
from chain.ledger import check_amount
from chain.minting import mint_ticket
from chain.named_tuples import make
from chain.present_right import get_right
from chain.records import Records
from chain.state import State
from chain.ticket import LAST_SLOT, Title
from market.auction import Auction
from market.auction_rows import AuctionRows
from market.auctions import FORMATS, NOTHING, AuctionFormat, Clearing, Terms, clearings
from market.auctions.clearing import clearing_of
from market.auctions.terms import Lot, Payment
from market.bid_entry import BidEntry
from market.entry_costs import FREE, EntryCosts
from market.errors import AuctionClosed, BadTerms
from market.gate import Gate
from market.messages import Listing, SignedBid
from market.primary import Rule
from market.resale_times import Resale, check_left
from market.trades import Trades


class House:
    """All open auctions. `entry` is the participation cost K that a bidder sinks in each sale of a ticket;
    `formats` are those in which its participants may sell, by name."""

    def __init__(
        self,
        *,
        state: State,
        gate: Gate,
        resale: Resale,
        trades: Trades,
        records: Records,
        entry: EntryCosts = FREE,
        formats: Mapping[str, AuctionFormat] = FORMATS,
    ) -> None:
        self._state = state
        self._gate = gate
        self._resale = resale
        self._trades = trades
        self._formats = formats
        self._rows = AuctionRows(records)
        self._auction_count = 0
        self.open: dict[int, Auction] = {}
        self._listed: dict[int, Auction] = {}  # secondary auctions by ticket
        self.entry = BidEntry(state=state, gate=gate, rows=self._rows, open=self.open, costs=entry)
        """The way in for bids."""

    def offer_lot(self, title: Title, pricing: str, terms: Terms, ms: int = 0) -> Auction:
        """The protocol puts a ticket up for sale in this slot's primary market. Raises `AuctionClosed` for one
        that has been drawn, `SeedKnown` for one that would be minted between the first draws and block 0."""
        if title.drawn_for is not None:
            raise AuctionClosed(f"ticket {title.ticket.serial} is drawn for block {title.drawn_for}")
        if self._state.rules.elastic:
            check_seed_unknown(self._state)
        slot = self._state.slot
        what = (self._next_number(), "primary", pricing, terms, PROTOCOL, title, None, None)
        auction = Auction(*what, (slot, ms), slot)
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
        """The holder of the present block's right sells its building. Raises `NotProposer` as well, and
        `InsufficientFunds` for a rebate that it has not."""
        return self._put_up("block", listing, ms, self._of_right, block=listing.block, deadline=self._state.slot)

    def enter(self, bid: SignedBid, ms: int) -> int:
        """Take in a signed bid; it replaces the bidder's earlier one. Returns its number.

        Raises `AuctionClosed`, `BadTerms`, `OrderExpired`, `BadAmount`, `BidTooLow`, `SelfDealing`, `NonceUsed`,
        `BadSignature`, `InsufficientFunds`, `CapExceeded`. A refused bid changes nothing.
        """
        return self.entry.enter(bid, ms)

    def clear_sales(self, ms: int) -> None:
        """Close the holders' auctions that end in this slot, in the order in which they were opened."""
        self._clear([auction for auction in self.open.values() if auction.is_of_holder], ms)

    def sells_for(self, account: int) -> bool:
        """Whether an auction of this holder is open."""
        return any(auction.seller == account for auction in self._listed.values())

    def clear_sales_of(self, account: int, ms: int) -> None:
        """Close those of one holder."""
        self._clear([auction for auction in self._listed.values() if auction.seller == account], ms)

    def clear_lots(self, rule: Rule, ms: int) -> list[tuple[Lot, Clearing]]:
        """Close the primary sale: its lots, and how each ends. Raises `RuleBroken` for a pricing rule that takes
        what was not bid."""
        due = [auction for auction in self.open.values() if auction.market == "primary"]
        if not due:
            return []
        lots = [auction.lot() for auction in due]
        ends = clearings(lots, rule.clear(lots))
        for auction, clearing in zip(due, ends, strict=True):
            self._settle(auction, clearing, ms)
        return list(zip(lots, ends, strict=True))

    def clear_block(self, auction: Auction) -> Clearing:
        """Who would build the block, and who would pay what; nothing is settled yet. Raises `RuleBroken`."""
        return self._cleared(auction)

    def settle_block(self, auction: Auction, clearing: Clearing, ms: int) -> None:
        """The block was proposed: its proposer is paid."""
        self._settle(auction, clearing, ms)

    def withdraw(self, title: Title) -> None:
        """The ticket was drawn or burned: its holder's auction of it ends without a sale."""
        auction = self._listed.get(title.ticket.serial)
        if auction is not None:
            self._unlist(auction)
            self.cancel(auction)

    def cancel(self, auction: Auction) -> None:
        """End an auction without a sale."""
        self._close(auction, NOTHING, "withdrawn", "withdrawn")

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
                self._settle(auction, self._cleared(auction), ms)

    def _cleared(self, auction: Auction) -> Clearing:
        """What its format makes of the standing bids. Raises `RuleBroken` for one that takes what was not bid."""
        lot = auction.lot()
        return clearing_of(lot, self._formats[auction.format].clear(lot))

    def _settle(self, auction: Auction, clearing: Clearing, ms: int) -> None:
        """The way in which every sale ends: the winner pays and gets it, others pay that are to, the rest of what
        was bid comes back."""
        sale = clearing.sale
        if sale is not None:
            self._hand_over(auction, sale, ms)
        for payment in clearing.paid.values():
            if payment.wins is None:
                self._pay(auction, payment)
        if auction.is_of_holder:
            self._unlist(auction)
        self._close(auction, clearing, "unsold" if sale is None else "sold", "lost")

    def _hand_over(self, auction: Auction, sale: Payment, ms: int) -> None:
        match auction.market:
            case "primary":
                self._sell_lot(auction, sale, ms)
            case "secondary":
                self._sell_ticket(auction, sale, ms)
            case "building":
                self._sell_building(auction, sale, ms)
            case _:
                self._sell_block(auction, sale, ms)

    def _pay(self, auction: Auction, payment: Payment) -> None:
        """To the seller, out of escrow; what the protocol is paid is burned."""
        ledger = self._state.ledger
        if auction.market == "primary":
            ledger.burn(payment.bidder, payment.price, auction.serial)
        else:
            reason = "trade" if auction.is_of_ticket else "block"
            ledger.settle(reason, payment.bidder, auction.seller, payment.price, auction.serial)

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
        terms = check_listing(listing, self._state.slot, self._formats)
        title = sold_by(listing)
        self._gate.check(listing.seller, listing)
        if market == "block" and terms.start:
            self._state.ledger.lock(listing.seller, terms.start, listing.ticket)
        self._gate.use(listing.seller, listing)
        what = (self._next_number(), market, listing.format, terms, listing.seller, title, block, listing)
        auction = Auction(*what, (self._state.slot, ms), deadline, self._gate.name_of(listing))
        self.open[auction.id] = auction
        if auction.is_of_holder:
            self._list(auction)
        return auction

    def _for_sale(self, listing: Listing) -> Title:
        check_sold(listing, "ticket")
        if listing.block is not None:
            raise BadTerms(
                f"the listing of ticket {listing.ticket} names block {listing.block}; a ticket's has none"
            )
        title = self._free(listing)
        self._resale.check(title)
        check_left(title, listing.deadline)
        return title

    def _to_build(self, listing: Listing) -> Title:
        check_sold(listing, "building")
        title = self._free(listing)
        self._resale.check_building(title)
        if listing.block is None or listing.block != title.drawn_for or listing.deadline > listing.block:
            raise BadTerms(f"ticket {listing.ticket} builds block {title.drawn_for}; the sale must end by then")
        return title

    def _of_right(self, listing: Listing) -> Title | None:
        check_sold(listing, "block")
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

    def _collateral(self, auction: Auction) -> int:
        """What a bidder locks beside its bid, Gwei."""
        return self._state.rules.collateral if auction.is_of_ticket else 0

    def _sell_ticket(self, auction: Auction, sale: Payment, ms: int) -> None:
        title = auction.title
        assert title is not None
        self._trades.ticket_sold(
            "secondary", auction.format, title, auction.seller, sale.bidder, sale.price, ms, auction.id
        )
        self._pay(auction, sale)
        return_collateral(self._state, title)
        self._state.titles.transfer(title, sale.bidder, "trade")

    def _sell_building(self, auction: Auction, sale: Payment, ms: int) -> None:
        """The builder pays now, and builds the ticket's block; the seller stays its proposer."""
        title = auction.title
        assert title is not None
        assert auction.block is not None
        self._pay(auction, sale)
        self._trades.building_sold(auction.format, title, auction.block, sale.bidder, sale.price, ms, auction.id)
        self._state.titles.assign(title, sale.bidder)

    def _sell_block(self, auction: Auction, sale: Payment, ms: int) -> None:
        self._pay(auction, sale)
        who = (auction.seller, sale.bidder)
        self._trades.block_sold(auction.format, auction.serial, *who, sale.price, ms, auction.id)

    def _give_back(self, auction: Auction, is_sold: bool) -> None:
        """What the seller of a block has promised to those who bid for it, in equal parts; the rest is its own."""
        ledger, seller, serial = self._state.ledger, auction.seller, auction.serial
        each = auction.terms.start // len(auction.bids) if is_sold else 0
        for bidder in auction.bids if each else ():
            ledger.settle("rebate", seller, bidder, each, serial)
        rest = auction.terms.start - each * len(auction.bids)
        if rest:
            ledger.release(seller, rest, serial)

    def _sell_lot(self, auction: Auction, sale: Payment, ms: int) -> None:
        title = self._minted(auction)
        self._trades.ticket_sold(
            "primary", auction.format, title, PROTOCOL, sale.bidder, sale.price, ms, auction.id
        )
        self._pay(auction, sale)
        title.price_gwei = sale.price
        self._state.titles.transfer(title, sale.bidder, "primary")

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

    def _close(self, auction: Auction, clearing: Clearing, outcome: str, otherwise: str) -> None:
        """Give back of every bid what was not paid, but a winner's collateral, and write the auction and its bids:
        won, or `otherwise`."""
        wanted, release, write = self._state.wanted, self._state.ledger.release, self._rows.write_bid
        serial, beside, paid = auction.serial, self._collateral(auction), clearing.paid
        is_of_ticket = auction.is_of_ticket
        for bidder, standing in auction.bids.items():
            if is_of_ticket:
                wanted[bidder] -= 1
            rest = standing.bid.price + beside
            ending = otherwise
            payment = paid.get(bidder)
            if payment is not None:
                rest -= payment.price
                if payment.wins is not None:
                    rest -= beside
                    ending = "won"
            if rest:
                release(bidder, rest, serial)
            write(standing, ending)
        if auction.market == "block" and auction.terms.start:
            self._give_back(auction, clearing.sale is not None)
        del self.open[auction.id]
        self._rows.write(auction, outcome, clearing.sale, self._state.slot)


def check_sold(listing: Listing, what: str) -> None:
    """Raises `BadTerms` where the seller signed the sale of something else."""
    if listing.sells != what:
        raise BadTerms(f"the listing sells a {listing.sells}; what is opened is the sale of a {what}")


def check_listing(listing: Listing, slot: int, formats: Mapping[str, AuctionFormat]) -> Terms:
    """The terms of a listing, in one of the formats. Raises `BadTerms`, `BadAmount`."""
    _, _, name, _, _, _, reserve, start, tick, deadline, _, _ = listing
    format = formats.get(name)
    if format is None:
        raise BadTerms(f"auction format {name!r} is not one of {', '.join(formats)}")
    check_amount(reserve, "reserve")
    check_amount(start, "start")
    check_amount(tick, "tick")
    if tick < 1:
        raise BadAmount("tick is 0; a clock moves by at least 1 Gwei")
    terms = make(Terms, (reserve, start, tick))
    fault = format.fault(terms)
    if fault is not None:
        raise BadTerms(fault)
    if type(deadline) is not int or not slot <= deadline <= LAST_SLOT:
        raise BadTerms(f"the deadline is {deadline!r}; it must be a slot from {slot} on")
    return terms
