# pragma version ~=0.4.3
# pragma evm-version cancun
# pragma optimize codesize
"""
@title Execution tickets
@license MIT
@notice The rules of `chain/` as a contract: an ERC-721 with permits (ERC-4494) whose tickets are minted, sold,
        drawn and burned slot by slot. A revert's reason is the code of a refusal in `chain.errors` or
        `market.errors`.
@dev    Signed messages are the testbed's own, in the EIP-712 domain of this contract. Money is whole
        Gwei, paid in and out in wei. Sales by signed orders and bids are in `TicketExchange`, which this contract
        creates and which alone may move what it sells. Dates of tickets grow with their serials, so what expires
        lies at the low end of the urn.
"""

import signatures

interface Beacon:
    def seedOf(slot: uint256) -> bytes32: view

interface Receiver:
    def onERC721Received(operator: address, owner: address, tokenId: uint256, data: Bytes[1024]) -> bytes4: nonpayable

struct Share:  # an IEEE double between 0 and 1: mantissa / 2^shift
    mantissa: uint64
    shift: uint64

struct Rules:
    supply: uint64
    elastic: bool
    maturity: uint64  # 2^64 - 1: none
    lookahead: uint64
    window: uint64  # 0: any block; 1: a ticket for each block; W: tickets for windows of W blocks
    dealt: bool  # is a window's ticket drawn at random, or the lowest serial taken
    refund: Share
    returned: Share
    returns: bool
    collateral: uint64
    missedFee: uint64
    ownerCap: uint64  # 2^64 - 1: none
    exAnte: bool  # may a ticket be resold before its draw
    exPost: bool  # and after it

struct Ticket:
    serial: uint64
    mintBlock: uint64  # 2^64 - 1: genesis
    firstBlock: uint64
    lastBlock: uint64
    rulesId: bytes32
    chainId: uint64

struct Title:
    owner: address
    nonce: uint64  # of transfers
    drawnFor: uint64  # block + 1; 0: undrawn
    priceGwei: uint64  # what the primary market was paid

struct BlockDraw:
    ticket: uint64  # serial + 1; 0: none
    urn: uint64

struct Proposal:
    block: uint64
    proposer: address
    ticket: uint64
    nonce: uint64
    builder: address
    reward: uint64

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    tokenId: indexed(uint256)

event Approval:
    owner: indexed(address)
    approved: indexed(address)
    tokenId: indexed(uint256)

event ApprovalForAll:
    owner: indexed(address)
    operator: indexed(address)
    approved: bool

event Minted:
    tokenId: indexed(uint256)
    mintBlock: uint64
    firstBlock: uint64
    lastBlock: uint64

event Drawn:
    tokenId: indexed(uint256)
    block: indexed(uint256)
    urn: uint256

event Burned:
    tokenId: indexed(uint256)
    owner: indexed(address)
    end: String[8]

event Sold:
    tokenId: indexed(uint256)
    seller: indexed(address)
    buyer: indexed(address)
    priceGwei: uint256

WEI_PER_GWEI: constant(uint256) = 10**9
MOST_GWEI: constant(uint64) = max_value(uint64) // 2
MOST_TICKETS: constant(uint64) = 65536
NOTHING: constant(uint64) = max_value(uint64)  # no maturity, no cap, genesis

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
TICKET_TYPE: constant(bytes32) = keccak256(
    "Ticket(uint64 serial,uint64 mintBlock,uint64 firstBlock,uint64 lastBlock,bytes32 rulesId,uint64 chainId)"
)
PROPOSAL_TYPE: constant(bytes32) = keccak256(
    "Proposal(uint64 block,address proposer,uint64 ticket,uint64 nonce,address builder,uint64 reward)"
)
TRANSFER_TYPE: constant(bytes32) = keccak256(
    "Transfer(address giver,address taker,uint64 ticket,uint64 transferNonce)"
)
HAND_OUT_TYPE: constant(bytes32) = keccak256("HandOut(address account,uint64 ticket,uint64 price)")
PERMIT_TYPE: constant(bytes32) = keccak256(
    "Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)"
)

RULES: immutable(Rules)
RULES_ID: immutable(bytes32)
PROTOCOL: immutable(address)
EXCHANGE: immutable(address)
BEACON: immutable(Beacon)

slots: uint256  # opened so far; the present slot is one less, -1 before block 0
settled: uint256  # the value of `slots` when a proposal was last settled
live: uint256
drawn: public(uint256)  # blocks, from 0 on, that had their draw
minted: public(uint256)
burnedGwei: public(uint256)
refundedGwei: public(uint256)
tickets: HashMap[uint256, Ticket]
titles: HashMap[uint256, Title]
draws: HashMap[uint256, BlockDraw]
held: HashMap[address, uint256]
funds: public(HashMap[address, uint256])  # Gwei, with what stands behind tickets
approved: HashMap[uint256, HashMap[uint64, address]]  # by transfer nonce, so that it ends with a transfer
operators: HashMap[address, HashMap[address, bool]]
permits: HashMap[bytes32, bool]  # that were used, by the hash of what was signed

urn: HashMap[uint256, uint256]  # bitmaps of the undrawn serials, 256 to a word
urnSize: public(uint256)
urnLow: uint256  # no serial is in a lower word


@deploy
def __init__(rules: Rules, rulesId: bytes32, protocol: address, beacon: address, exchange: address):
    """
    @notice The exchange is made of the blueprint (ERC-5202) that lies at `exchange`. What a config of the testbed
            refuses is refused here (`bad_rules`).
    """
    assert protocol != empty(address) and beacon.is_contract, "bad_rules"
    assert 0 < rules.supply and rules.supply <= MOST_TICKETS, "bad_rules"
    assert rules.elastic or rules.lookahead < rules.supply, "bad_rules"
    assert rules.lookahead <= MOST_TICKETS, "bad_rules"
    assert rules.maturity < MOST_TICKETS or rules.maturity == NOTHING, "bad_rules"
    if rules.window == 0:
        assert rules.maturity > 0 and not rules.dealt, "bad_rules"
    else:
        assert not rules.elastic and rules.maturity == rules.supply - 1, "bad_rules"
        assert rules.window <= rules.supply, "bad_rules"
        assert rules.lookahead == 0 or not rules.dealt, "bad_rules"
    assert self._isShare(rules.refund) and self._isShare(rules.returned), "bad_rules"
    assert rules.missedFee <= rules.collateral and rules.collateral <= MOST_GWEI, "bad_rules"
    assert rules.ownerCap > 0, "bad_rules"
    RULES = rules
    RULES_ID = rulesId
    PROTOCOL = protocol
    BEACON = Beacon(beacon)
    EXCHANGE = create_from_blueprint(exchange, protocol, rules.exAnte, rules.exPost)


@pure
@internal
def _isShare(share: Share) -> bool:
    return share.shift < 64 + 1023 and (share.shift >= 64 or share.mantissa <= convert(1 << share.shift, uint64))


# ERC-165, ERC-721 with metadata, ERC-4494

@view
@external
def supportsInterface(interfaceId: bytes4) -> bool:
    return interfaceId in [0x01ffc9a7, 0x80ac58cd, 0x5b5e139f, 0x5604e225]


@view
@external
def name() -> String[17]:
    return "Execution Tickets"


@view
@external
def symbol() -> String[2]:
    return "ET"


@view
@external
def DOMAIN_SEPARATOR() -> bytes32:
    return self._domain()


@view
@external
def totalSupply() -> uint256:
    return self.live


@view
@external
def balanceOf(owner: address) -> uint256:
    assert owner != empty(address), "bad_owner"
    return self.held[owner]


@view
@external
def ownerOf(tokenId: uint256) -> address:
    return self._get(tokenId).owner


@view
@external
def nonces(tokenId: uint256) -> uint256:
    return convert(self._get(tokenId).nonce, uint256)


@view
@external
def getApproved(tokenId: uint256) -> address:
    return self.approved[tokenId][self._get(tokenId).nonce]


@view
@external
def isApprovedForAll(owner: address, operator: address) -> bool:
    return self.operators[owner][operator]


@view
@external
def tokenURI(tokenId: uint256) -> String[768]:
    """
    @notice The ticket's fields as JSON in a data URI, its quotes and braces escaped as a URI wants them; numbers in
            digits, since JSON's own are exact only up to 2^53.
    """
    title: Title = self._get(tokenId)
    ticket: Ticket = self.tickets[tokenId]
    drawn: String[30] = "null"
    if title.drawnFor != 0:
        drawn = concat("%22", uint2str(title.drawnFor - 1), "%22")
    return concat(
        "data:application/json,%7B%22name%22:%22Execution%20ticket%20", uint2str(tokenId),
        "%22,%22description%22:%22The%20right%20to%20propose%20a%20block%22,%22serial%22:%22", uint2str(ticket.serial),
        "%22,%22mintBlock%22:%22", uint2str(ticket.mintBlock),
        "%22,%22firstBlock%22:%22", uint2str(ticket.firstBlock),
        "%22,%22lastBlock%22:%22", uint2str(ticket.lastBlock),
        "%22,%22drawnFor%22:", drawn, "%7D",
    )


@external
def approve(approved: address, tokenId: uint256):
    title: Title = self._get(tokenId)
    assert msg.sender == title.owner or self.operators[title.owner][msg.sender], "not_approved"
    self._approve(title, approved, tokenId)


@external
def setApprovalForAll(operator: address, approved: bool):
    self.operators[msg.sender][operator] = approved
    log ApprovalForAll(owner=msg.sender, operator=operator, approved=approved)


@external
def permit(spender: address, tokenId: uint256, deadline: uint256, sig: Bytes[1024]):
    title: Title = self._get(tokenId)
    assert block.timestamp <= deadline, "permit_expired"
    nonce: uint256 = convert(title.nonce, uint256)
    terms: bytes32 = keccak256(abi_encode(PERMIT_TYPE, spender, tokenId, nonce, deadline))
    assert not self.permits[terms], "nonce_used"
    signatures._verify(self._domain(), title.owner, terms, sig)
    self.permits[terms] = True
    self._approve(title, spender, tokenId)


@external
def transferFrom(owner: address, to: address, tokenId: uint256):
    self._transferFrom(owner, to, tokenId)


@external
def safeTransferFrom(owner: address, to: address, tokenId: uint256, data: Bytes[1024] = b""):
    self._transferFrom(owner, to, tokenId)
    if to.is_contract:
        answer: bytes4 = extcall Receiver(to).onERC721Received(msg.sender, owner, tokenId, data)
        assert answer == 0x150b7a02, "not_receiver"


@external
def transferSigned(giver: address, taker: address, ticket: uint64, transferNonce: uint64, sig: Bytes[1024]):
    """
    @notice Carry out a transfer that its giver signed, whoever brings it.
    """
    title: Title = self._owned(ticket, giver, transferNonce)
    signatures._verify(self._domain(), giver, keccak256(abi_encode(TRANSFER_TYPE, giver, taker, ticket, transferNonce)), sig)
    self._checkTaker(taker)
    self._move(convert(ticket, uint256), title, taker)


# Money

@payable
@external
def deposit(account: address):
    self.funds[account] += self._gwei(msg.value)


@external
def withdraw(amount: uint256, to: address):
    """
    @notice Take free money out, to any address; what stands behind tickets stays.
    """
    assert to != empty(address), "bad_taker"
    self._pay(msg.sender, amount)
    raw_call(to, b"", value=amount * WEI_PER_GWEI)


@external
def pay(payee: address, amount: uint256):
    """
    @notice Pay another account out of free money.
    """
    self._pay(msg.sender, amount)
    self.funds[payee] += amount


@view
@external
def free(account: address) -> uint256:
    return self._free(account)


# The protocol, slot by slot

@view
@external
def slot() -> int256:
    return convert(self.slots, int256) - 1


@view
@external
def protocol() -> address:
    return PROTOCOL


@view
@external
def exchange() -> address:
    return EXCHANGE


@view
@external
def beacon() -> address:
    return BEACON.address


@view
@external
def rules() -> Rules:
    return RULES


@view
@external
def ticketOf(tokenId: uint256) -> Ticket:
    """
    @notice The signed part of a ticket, live or burned.
    """
    assert tokenId < self.minted, "unknown_ticket"
    return self.tickets[tokenId]


@view
@external
def ticketDigest(tokenId: uint256) -> bytes32:
    """
    @notice The EIP-712 digest that the protocol signs for the ticket.
    """
    assert tokenId < self.minted, "unknown_ticket"
    return signatures._digest(self._domain(), keccak256(abi_encode(TICKET_TYPE, self.tickets[tokenId])))


@view
@external
def titleOf(tokenId: uint256) -> Title:
    return self._get(tokenId)


@view
@external
def drawOf(number: uint256) -> BlockDraw:
    """
    @notice The draw of a block: the ticket's serial + 1 (0: none), out of how many.
    """
    return self.draws[number]


@external
def mint(count: uint256):
    """
    @notice Mint tickets: as many as the supply has lost, or of an elastic one as many as are sold.
    """
    self._onlyProtocol()
    for _: uint256 in range(count, bound=65536):
        self._mint()


@external
def handOut(tokenId: uint256, account: address, priceGwei: uint64, sig: Bytes[1024]):
    """
    @notice Before block 0: give a first ticket away, at a price that is no revenue and that the account has signed;
            for nothing without a signature.
    """
    self._onlyProtocol()
    title: Title = self._owned(convert(tokenId, uint64), PROTOCOL, 0)
    assert self.slots == 0, "block_proposed"
    assert priceGwei <= MOST_GWEI, "bad_amount"
    if priceGwei != 0:
        terms: bytes32 = keccak256(abi_encode(HAND_OUT_TYPE, account, tokenId, priceGwei))
        signatures._verify(self._domain(), account, terms, sig)
    assert account != empty(address) and account != PROTOCOL, "bad_taker"
    self._checkFunds(account, convert(priceGwei, uint256))
    self.funds[account] -= convert(priceGwei, uint256)
    self._move(tokenId, title, account)


@external
def drawFirst(count: uint256):
    """
    @notice After the sale of genesis: draw the next `count` of the first `lookahead` blocks.
    """
    self._onlyProtocol()
    assert self.slots == 0, "block_proposed"
    for _: uint256 in range(count, bound=65536):
        assert self.drawn < convert(RULES.lookahead, uint256), "block_proposed"
        self._draw(0)


@external
def openSlot():
    """
    @notice Open the next slot, and draw the ticket of the block `lookahead` slots ahead.
    """
    self._onlyProtocol()
    assert self.settled == self.slots, "block_open"
    assert self.drawn == self.slots + convert(RULES.lookahead, uint256), "block_open"
    assert self.slots == 0 or not self._hasExpired(), "block_open"
    self._draw(self.slots)
    self.slots += 1


@payable
@external
def propose(proposal: Proposal, sig: Bytes[1024]):
    """
    @notice Propose the present block with the value that comes along as its reward, and burn its ticket.
    """
    assert self.settled < self.slots, "block_proposed"
    assert convert(proposal.block, uint256) == self.slots - 1, "block_proposed"
    serial: uint256 = convert(self.draws[self.slots - 1].ticket, uint256)
    assert serial != 0, "not_proposer"
    serial -= 1
    title: Title = self.titles[serial]
    assert title.owner != PROTOCOL, "not_proposer"
    assert title.owner == proposal.proposer and serial == convert(proposal.ticket, uint256), "not_proposer"
    assert title.nonce == proposal.nonce, "ticket_moved"
    signatures._verify(self._domain(), proposal.proposer, keccak256(abi_encode(PROPOSAL_TYPE, proposal)), sig)
    reward: uint256 = self._gwei(msg.value)
    assert reward == convert(proposal.reward, uint256), "bad_amount"
    if proposal.builder == empty(address):
        assert reward == 0, "bad_amount"
    self.funds[proposal.builder] += reward
    self.settled = self.slots
    self._burn(serial, title, "proposed")


@external
def leaveEmpty():
    """
    @notice No proposal came: the slot stays empty; a ticket that was drawn for it is burned all the same.
    """
    self._onlyProtocol()
    assert self.settled < self.slots, "block_proposed"
    self.settled = self.slots
    serial: uint256 = convert(self.draws[self.slots - 1].ticket, uint256)
    if serial == 0:
        return
    serial -= 1
    title: Title = self.titles[serial]
    if title.owner == PROTOCOL:
        self._burn(serial, title, "unsold")
        return
    fee: uint256 = convert(RULES.missedFee, uint256)
    self.funds[title.owner] -= fee
    self.burnedGwei += fee
    self._burn(serial, title, "missed")


@external
def expire(most: uint256):
    """
    @notice Burn the tickets that have had their last draw, `most` of them at the most, with the refund that the rules
            give. The next slot opens when all are burned.
    """
    self._onlyProtocol()
    for _: uint256 in range(min(most, self.urnSize), bound=65536):
        if not self._hasExpired():
            break
        serial: uint256 = self._select(0)
        title: Title = self.titles[serial]
        self._removeFromUrn(serial)
        if title.owner != PROTOCOL:
            self._refund(title.owner, self._share(title.priceGwei, RULES.refund))
        self._burn(serial, title, "expired")


@pure
@external
def computeIndex(word: bytes32, bound: uint256) -> uint256:
    """
    @notice `word mod bound`; 2^256 - 1 where the word lies in the last, incomplete run of `bound` numbers.
    """
    return self._computeIndex(word, bound)


# What the exchange sells

@external
def sellFirst(tokenId: uint256, buyer: address, priceGwei: uint64):
    """
    @notice For the exchange: a ticket of the protocol goes to a buyer, and its price is burned.
    """
    self._onlyExchange()
    amount: uint256 = convert(priceGwei, uint256)
    self.funds[buyer] -= amount
    self.burnedGwei += amount
    self.titles[tokenId].priceGwei = priceGwei
    log Sold(tokenId=tokenId, seller=PROTOCOL, buyer=buyer, priceGwei=amount)
    self._move(tokenId, self._get(tokenId), buyer)


@external
def trade(tokenId: uint256, seller: address, buyer: address, priceGwei: uint64):
    """
    @notice For the exchange: a ticket goes from its seller to a buyer, who pays.
    """
    self._onlyExchange()
    amount: uint256 = convert(priceGwei, uint256)
    self.funds[buyer] -= amount
    self.funds[seller] += amount
    log Sold(tokenId=tokenId, seller=seller, buyer=buyer, priceGwei=amount)
    self._move(tokenId, self._get(tokenId), buyer)


@external
def takeBack(tokenId: uint256, owner: address, transferNonce: uint64, least: uint256):
    """
    @notice For the exchange: take an undrawn ticket back for its price less the haircut, and burn it.
    """
    self._onlyExchange()
    title: Title = self._owned(convert(tokenId, uint64), owner, transferNonce)
    assert RULES.returns and title.drawnFor == 0, "return_refused"
    refund: uint256 = self._share(title.priceGwei, RULES.returned)
    assert refund >= least, "return_refused"
    self._removeFromUrn(tokenId)
    self._refund(owner, refund)
    self._burn(tokenId, title, "returned")


@view
@external
def canPay(account: address, amount: uint256) -> bool:
    """
    @notice Whether the account can pay so many Gwei and post the collateral of one ticket more.
    """
    return self._canPay(account, amount)


@view
@external
def hasRoom(account: address) -> bool:
    """
    @notice Whether the account may have one ticket more.
    """
    return self._hasRoom(account)


# Tickets and titles

@view
@internal
def _get(serial: uint256) -> Title:
    title: Title = self.titles[serial]
    if title.owner == empty(address):
        assert serial >= self.minted, "ticket_burned"
        raise "unknown_ticket"
    return title


@view
@internal
def _owned(serial: uint64, owner: address, nonce: uint64) -> Title:
    title: Title = self._get(convert(serial, uint256))
    assert title.nonce == nonce, "ticket_moved"
    assert title.owner == owner, "not_owner"
    return title


@internal
def _mint():
    serial: uint256 = self.minted
    assert RULES.elastic or self.live < convert(RULES.supply, uint256), "supply_full"
    first: uint64 = 0
    last: uint64 = NOTHING
    opened: uint64 = convert(self.slots, uint64)
    if RULES.window == 0:
        if opened > 0:
            first = opened + RULES.lookahead
        if RULES.maturity != NOTHING:
            last = first + RULES.maturity - 1
    else:
        number: uint64 = convert(serial, uint64)
        if opened > 0:
            number = opened + RULES.maturity
        first = number - number % RULES.window
        last = first + RULES.window - 1
    minted: uint64 = NOTHING
    if opened > 0:
        minted = opened - 1
    self.tickets[serial] = Ticket(
        serial=convert(serial, uint64),
        mintBlock=minted,
        firstBlock=first,
        lastBlock=last,
        rulesId=RULES_ID,
        chainId=convert(chain.id, uint64),
    )
    self.titles[serial].owner = PROTOCOL
    self.held[PROTOCOL] += 1
    self.minted += 1
    self.live += 1
    if self.urnSize == 0:
        self.urnLow = serial >> 8
    self.urn[serial >> 8] |= 1 << (serial & 255)
    self.urnSize += 1
    log Transfer(sender=empty(address), receiver=PROTOCOL, tokenId=serial)
    log Minted(tokenId=serial, mintBlock=minted, firstBlock=first, lastBlock=last)


@internal
def _move(serial: uint256, title: Title, taker: address):
    self.held[title.owner] -= 1
    self.held[taker] += 1
    self.titles[serial].owner = taker
    self.titles[serial].nonce = title.nonce + 1
    log Transfer(sender=title.owner, receiver=taker, tokenId=serial)


@internal
def _burn(serial: uint256, title: Title, end: String[8]):
    self.held[title.owner] -= 1
    self.live -= 1
    self.titles[serial] = empty(Title)
    log Transfer(sender=title.owner, receiver=empty(address), tokenId=serial)
    log Burned(tokenId=serial, owner=title.owner, end=end)


@internal
def _approve(title: Title, spender: address, serial: uint256):
    self.approved[serial][title.nonce] = spender
    log Approval(owner=title.owner, approved=spender, tokenId=serial)


@internal
def _transferFrom(owner: address, to: address, serial: uint256):
    title: Title = self._get(serial)
    assert title.owner == owner, "not_owner"
    if msg.sender != owner and not self.operators[owner][msg.sender]:
        assert msg.sender == self.approved[serial][title.nonce], "not_approved"
    self._checkTaker(to)
    self._move(serial, title, to)


@view
@internal
def _checkTaker(taker: address):
    """
    @dev Whether one who buys nothing may get a ticket. The protocol may not: what it holds when a slot is missed
         costs nobody a fee.
    """
    assert taker != empty(address) and taker != PROTOCOL, "bad_taker"
    self._checkRoom(taker)
    self._checkFunds(taker, 0)


@view
@internal
def _onlyProtocol():
    assert msg.sender == PROTOCOL, "not_protocol"


@view
@internal
def _onlyExchange():
    assert msg.sender == EXCHANGE, "not_exchange"


# The draw

@internal
def _draw(slot: uint256):
    """
    @dev The draw of the next block, by the seed of `slot`, in which it is due.
    """
    number: uint256 = self.drawn
    self.drawn += 1
    skipped: uint256 = 0
    count: uint256 = self.urnSize
    if RULES.window != 0:
        skipped, count = self._candidates(number)
        if not RULES.dealt:
            count = min(count, 1)
    drawn: uint64 = 0
    urn: uint64 = convert(self.urnSize, uint64)
    if count != 0:
        serial: uint256 = self._select(skipped + self._below(count, number, slot))
        self._removeFromUrn(serial)
        self.titles[serial].drawnFor = convert(number + 1, uint64)
        drawn = convert(serial + 1, uint64)
        log Drawn(tokenId=serial, block=number, urn=convert(urn, uint256))
    self.draws[number] = BlockDraw(ticket=drawn, urn=urn)


@view
@internal
def _hasExpired() -> bool:
    """
    @dev Whether the oldest undrawn ticket has had its last draw.
    """
    if self.urnSize == 0 or self.drawn == 0:
        return False
    return convert(self.tickets[self._select(0)].lastBlock, uint256) < self.drawn


@view
@internal
def _candidates(number: uint256) -> (uint256, uint256):
    """
    @dev The undrawn tickets of the window in which the block lies: after how many of the urn, and how many.
    """
    skipped: uint256 = 0
    count: uint256 = 0
    for place: uint256 in range(self.urnSize, bound=65536):
        ticket: Ticket = self.tickets[self._select(place)]
        if convert(ticket.firstBlock, uint256) > number:
            break
        if convert(ticket.lastBlock, uint256) < number:
            skipped += 1
        else:
            count += 1
    return skipped, count


@view
@internal
def _below(bound: uint256, number: uint256, slot: uint256) -> uint256:
    """
    @dev A uniform index from `keccak(seed, block as 8 bytes, attempt as 4 bytes)`.
    """
    seed: bytes32 = staticcall BEACON.seedOf(slot)
    for attempt: uint256 in range(256):
        word: bytes32 = keccak256(
            concat(seed, convert(convert(number, uint64), bytes8), convert(convert(attempt, uint32), bytes4))
        )
        index: uint256 = self._computeIndex(word, bound)
        if index != max_value(uint256):
            return index
    raise "rule_broken"


@pure
@internal
def _computeIndex(word: bytes32, bound: uint256) -> uint256:
    number: uint256 = convert(word, uint256)
    left_over: uint256 = (max_value(uint256) % bound + 1) % bound  # 2^256 mod bound
    if number > max_value(uint256) - left_over:
        return max_value(uint256)
    return number % bound


@internal
def _removeFromUrn(serial: uint256):
    self.urn[serial >> 8] ^= 1 << (serial & 255)
    self.urnSize -= 1
    low: uint256 = self.urnLow
    if self.urnSize != 0 and self.urn[low] == 0:
        for word: uint256 in range(low, low + 65536, bound=65536):
            if self.urn[word] != 0:
                self.urnLow = word
                break


@view
@internal
def _select(place: uint256) -> uint256:
    """
    @dev The serial at a place of the urn, from 0 in order of serials.
    """
    left: uint256 = place
    for word: uint256 in range(self.urnLow, self.urnLow + 65536, bound=65536):
        bits: uint256 = self.urn[word]
        if bits == 0:
            continue
        count: uint256 = self._popcount(bits)
        if left >= count:
            left -= count
            continue
        bit: uint256 = 0
        width: uint256 = 128
        for _: uint256 in range(8):
            below: uint256 = self._popcount(bits & ((1 << width) - 1))
            if left >= below:
                left -= below
                bits = bits >> width
                bit += width
            else:
                bits = bits & ((1 << width) - 1)
            width = width >> 1
        return (word << 8) + bit
    raise "rule_broken"


@pure
@internal
def _popcount(bits: uint256) -> uint256:
    """
    @dev How many bits are set: sums of 2, 4, 8 and 16 bits side by side, then all of them by one product.
    """
    x: uint256 = bits
    x = unsafe_sub(x, (x >> 1) & (max_value(uint256) // 3))
    x = (x & (max_value(uint256) // 5)) + ((x >> 2) & (max_value(uint256) // 5))
    x = (x + (x >> 4)) & (max_value(uint256) // 17)
    x = (x + (x >> 8)) & (max_value(uint256) // 257)
    return unsafe_mul(x, max_value(uint256) // 65535) >> 240


@view
@internal
def _domain() -> bytes32:
    """
    @dev Made anew each time: it follows the chain's id.
    """
    return keccak256(abi_encode(DOMAIN_TYPE, keccak256("et-testbed"), keccak256("1"), chain.id, self))


# Money, inside

@view
@internal
def _free(account: address) -> uint256:
    if account == PROTOCOL:
        return self.funds[account]
    return self.funds[account] - convert(RULES.collateral, uint256) * self.held[account]


@view
@internal
def _canPay(account: address, amount: uint256) -> bool:
    return self._free(account) >= amount + convert(RULES.collateral, uint256)


@view
@internal
def _checkFunds(account: address, amount: uint256):
    """
    @dev Whether the account can pay and post the collateral of one ticket more.
    """
    assert self._canPay(account, amount), "insufficient_funds"


@view
@internal
def _hasRoom(account: address) -> bool:
    return account != PROTOCOL and self.held[account] < convert(RULES.ownerCap, uint256)


@view
@internal
def _checkRoom(account: address):
    assert self._hasRoom(account), "cap_exceeded"


@internal
def _pay(account: address, amount: uint256):
    assert self._free(account) >= amount, "insufficient_funds"
    self.funds[account] -= amount


@internal
def _refund(account: address, amount: uint256):
    self.funds[account] += amount
    self.refundedGwei += amount


@pure
@internal
def _gwei(amount: uint256) -> uint256:
    assert amount % WEI_PER_GWEI == 0 and amount // WEI_PER_GWEI <= convert(MOST_GWEI, uint256), "bad_amount"
    return amount // WEI_PER_GWEI


@pure
@internal
def _share(price: uint64, share: Share) -> uint256:
    """
    @dev The whole Gwei of `price * share` in IEEE doubles, as the testbed computes it.
    """
    product: uint256 = self._double(convert(price, uint256)) * convert(share.mantissa, uint256)
    return self._double(product) >> convert(share.shift, uint256)


@pure
@internal
def _double(number: uint256) -> uint256:
    """
    @dev The nearest number with 53 significant bits, ties to even.
    """
    length: uint256 = 0
    width: uint256 = 128
    rest: uint256 = number
    for _: uint256 in range(8):
        if rest >> width != 0:
            rest = rest >> width
            length += width
        width = width >> 1
    if length < 53:  # `length` is the place of the highest bit
        return number
    excess: uint256 = length - 52
    quotient: uint256 = number >> excess
    remainder: uint256 = number & ((1 << excess) - 1)
    half: uint256 = 1 << (excess - 1)
    if remainder > half or (remainder == half and quotient & 1 == 1):
        quotient += 1
    return quotient << excess
