"""How bids come into auctions: checked, paid into escrow, numbered. There are more of them than of all else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from chain.account import PROTOCOL
from chain.cap import check_room
from chain.errors import InsufficientFunds, Refused
from chain.ledger import check_amount
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

    def enter_all(self, bids: Iterable[SignedBid], ms: int) -> Iterator[tuple[int, Refused | None]]:
        """Take bids in, one after the other as it is gone through: of each its bidder, and why it is refused."""
        for bid in bids:
            try:
                self.enter(bid, ms)
            except Refused as refusal:
                yield bid.bidder, refusal
            else:
                yield bid.bidder, None

    def enter(self, bid: SignedBid, ms: int) -> int:
        """Take a bid in; see `House.enter`. All that may refuse it comes before anything is changed."""
        bidder, id, _, price, _, _, _ = bid
        auction = self._open.get(id)
        if auction is None:
            raise AuctionClosed(f"auction {id!r} is not open")
        check_purpose(bid, auction)
        check_amount(price, "bid")
        reserve = auction.terms.reserve
        if price < reserve:
            raise BidTooLow(too_low(price, reserve))
        if bidder == auction.seller:
            raise SelfDealing(f"account {bidder} bids in its own auction {auction.id}")
        earlier = auction.bids.get(bidder)
        if (self._has_cap or bidder == PROTOCOL) and auction.is_of_ticket and earlier is None:
            check_room(self._state, bidder)
        self._gate.check(bidder, bid)
        self._pay_in(auction, bidder, price, earlier)
        self._gate.use(bidder, bid)
        number = self._count
        self._count += 1
        fields = (number, self._state.slot, ms, bid)
        auction.bids[bidder] = make(StandingBid, fields)
        return number

    def _pay_in(self, auction: Auction, bidder: int, price: int, earlier: StandingBid | None) -> None:
        """Lock the bid and a ticket's collateral, release the bid that it replaces, and sink the cost of entering
        the sale."""
        ledger, serial = self._state.ledger, auction.serial
        needed = price
        if auction.is_of_ticket:
            needed += self._stake
        back = 0 if earlier is None else needed - price + earlier.bid.price
        cost = 0 if self._is_free else self._cost_of(auction, bidder)
        free = ledger.free(bidder)
        if needed + cost > free + back:
            raise InsufficientFunds(too_dear(needed + cost, free + back))
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


def check_purpose(bid: SignedBid, auction: Auction) -> None:
    """Raises `BadTerms` for a bid that was signed for another listing, `OrderExpired` for one that ends before the
    auction does."""
    if bid.listing != auction.offered:
        raise BadTerms(f"the bid is for another listing than that of auction {auction.id}")
    if not auction.bids_until <= bid.valid_until <= LAST_SLOT:
        last = auction.bids_until
        raise OrderExpired(f"the bid is good until slot {bid.valid_until}; the auction may close in slot {last}")
