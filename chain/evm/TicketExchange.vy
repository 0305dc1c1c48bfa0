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

# @notice An offer in the order book, or to give a ticket back.
struct Order:
    maker: address  # who signs
    taker: address  # zero: anyone
    side: uint8  # 0 bid, 1 ask, 3 return
    timeInForce: uint8  # 0 good till cancelled, 1 immediate or cancel, 2 fill or kill, 3 post only
    drawn: bool  # is it of tickets that are drawn
    seriesBlock: uint64  # the block that they propose next, or the last one of undrawn ones; 2^64 - 1: no end
    ticket: uint64  # an ask's or a return's serial; 2^64 - 1 for a bid
    transferNonce: uint64  # of that ticket
    price: uint64  # Gwei, the worst that the maker takes
    validFrom: uint64  # the first slot
    validUntil: uint64  # the last slot; 2^64 - 1: no end
    nonce: uint64  # used up when the order is settled

# @notice A holder's auction.
struct Listing:
    seller: address  # who signs
    sells: uint8  # 0 a ticket; 1 the building of its block, 2 that of the present block, which are not settled here
    format: uint8  # 0 first price, 1 second price, 2 English, 3 Dutch; others are not settled here
    ticket: uint64  # the serial
    transferNonce: uint64  # of that ticket
    block: uint64  # 2^64 - 1: a ticket is sold, not a block
    reserve: uint64  # Gwei, the least price
    start: uint64  # Gwei, of a Dutch clock: not 0, nor below the reserve
    tick: uint64  # Gwei, of a clock; not 0
    deadline: uint64  # the slot in which it closes
    nonce: uint64  # used up when the auction is settled

# @notice An offer in an auction, or in a sale of the protocol.
struct Bid:
    bidder: address  # who signs
    auction: uint64  # its number, for the one who runs it; not looked at
    listing: bytes32  # `hashStruct` of the listing; zero: a sale of the protocol
    price: uint64  # Gwei, the most that is paid
    validUntil: uint64  # the last slot
    nonce: uint64  # used up when the bid wins

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

# The reasons of reverts, as `Error(string)` has them, beside those of the ticket contract
# @custom:refusal auction_closed The auction is over, or the ticket has been drawn, or has used a block since.
# @custom:refusal auction_open The auction has not closed yet.
# @custom:refusal bad_amount An amount above 2^63 - 1 Gwei, or a clock that steps by nothing.
# @custom:refusal bad_signature The signature is not the named signer's over these very fields.
# @custom:refusal bad_terms Terms that make no sense, or a message that is for something else.
# @custom:refusal bid_too_low The bid or the price is below the reserve, or the bid below the price.
# @custom:refusal cap_exceeded The account would have more tickets than one owner may.
# @custom:refusal insufficient_funds The account does not have, free, what it bids, and the collateral of a ticket
#     more.
# @custom:refusal nonce_used A message that was used or cancelled before: a replay.
# @custom:refusal not_crossed Two orders that do not meet: their sides, makers, series, prices, or which came first.
# @custom:refusal not_owner The ticket belongs to someone else.
# @custom:refusal not_protocol Only the protocol may call this.
# @custom:refusal order_expired The message is outside its own time of validity, or its series has ended.
# @custom:refusal resale_closed The rules do not allow a sale at this time of the ticket's life.
# @custom:refusal self_dealing Nobody bids in an own auction.
# @custom:refusal ticket_moved The message names a transfer nonce that the ticket has left behind.

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
ROUND: immutable(uint64)

used: HashMap[address, HashMap[uint256, uint256]]  # bitmaps of nonces of messages


@deploy
def __init__(protocol: address, exAnte: bool, exPost: bool, round: uint64):
    """
    @notice The ticket contract makes it when it is deployed, and names its own protocol, resale times and rounds.
    @param protocol The account that runs sales and auctions.
    @param exAnte Whether a ticket may be resold before its draw.
    @param exPost Whether it may be resold after it.
    @param round How many blocks a ticket proposes.
    """
    TICKETS = Tickets(msg.sender)
    PROTOCOL = protocol
    EX_ANTE = exAnte  # may a ticket be resold before its draw
    EX_POST = exPost  # and after it
    ROUND = round


@view
@external
def tickets() -> address:
    """
    @notice The ticket contract, in whose EIP-712 domain all messages are signed.
    @return Its address.
    """
    return TICKETS.address


@external
def invalidateNonces(word: uint256, mask: uint256):
    """
    @notice Use up nonces of the caller: the messages that have them are void.
    @param word The nonces from 256 * word on.
    @param mask Which of these 256: bit i stands for the nonce 256 * word + i.
    """
    self.used[msg.sender][word] |= mask


@view
@external
def isNonceUsed(account: address, nonce: uint256) -> bool:
    """
    @notice Whether a nonce is used up, by a message that was settled or by its signer.
    @param account The signer.
    @param nonce Any nonce of a message.
    @return Whether it is.
    """
    return (self.used[account][nonce >> 8] >> (nonce & 255)) & 1 == 1


# The protocol sells and takes back

@external
def sell(tokenId: uint256, priceGwei: uint64, bid: Bid, sig: Bytes[1024]):
    """
    @notice For the protocol: primary sale. A signed bid of at least the price gets the ticket; the price is burned.
    @param tokenId The serial of an undrawn ticket of the protocol.
    @param priceGwei What is paid, Gwei: the bid, or less.
    @param bid The bid, for a sale of the protocol (`listing` zero).
    @param sig The bidder's signature: 65 bytes r, s, v; 64 bytes (EIP-2098); or what the bidder, a contract, accepts
            (EIP-1271).
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
    @notice Return an undrawn ticket to the protocol for its price less the haircut; the ticket is burned. Anyone may
            bring the order that its owner signed, until the seed of the next slot is known (`seed_known`).
    @param order The order, with side 3; its price is the least that the owner takes.
    @param sig The owner's signature, as in `sell`.
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
    @param maker The order that came first: one that may rest.
    @param makerSig Its signature, as in `sell`.
    @param taker The order that met it, of the other side and the same series.
    @param takerSig Its signature.
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
    @notice For the protocol: settle a holder's auction in the slot of its deadline, or in the next one where it came
            in after the close. The ticket goes to a bid that was signed for this very listing, for a price from the
            reserve to the bid. One whose round is running goes with the block of that slot, or not at all.
    @param listing What the holder signed: one that sells a ticket.
    @param listingSig The holder's signature, as in `sell`.
    @param bid The bid that wins, whose `listing` is `hashStruct` of the listing.
    @param bidSig The bidder's signature.
    @param priceGwei What is paid, Gwei.
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
    assert listing.format != DUTCH or listing.start >= max(listing.reserve, 1), "bad_terms"
    assert listing.deadline <= LAST_SLOT, "bad_terms"
    assert listing.sells == A_TICKET and listing.block == NOTHING and listing.ticket != NOTHING, "bad_terms"
    title: Title = self._owned(listing.ticket, listing.seller, listing.transferNonce)
    assert self._mayResell(title.drawnFor != 0), "resale_closed"
    assert not self._isRunning(title) or title.drawnFor <= listing.deadline + 1, "auction_closed"
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
def _isRunning(title: Title) -> bool:
    """
    @dev Whether a block of the ticket's round is settled.
    """
    return title.drawnFor != 0 and (title.drawnFor - 1) % ROUND != 0


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
