# pragma version ~=0.4.3
# pragma evm-version cancun
# pragma optimize codesize
"""
@title The exchange of execution tickets
@license MIT
@notice Sales by signed messages: it checks orders, listings and bids, each of which enters once, and lets the ticket
        contract move tickets and money. A revert's reason is the code of a refusal in `chain.errors` or
        `market.errors`.
@dev    The ticket contract creates it, and takes orders of nobody else. Messages are signed in the ticket contract's
        EIP-712 domain. The order book and the auctions are not here: what they settle is, and every signature, nonce,
        owner and balance that it rests on is checked again.
"""

import signatures

struct Ticket:
    serial: uint64
    mintBlock: uint64
    firstBlock: uint64
    lastBlock: uint64
    rulesId: bytes32
    chainId: uint64

struct Title:
    owner: address
    nonce: uint64
    drawnFor: uint64
    priceGwei: uint64

struct Order:
    maker: address
    taker: address
    side: uint8
    timeInForce: uint8
    drawn: bool
    seriesBlock: uint64
    ticket: uint64
    transferNonce: uint64
    price: uint64
    validFrom: uint64
    validUntil: uint64
    nonce: uint64

struct Listing:
    seller: address
    sells: uint8
    format: uint8
    ticket: uint64
    transferNonce: uint64
    block: uint64
    reserve: uint64
    start: uint64
    tick: uint64
    deadline: uint64
    nonce: uint64

struct Bid:
    bidder: address
    auction: uint64
    listing: bytes32
    price: uint64
    validUntil: uint64
    nonce: uint64

interface Tickets:
    def DOMAIN_SEPARATOR() -> bytes32: view
    def slot() -> int256: view
    def titleOf(tokenId: uint256) -> Title: view
    def ticketOf(tokenId: uint256) -> Ticket: view
    def canPay(account: address, amount: uint256) -> bool: view
    def hasRoom(account: address) -> bool: view
    def sellFirst(tokenId: uint256, buyer: address, priceGwei: uint64): nonpayable
    def takeBack(tokenId: uint256, owner: address, transferNonce: uint64, least: uint256): nonpayable
    def trade(tokenId: uint256, seller: address, buyer: address, priceGwei: uint64): nonpayable

MOST_GWEI: constant(uint64) = max_value(uint64) // 2
LAST_SLOT: constant(uint64) = max_value(uint64) // 2
NOTHING: constant(uint64) = max_value(uint64)  # no ticket, no end

BID: constant(uint8) = 0
ASK: constant(uint8) = 1
GIVE_BACK: constant(uint8) = 3
GTC: constant(uint8) = 0
IOC: constant(uint8) = 1
FOK: constant(uint8) = 2
POST_ONLY: constant(uint8) = 3
DUTCH: constant(uint8) = 3
A_TICKET: constant(uint8) = 0  # what a listing sells; else the building of a block

ORDER_TYPE: constant(bytes32) = keccak256(
    "Order(address maker,address taker,uint8 side,uint8 timeInForce,bool drawn,uint64 seriesBlock,uint64 ticket,uint64 transferNonce,uint64 price,uint64 validFrom,uint64 validUntil,uint64 nonce)"
)
LISTING_TYPE: constant(bytes32) = keccak256(
    "Listing(address seller,uint8 sells,uint8 format,uint64 ticket,uint64 transferNonce,uint64 block,uint64 reserve,uint64 start,uint64 tick,uint64 deadline,uint64 nonce)"
)
BID_TYPE: constant(bytes32) = keccak256(
    "Bid(address bidder,uint64 auction,bytes32 listing,uint64 price,uint64 validUntil,uint64 nonce)"
)

TICKETS: immutable(Tickets)
PROTOCOL: immutable(address)
EX_ANTE: immutable(bool)
EX_POST: immutable(bool)

used: HashMap[address, HashMap[uint256, uint256]]  # bitmaps of nonces of messages


@deploy
def __init__(protocol: address, exAnte: bool, exPost: bool):
    TICKETS = Tickets(msg.sender)
    PROTOCOL = protocol
    EX_ANTE = exAnte  # may a ticket be resold before its draw
    EX_POST = exPost  # and after it


@view
@external
def tickets() -> address:
    return TICKETS.address


@external
def invalidateNonces(word: uint256, mask: uint256):
    """
    @notice Use up the nonces of one 256-bit word that the mask names: their messages are void.
    """
    self.used[msg.sender][word] |= mask


@view
@external
def isNonceUsed(account: address, nonce: uint256) -> bool:
    return (self.used[account][nonce >> 8] >> (nonce & 255)) & 1 == 1


# The protocol sells and takes back

@external
def sell(tokenId: uint256, priceGwei: uint64, bid: Bid, sig: Bytes[1024]):
    """
    @notice Primary sale: a signed bid of at least the price gets the ticket; the price is burned.
    """
    self._onlyProtocol()
    title: Title = staticcall TICKETS.titleOf(tokenId)
    assert title.owner == PROTOCOL, "not_owner"
    assert title.drawnFor == 0, "auction_closed"
    self._takeBid(bid, sig, empty(bytes32), staticcall TICKETS.slot(), priceGwei, PROTOCOL)
    extcall TICKETS.sellFirst(tokenId, bid.bidder, priceGwei)


@external
def giveBack(order: Order, sig: Bytes[1024]):
    """
    @notice Return an undrawn ticket to the protocol for its price less the haircut.
    """
    assert order.side == GIVE_BACK and order.timeInForce == GTC and order.taker == empty(address), "bad_terms"
    assert order.price <= MOST_GWEI, "bad_amount"
    self._checkTime(order)
    self._checkTicket(order)
    self._takeNonce(order.maker, order.nonce, keccak256(abi_encode(ORDER_TYPE, order)), sig)
    extcall TICKETS.takeBack(
        convert(order.ticket, uint256), order.maker, order.transferNonce, convert(order.price, uint256)
    )


# Sales among participants

@external
def settle(maker: Order, makerSig: Bytes[1024], taker: Order, takerSig: Bytes[1024]):
    """
    @notice Settle two signed orders that cross, at the price of the one that came first, the maker's. One that is not
            to rest was the taker, one that is to rest alone the maker; where both may be either, the protocol says
            which came first, and nobody else.
    """
    self._takeOrder(maker, makerSig)
    self._takeOrder(taker, takerSig)
    assert not self._isBrief(maker) and taker.timeInForce != POST_ONLY, "not_crossed"
    assert maker.side != taker.side and maker.maker != taker.maker, "not_crossed"
    assert maker.drawn == taker.drawn and maker.seriesBlock == taker.seriesBlock, "not_crossed"
    if maker.timeInForce != POST_ONLY and not self._isBrief(taker):
        self._onlyProtocol()
    ask: Order = maker
    bid: Order = taker
    if maker.side == BID:
        ask = taker
        bid = maker
    assert ask.price <= bid.price, "not_crossed"
    extcall TICKETS.trade(convert(ask.ticket, uint256), ask.maker, bid.maker, maker.price)


@external
def award(listing: Listing, listingSig: Bytes[1024], bid: Bid, bidSig: Bytes[1024], priceGwei: uint64):
    """
    @notice Settle a holder's auction in the slot of its deadline, or in the next one where it came in after the close:
            the ticket goes to a bid that was signed for this very listing, for a price from the reserve to the bid.
    """
    self._onlyProtocol()
    self._takeListing(listing, listingSig)
    terms: bytes32 = keccak256(abi_encode(LISTING_TYPE, listing))
    self._takeBid(bid, bidSig, terms, convert(listing.deadline, int256) + 1, max(listing.reserve, priceGwei), listing.seller)
    assert priceGwei >= listing.reserve, "bid_too_low"
    slot: int256 = staticcall TICKETS.slot()
    assert convert(listing.deadline, int256) <= slot, "auction_open"
    assert slot <= convert(listing.deadline, int256) + 1, "auction_closed"
    extcall TICKETS.trade(convert(listing.ticket, uint256), listing.seller, bid.bidder, priceGwei)


@view
@internal
def _onlyProtocol():
    assert msg.sender == PROTOCOL, "not_protocol"


@internal
def _takeOrder(order: Order, sig: Bytes[1024]):
    """
    @dev What the exchange checks when an order is placed, in its order.
    """
    assert order.taker == empty(address), "bad_terms"
    assert order.side in [BID, ASK] and order.timeInForce <= POST_ONLY, "bad_terms"
    assert order.price <= MOST_GWEI, "bad_amount"
    assert order.side == ASK or order.ticket == NOTHING, "bad_terms"
    self._checkTime(order)
    if order.side == ASK:
        self._checkTicket(order)
        assert self._mayResell(order.drawn), "resale_closed"
    self._takeNonce(order.maker, order.nonce, keccak256(abi_encode(ORDER_TYPE, order)), sig)
    if order.side == BID:
        assert self._mayResell(order.drawn), "bad_terms"
        assert staticcall TICKETS.canPay(order.maker, convert(order.price, uint256)), "insufficient_funds"
        assert staticcall TICKETS.hasRoom(order.maker), "cap_exceeded"


@view
@internal
def _checkTime(order: Order):
    assert order.validUntil <= LAST_SLOT or order.validUntil == NOTHING, "bad_terms"
    assert order.seriesBlock <= LAST_SLOT or order.seriesBlock == NOTHING, "bad_terms"
    slot: int256 = staticcall TICKETS.slot()
    assert convert(order.validFrom, int256) <= slot, "order_expired"
    assert slot <= convert(min(order.validUntil, order.seriesBlock), int256), "order_expired"


@view
@internal
def _checkTicket(order: Order):
    """
    @dev The order names a ticket that its maker has, and its series.
    """
    assert order.ticket != NOTHING, "bad_terms"
    title: Title = self._owned(order.ticket, order.maker, order.transferNonce)
    assert order.drawn == (title.drawnFor != 0), "bad_terms"
    assert order.seriesBlock == self._seriesBlock(order.ticket, title), "bad_terms"


@pure
@internal
def _isBrief(order: Order) -> bool:
    return order.timeInForce == IOC or order.timeInForce == FOK


@internal
def _takeListing(listing: Listing, sig: Bytes[1024]):
    assert listing.format <= DUTCH, "bad_terms"
    assert max(max(listing.reserve, listing.start), listing.tick) <= MOST_GWEI, "bad_amount"
    assert listing.tick > 0, "bad_amount"
    assert listing.format != DUTCH or listing.start >= listing.reserve, "bad_terms"
    assert listing.deadline <= LAST_SLOT, "bad_terms"
    assert listing.sells == A_TICKET and listing.block == NOTHING and listing.ticket != NOTHING, "bad_terms"
    title: Title = self._owned(listing.ticket, listing.seller, listing.transferNonce)
    assert self._mayResell(title.drawnFor != 0), "resale_closed"
    self._takeNonce(listing.seller, listing.nonce, keccak256(abi_encode(LISTING_TYPE, listing)), sig)


@internal
def _takeBid(bid: Bid, sig: Bytes[1024], listing: bytes32, last: int256, price: uint64, seller: address):
    """
    @dev What the auction house checks when a bid comes in, in its order. `listing`: the hash of the one that it must
         be for; nothing for a sale of the protocol. `last`: the last slot in which the auction may close.
    """
    assert bid.listing == listing, "bad_terms"
    assert last <= convert(bid.validUntil, int256) and bid.validUntil <= LAST_SLOT, "order_expired"
    assert bid.price <= MOST_GWEI, "bad_amount"
    assert bid.price >= price, "bid_too_low"
    assert bid.bidder != seller, "self_dealing"
    assert staticcall TICKETS.hasRoom(bid.bidder), "cap_exceeded"
    self._takeNonce(bid.bidder, bid.nonce, keccak256(abi_encode(BID_TYPE, bid)), sig)
    assert staticcall TICKETS.canPay(bid.bidder, convert(bid.price, uint256)), "insufficient_funds"


@internal
def _takeNonce(signer: address, nonce: uint64, structHash: bytes32, sig: Bytes[1024]):
    """
    @dev The gate of the market: a message enters once, signed by whom it names.
    """
    word: uint256 = convert(nonce // 256, uint256)
    mask: uint256 = 1 << convert(nonce % 256, uint256)
    assert self.used[signer][word] & mask == 0, "nonce_used"
    signatures._verify(staticcall TICKETS.DOMAIN_SEPARATOR(), signer, structHash, sig)
    self.used[signer][word] |= mask


@view
@internal
def _mayResell(drawn: bool) -> bool:
    if drawn:
        return EX_POST
    return EX_ANTE


@view
@internal
def _owned(serial: uint64, owner: address, nonce: uint64) -> Title:
    title: Title = staticcall TICKETS.titleOf(convert(serial, uint256))
    assert title.nonce == nonce, "ticket_moved"
    assert title.owner == owner, "not_owner"
    return title


@view
@internal
def _seriesBlock(serial: uint64, title: Title) -> uint64:
    if title.drawnFor != 0:
        return title.drawnFor - 1
    ticket: Ticket = staticcall TICKETS.ticketOf(convert(serial, uint256))
    return ticket.lastBlock
