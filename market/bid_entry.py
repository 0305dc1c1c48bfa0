"""How bids come into auctions: checked, paid into escrow, numbered. There are more of them than of all else."""

from __future__ import annotations

from collections.abc import Mapping

from chain.account import PROTOCOL
from chain.cap import check_room
from chain.errors import InsufficientFunds, Refused
from chain.ledger import MAX_GWEI, bad_amount
from chain.named_tuples import make
from chain.state import State
from chain.ticket import LAST_SLOT
from market.auction import Auction, StandingBid
from market.auction_rows import AuctionRows
from market.entry_costs import REASONS, EntryCosts
from market.errors import AuctionClosed, BadTerms, BidTooLow, OrderExpired, SelfDealing
from market.gate import Gate
from market.messages import SignedBid
from market.price_remedy import too_dear, too_low


class BidEntry:
    """The way into the auctions `open`, at what `costs` says."""

    def __init__(
        self, *, state: State, gate: Gate, rows: AuctionRows, open: Mapping[int, Auction], costs: EntryCosts
    ) -> None:
        self._state = state
        self._gate = gate
        self._rows = rows
        self._open = open
        self._costs = costs
        self._is_free = costs.are_nothing
        self._stake = state.rules.collateral
        self._has_cap = state.rules.owner_cap is not None
        self._count = 0

    def enter(self, bid: SignedBid, ms: int) -> int:
        """Take a bid in; see `House.enter`. All that may refuse it comes before anything is changed."""
        bidder, id, listing, price, until, _, _ = bid
        auction = self._open.get(id)
        if auction is None:
            raise AuctionClosed(f"auction {id!r} is not open")
        if listing != auction.offered or not auction.bids_until <= until <= LAST_SLOT:
            raise other_purpose(bid, auction)
        if type(price) is not int or not auction.terms.reserve <= price <= MAX_GWEI:
            raise unfit_price(price, auction.terms.reserve)
        if bidder == auction.seller:
            raise SelfDealing(f"account {bidder} bids in its own auction {auction.id}")
        earlier = auction.bids.get(bidder)
        if (self._has_cap or bidder == PROTOCOL) and auction.is_of_ticket and earlier is None:
            check_room(self._state, bidder)
        self._gate.check(bidder, bid)
        self._pay_in(auction, bidder, price, earlier)
        self._gate.use(bidder, bid)
        number = self._count
        self._count = number + 1
        auction.bids[bidder] = make(StandingBid, (number, self._state.slot, ms, bid))
        return number

    def _pay_in(self, auction: Auction, bidder: int, price: int, earlier: StandingBid | None) -> None:
        """Lock the bid and a ticket's collateral, release the bid that it replaces, and sink the cost of entering
        the sale."""
        ledger, serial = self._state.ledger, auction.serial
        needed = price + self._stake if auction.is_of_ticket else price
        cost = 0 if self._is_free else self._cost_of(auction, bidder)
        back = 0 if earlier is None else needed - price + earlier.bid.price
        free = ledger.free(bidder) + back
        if needed + cost > free:
            raise InsufficientFunds(too_dear(needed + cost, free))
        if earlier is not None:
            ledger.release(bidder, back, serial)
            self._rows.write_bid(auction.bids.pop(bidder), "replaced")
        elif auction.is_of_ticket:
            self._state.wanted[bidder] += 1
        if cost:
            ledger.spend(REASONS[auction.market], bidder, cost, serial)
            auction.entered.add(bidder)
        ledger.lock(bidder, needed, serial)

    def _cost_of(self, auction: Auction, bidder: int) -> int:
        """The cost of entering, Gwei: once a sale."""
        if bidder in auction.entered:
            return 0
        return self._costs.of(auction.market, bidder)


def other_purpose(bid: SignedBid, auction: Auction) -> Refused:
    """What is said of a bid that was signed for another listing, or that ends before the auction does."""
    if bid.listing != auction.offered:
        return BadTerms(f"the bid is for another listing than that of auction {auction.id}")
    last = auction.bids_until
    return OrderExpired(f"the bid is good until slot {bid.valid_until}; the auction may close in slot {last}")


def unfit_price(price: int, reserve: int) -> Refused:
    """What is said of a price that is no amount of Gwei, or below the reserve."""
    if type(price) is int and 0 <= price < reserve:
        return BidTooLow(too_low(price, reserve))
    return bad_amount(price, "bid")
