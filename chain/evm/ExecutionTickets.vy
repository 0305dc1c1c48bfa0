# pragma version ~=0.4.3
# pragma evm-version cancun
# pragma optimize codesize
"""
@title Execution tickets
@license MIT
@notice The rules of `chain/` as a contract: an ERC-721 with permits (ERC-4494) whose tickets are minted, sold,
        drawn and burned slot by slot, or round by round where a ticket is for a round of blocks. A revert's reason is
        the code of a refusal in `chain.errors` or `market.errors`.
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

# @notice A share of a price: an IEEE double between 0 and 1, mantissa / 2^shift.
struct Share:
    mantissa: uint64  # a whole number
    shift: uint64  # the power of two that it is over

# @notice The rules of the protocol, fixed at deployment.
struct Rules:
    supply: uint64  # tickets that are live when all are minted
    elastic: bool  # are tickets minted as they are sold, beyond the supply
    round: uint64  # blocks that a ticket proposes, one after another; the next three count rounds of so many
    maturity: uint64  # rounds for which a ticket may be drawn; 2^64 - 1: no end
    lookahead: uint64  # rounds from the draw of one to its first block
    window: uint64  # 0: any round; 1: a ticket for each round; W: tickets for windows of W rounds
    dealt: bool  # is a window's ticket drawn at random, or the lowest serial taken
    refund: Share  # of its price, when a ticket expires undrawn
    returned: Share  # of its price, when a ticket is given back
    returnable: bool  # may a ticket be given back
    collateral: uint64  # Gwei behind each ticket that an account has
    missedFee: uint64  # Gwei, of the owner whose block is not proposed, for each such block
    ownerCap: uint64  # tickets that one account may have; 2^64 - 1: any number
    void: bool  # may a ticket be burned that nobody bought, so that its blocks have none
    exAnte: bool  # may a ticket be resold before its draw
    exPost: bool  # and after it

# @notice The part of a ticket that the protocol signs, and that never changes.
struct Ticket:
    serial: uint64  # its number, from 0 on; also its tokenId
    mintBlock: uint64  # the slot in which it was minted; 2^64 - 1: genesis
    firstBlock: uint64  # the first block that it may be drawn for
    lastBlock: uint64  # the last one; 2^64 - 1: no end
    rulesId: bytes32  # the hash of the rules
    chainId: uint64  # of the chain on which it was minted

# @notice The part of a ticket that changes.
struct Title:
    owner: address  # whose it is
    nonce: uint64  # of transfers
    drawnFor: uint64  # the block that it proposes next + 1; 0: undrawn
    priceGwei: uint64  # what the primary market was paid

# @notice Which ticket was drawn for a block.
struct BlockDraw:
    ticket: uint64  # serial + 1; 0: none
    urn: uint64  # how many undrawn tickets there were

# @notice The message by which a ticket's owner proposes a block.
struct Proposal:
    block: uint64  # the present slot
    proposer: address  # the ticket's owner, who signs
    ticket: uint64  # the serial that was drawn for the block
    nonce: uint64  # the ticket's transfer nonce
    builder: address  # who gets the reward; zero: nobody built it
    reward: uint64  # Gwei, the value that must come along

# @notice A ticket was minted (from zero), moved, or was burned (to zero), as ERC-721 says.
# @param sender Whose it was.
# @param receiver Whose it is.
# @param tokenId Its serial.
event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    tokenId: indexed(uint256)

# @notice An account may transfer a ticket until it moves; zero: none may any longer.
# @param owner Whose ticket.
# @param approved Who may.
# @param tokenId The ticket's serial.
event Approval:
    owner: indexed(address)
    approved: indexed(address)
    tokenId: indexed(uint256)

# @notice An operator may transfer all tickets of an owner, or no longer.
# @param owner Whose tickets.
# @param operator Who may.
# @param approved Whether it may.
event ApprovalForAll:
    owner: indexed(address)
    operator: indexed(address)
    approved: bool

# @notice A ticket was minted to the protocol.
# @param tokenId Its serial.
# @param mintBlock The slot in which; 2^64 - 1: genesis.
# @param firstBlock The first block that it may be drawn for.
# @param lastBlock The last one; 2^64 - 1: no end.
event Minted:
    tokenId: indexed(uint256)
    mintBlock: uint64
    firstBlock: uint64
    lastBlock: uint64

# @notice A ticket was drawn for a block, or a round of them. One without a ticket has no such event.
# @param tokenId Its serial.
# @param block The block, or the first one of the round.
# @param urn How many undrawn tickets there were.
event Drawn:
    tokenId: indexed(uint256)
    block: indexed(uint256)
    urn: uint256

# @notice A block of a ticket is settled, where rounds have several blocks. Of a ticket of one block `Burned` says it.
# @param tokenId Its serial.
# @param block The block.
# @param end "proposed", "missed" or "unsold" (the protocol's own).
event Used:
    tokenId: indexed(uint256)
    block: indexed(uint256)
    end: String[8]

# @notice A ticket came to its end.
# @param tokenId Its serial.
# @param owner Whose it was.
# @param end "proposed", "missed" (all of its blocks), "unsold" (the protocol's own, whose slots stay empty),
#     "expired", "returned" or "void" (the protocol's own, before its draw).
event Burned:
    tokenId: indexed(uint256)
    owner: indexed(address)
    end: String[8]

# @notice A ticket was sold, by the protocol or among participants.
# @param tokenId Its serial.
# @param seller Whose it was.
# @param buyer Whose it is, who paid.
# @param priceGwei What was paid, Gwei.
event Sold:
    tokenId: indexed(uint256)
    seller: indexed(address)
    buyer: indexed(address)
    priceGwei: uint256

# The reasons of reverts, as `Error(string)` has them
# @custom:refusal bad_amount An amount of wei that is not whole Gwei, or more than 2^63 - 1 of these; a reward that is
#     not what was signed.
# @custom:refusal bad_owner The zero address owns nothing.
# @custom:refusal bad_rules Parameters that the constructor refuses.
# @custom:refusal bad_signature The signature is not the named signer's over these very fields.
# @custom:refusal bad_taker Nobody, or the protocol, cannot be given a ticket; nobody cannot be paid out.
# @custom:refusal block_open The present slot is not settled, first draws are not held, or expired tickets not burned.
# @custom:refusal block_proposed The block has been proposed, or is not the present one; it is too late for genesis.
# @custom:refusal cap_exceeded The account would have more tickets than one owner may.
# @custom:refusal insufficient_funds The account does not have, free, what it is to spend, and the collateral of a
#     ticket more.
# @custom:refusal nonce_used The permit was used before.
# @custom:refusal not_approved The caller may not act for the ticket's owner; or is not its taker, where collateral
#     stands behind tickets.
# @custom:refusal not_exchange Only the exchange may call this.
# @custom:refusal not_owner The ticket belongs to someone else.
# @custom:refusal not_proposer The signer does not hold the right of this block.
# @custom:refusal not_protocol Only the protocol may call this.
# @custom:refusal not_receiver The contract did not answer that it takes tickets.
# @custom:refusal permit_expired The permit's deadline has passed.
# @custom:refusal return_refused The protocol does not take this ticket back, or not for so much.
# @custom:refusal rule_broken What cannot happen: a draw without a ticket; the burning of one that is drawn, or sold, or
#     stays on offer by the rules.
# @custom:refusal seed_known The seed of the coming slot is known already: its draw is out of the urn as it is now.
# @custom:refusal supply_full So many tickets are live as the supply has.
# @custom:refusal ticket_burned The ticket was proposed with, expired, or was given back.
# @custom:refusal ticket_moved The message names a transfer nonce that the ticket has left behind.
# @custom:refusal unknown_ticket No ticket of this serial was ever minted.

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
settled: uint256  # the value of `slots` when a slot was last settled
proposed: uint256  # the value of `slots` at the last proposal, where rounds have several blocks
live: uint256
voided: uint256  # how many blocks to come, the last ones of their rounds, have lost their ticket as void
voids: HashMap[uint256, bool]  # which
# @notice How many blocks, from 0 on, have had their draw.
# @return Their number.
drawn: public(uint256)
# @notice How many tickets were ever minted, which is the serial of the next one.
# @return Their number.
minted: public(uint256)
# @notice What was burned: prices of primary sales, fees for missed slots.
# @return Gwei.
burnedGwei: public(uint256)
# @notice What was paid back for tickets that expired or were given back.
# @return Gwei.
refundedGwei: public(uint256)
tickets: HashMap[uint256, Ticket]
titles: HashMap[uint256, Title]
draws: HashMap[uint256, BlockDraw]
held: HashMap[address, uint256]
# @notice What an account has in the contract, with what stands behind its tickets.
# @param account Whose money.
# @return Gwei.
funds: public(HashMap[address, uint256])
lost: HashMap[address, uint256]  # fees of the running round, out of what stands behind the ticket that has it
approved: HashMap[uint256, HashMap[uint64, address]]  # by transfer nonce, so that it ends with a transfer
operators: HashMap[address, HashMap[address, bool]]
permits: HashMap[bytes32, bool]  # that were used, by the hash of what was signed

urn: HashMap[uint256, uint256]  # bitmaps of the undrawn serials, 256 to a word
# @notice How many tickets are live and not drawn.
# @return Their number.
urnSize: public(uint256)
urnLow: uint256  # no serial is in a lower word


@deploy
def __init__(rules: Rules, rulesId: bytes32, protocol: address, beacon: address, exchange: address):
    """
    @notice The tickets of a chain before genesis: none is minted, and the present slot is -1. What a config of the
            testbed refuses is refused here (`bad_rules`).
    @param rules The rules of the protocol, for good.
    @param rulesId The hash that each ticket carries of them (docs/vectors.md, "The rules id").
    @param protocol The account that mints, sells and draws.
    @param beacon A contract with `seedOf(uint256)`: the random seed of each slot, the same whenever it is asked for;
            it reverts while the seed is not known.
    @param exchange Where the blueprint (ERC-5202) of `TicketExchange` lies, of which the exchange is made.
    """
    assert protocol != empty(address) and beacon.is_contract, "bad_rules"
    assert 0 < rules.supply and rules.supply <= MOST_TICKETS, "bad_rules"
    assert rules.elastic or rules.lookahead < rules.supply, "bad_rules"
    assert rules.lookahead <= MOST_TICKETS, "bad_rules"
    assert rules.maturity < MOST_TICKETS or rules.maturity == NOTHING, "bad_rules"
    assert 0 < rules.round and rules.round <= MOST_TICKETS, "bad_rules"
    assert rules.round == 1 or not rules.dealt, "bad_rules"
    assert rules.window == 1 or not rules.void, "bad_rules"
    if rules.window == 0:
        assert rules.maturity > 0 and not rules.dealt, "bad_rules"
    else:
        assert not rules.elastic and rules.maturity == rules.supply - 1, "bad_rules"
        assert rules.window <= rules.supply, "bad_rules"
        assert rules.lookahead == 0 or not rules.dealt, "bad_rules"
    assert self._isShare(rules.refund) and self._isShare(rules.returned), "bad_rules"
    assert rules.missedFee <= rules.collateral // rules.round and rules.collateral <= MOST_GWEI, "bad_rules"
    assert rules.ownerCap > 0, "bad_rules"
    RULES = rules
    RULES_ID = rulesId
    PROTOCOL = protocol
    BEACON = Beacon(beacon)
    EXCHANGE = create_from_blueprint(exchange, protocol, rules.exAnte, rules.exPost, rules.round)


@pure
@internal
def _isShare(share: Share) -> bool:
    return share.shift < 64 + 1023 and (share.shift >= 64 or share.mantissa <= convert(1 << share.shift, uint64))


# ERC-165, ERC-721 with metadata, ERC-4494

@view
@external
def supportsInterface(interfaceId: bytes4) -> bool:
    """
    @notice Whether an interface is there: ERC-165, ERC-721, its metadata, ERC-4494.
    @param interfaceId The selectors of its functions, combined by exclusive or.
    @return Whether it is one of these four.
    """
    return interfaceId in [0x01ffc9a7, 0x80ac58cd, 0x5b5e139f, 0x5604e225]


@view
@external
def name() -> String[17]:
    """
    @notice The name of the collection.
    @return "Execution Tickets".
    """
    return "Execution Tickets"


@view
@external
def symbol() -> String[2]:
    """
    @notice Its short name.
    @return "ET".
    """
    return "ET"


@view
@external
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice The EIP-712 domain of all messages that are signed for this contract and its exchange: name "et-testbed",
            version "1", the chain's id, this address.
    @return Its hash, which follows the chain's id.
    """
    return self._domain()


@view
@external
def totalSupply() -> uint256:
    """
    @notice How many tickets are live: minted, and not burned.
    @return Their number.
    """
    return self.live


@view
@external
def balanceOf(owner: address) -> uint256:
    """
    @notice How many tickets an account has.
    @param owner Any account but zero.
    @return Their number.
    """
    assert owner != empty(address), "bad_owner"
    return self.held[owner]


@view
@external
def ownerOf(tokenId: uint256) -> address:
    """
    @notice Whose a ticket is. One that is burned has no owner: the call reverts.
    @param tokenId The ticket's serial.
    @return Its owner.
    """
    return self._get(tokenId).owner


@view
@external
def nonces(tokenId: uint256) -> uint256:
    """
    @notice How often a ticket was transferred: what a permit or a message for it must name.
    @param tokenId The ticket's serial.
    @return The transfer nonce.
    """
    return convert(self._get(tokenId).nonce, uint256)


@view
@external
def getApproved(tokenId: uint256) -> address:
    """
    @notice Who may transfer a ticket beside its owner and the owner's operators. An approval ends when the ticket
            moves.
    @param tokenId The ticket's serial.
    @return The approved account, or zero.
    """
    return self.approved[tokenId][self._get(tokenId).nonce]


@view
@external
def isApprovedForAll(owner: address, operator: address) -> bool:
    """
    @notice Whether an operator may transfer all tickets of an owner.
    @param owner Whose tickets.
    @param operator Who may.
    @return Whether it may.
    """
    return self.operators[owner][operator]


@view
@external
def tokenURI(tokenId: uint256) -> String[768]:
    """
    @notice The ticket's fields as JSON in a data URI.
    @dev    Its quotes and braces are escaped as a URI wants them; numbers are in digits, since JSON's own are exact
            only up to 2^53.
    @param tokenId The ticket's serial.
    @return The URI.
    """
    title: Title = self._get(tokenId)
    ticket: Ticket = self.tickets[tokenId]
    what: String[46] = "a%20block"
    if RULES.round > 1:
        what = concat("a%20round%20of%20", uint2str(RULES.round), "%20blocks")
    drawn: String[30] = "null"
    if title.drawnFor != 0:
        drawn = concat("%22", uint2str(title.drawnFor - 1), "%22")
    return concat(
        "data:application/json,%7B%22name%22:%22Execution%20ticket%20", uint2str(tokenId),
        "%22,%22description%22:%22The%20right%20to%20propose%20", what, "%22,%22serial%22:%22", uint2str(ticket.serial),
        "%22,%22mintBlock%22:%22", uint2str(ticket.mintBlock),
        "%22,%22firstBlock%22:%22", uint2str(ticket.firstBlock),
        "%22,%22lastBlock%22:%22", uint2str(ticket.lastBlock),
        "%22,%22drawnFor%22:", drawn, "%7D",
    )


@external
def approve(approved: address, tokenId: uint256):
    """
    @notice Let an account transfer a ticket. The ticket's owner and the owner's operators may say so.
    @param approved Who may; zero takes an approval back.
    @param tokenId The ticket's serial.
    """
    title: Title = self._get(tokenId)
    assert msg.sender == title.owner or self.operators[title.owner][msg.sender], "not_approved"
    self._approve(title, approved, tokenId)


@external
def setApprovalForAll(operator: address, approved: bool):
    """
    @notice Let an operator transfer all tickets of the caller, or no longer.
    @param operator Who may.
    @param approved Whether it may.
    """
    self.operators[msg.sender][operator] = approved
    log ApprovalForAll(owner=msg.sender, operator=operator, approved=approved)


@external
def permit(spender: address, tokenId: uint256, deadline: uint256, sig: Bytes[1024]):
    """
    @notice Approve by the owner's signature (ERC-4494), whoever brings it. A permit is good once, and until the
            ticket moves.
    @dev    The signature is over `Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)`, with
            `nonces(tokenId)`.
    @param spender Who may transfer the ticket.
    @param tokenId The ticket's serial.
    @param deadline The last second, Unix time, in which it counts.
    @param sig 65 bytes r, s, v; 64 bytes (EIP-2098); or what the owner, a contract, accepts (EIP-1271).
    """
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
    """
    @notice Transfer a ticket: its owner, an operator or whom it is approved for may. The taker must have room under
            the cap and, free, the collateral of one ticket more; where there is collateral it makes the call itself.
    @param owner Who has it.
    @param to Who gets it: neither zero nor the protocol.
    @param tokenId The ticket's serial.
    """
    self._transferFrom(owner, to, tokenId)


@external
def safeTransferFrom(owner: address, to: address, tokenId: uint256, data: Bytes[1024] = b""):
    """
    @notice The same; a taker that is a contract must answer that it knows what to do with a ticket.
    @param owner Who has it.
    @param to Who gets it. A contract is asked `onERC721Received`.
    @param tokenId The ticket's serial.
    @param data What is passed on to it, up to 1,024 bytes.
    """
    self._transferFrom(owner, to, tokenId)
    if to.is_contract:
        answer: bytes4 = extcall Receiver(to).onERC721Received(msg.sender, owner, tokenId, data)
        assert answer == 0x150b7a02, "not_receiver"


@external
def transferSigned(giver: address, taker: address, ticket: uint64, transferNonce: uint64, sig: Bytes[1024]):
    """
    @notice Carry out a transfer that its giver signed, whoever brings it; where there is collateral the taker.
    @dev    The signature is over `Transfer(address giver,address taker,uint64 ticket,uint64 transferNonce)`.
    @param giver Who has the ticket, and signed.
    @param taker Who gets it: neither zero nor the protocol.
    @param ticket Its serial.
    @param transferNonce `nonces(ticket)`: with the transfer the signature is used up.
    @param sig The giver's signature, as in `permit`.
    """
    title: Title = self._owned(ticket, giver, transferNonce)
    signatures._verify(self._domain(), giver, keccak256(abi_encode(TRANSFER_TYPE, giver, taker, ticket, transferNonce)), sig)
    self._checkTaker(taker)
    self._move(convert(ticket, uint256), title, taker)


# Money

@payable
@external
def deposit(account: address):
    """
    @notice Pay wei in for an account. Whole Gwei alone are taken.
    @param account Whose money it is from now on.
    """
    self.funds[account] += self._gwei(msg.value)


@external
def withdraw(amount: uint256, to: address):
    """
    @notice Take free money of the caller out, to any address; what stands behind tickets stays.
    @param amount Gwei.
    @param to Who gets it, with all the gas that there is; not zero.
    """
    assert to != empty(address), "bad_taker"
    self._pay(msg.sender, amount)
    raw_call(to, b"", value=amount * WEI_PER_GWEI)


@external
def pay(payee: address, amount: uint256):
    """
    @notice Pay another account out of the caller's free money, within the contract.
    @param payee Whose it is from now on.
    @param amount Gwei.
    """
    self._pay(msg.sender, amount)
    self.funds[payee] += amount


@view
@external
def free(account: address) -> uint256:
    """
    @notice What an account may spend: its money less the collateral of its tickets. The protocol posts none.
    @param account Whose.
    @return Gwei.
    """
    return self._free(account)


# The protocol, slot by slot

@view
@external
def slot() -> int256:
    """
    @notice The present slot, which is the number of the block that is proposed in it.
    @return Its number; -1 before block 0.
    """
    return convert(self.slots, int256) - 1


@view
@external
def protocol() -> address:
    """
    @notice The account that mints, sells and draws.
    @return Its address, fixed at deployment.
    """
    return PROTOCOL


@view
@external
def exchange() -> address:
    """
    @notice The contract that checks signed orders, listings and bids, and alone may sell by them.
    @return Its address, fixed at deployment.
    """
    return EXCHANGE


@view
@external
def beacon() -> address:
    """
    @notice The contract that says the random seed of each slot.
    @return Its address, fixed at deployment.
    """
    return BEACON.address


@view
@external
def rules() -> Rules:
    """
    @notice The rules of the protocol.
    @return All of them, as they were given at deployment.
    """
    return RULES


@view
@external
def ticketOf(tokenId: uint256) -> Ticket:
    """
    @notice The signed part of a ticket, live or burned.
    @param tokenId The ticket's serial.
    @return Its dates, and the rules that it was minted under.
    """
    assert tokenId < self.minted, "unknown_ticket"
    return self.tickets[tokenId]


@view
@external
def ticketDigest(tokenId: uint256) -> bytes32:
    """
    @notice The EIP-712 digest that the protocol signs for the ticket.
    @param tokenId The ticket's serial.
    @return The digest.
    """
    assert tokenId < self.minted, "unknown_ticket"
    return signatures._digest(self._domain(), keccak256(abi_encode(TICKET_TYPE, self.tickets[tokenId])))


@view
@external
def titleOf(tokenId: uint256) -> Title:
    """
    @notice Whose a live ticket is, and what of it changes.
    @param tokenId The ticket's serial.
    @return Its owner, transfer nonce, draw and first price.
    """
    return self._get(tokenId)


@view
@external
def drawOf(number: uint256) -> BlockDraw:
    """
    @notice The draw of a block, or of its round: the ticket's serial + 1 (0: none), out of how many.
    @param number The block.
    @return Its draw; zeros where it has had none.
    """
    return self.draws[self._round(number)]


@external
def mint(count: uint256):
    """
    @notice For the protocol: mint tickets to it, as many as the supply has lost, or of an elastic one as many as are
            sold. It may be called several times in a slot, until the seed of the next draw is known.
    @param count How many, up to 65,536.
    """
    self._onlyProtocol()
    self._checkSeedUnknown()
    for _: uint256 in range(count, bound=65536):
        self._mint()


@external
def handOut(tokenId: uint256, account: address, priceGwei: uint64, sig: Bytes[1024]):
    """
    @notice For the protocol, before block 0: give a first ticket away, at a price that is no revenue and that the
            account has signed; for nothing without a signature, but where collateral stands behind tickets.
    @dev    The signature is over `HandOut(address account,uint64 ticket,uint64 price)`.
    @param tokenId The ticket's serial.
    @param account Who gets it: neither zero nor the protocol.
    @param priceGwei What the account pays, Gwei.
    @param sig The account's signature, as in `permit`; empty where it takes and costs nothing.
    """
    self._onlyProtocol()
    title: Title = self._owned(convert(tokenId, uint64), PROTOCOL, 0)
    assert self.slots == 0, "block_proposed"
    assert priceGwei <= MOST_GWEI, "bad_amount"
    if priceGwei != 0 or RULES.collateral != 0:
        terms: bytes32 = keccak256(abi_encode(HAND_OUT_TYPE, account, tokenId, priceGwei))
        signatures._verify(self._domain(), account, terms, sig)
    assert account != empty(address) and account != PROTOCOL, "bad_taker"
    self._checkFunds(account, convert(priceGwei, uint256))
    self.funds[account] -= convert(priceGwei, uint256)
    self._move(tokenId, title, account)


@external
def drawFirst(count: uint256):
    """
    @notice For the protocol, after the sale of genesis: draw the next of the first `lookahead` rounds. It may be
            called several times.
    @param count How many of these rounds.
    """
    self._onlyProtocol()
    assert self.slots == 0, "block_proposed"
    for _: uint256 in range(count, bound=65536):
        assert self.drawn < self._ahead(), "block_proposed"
        self._draw(0)


@external
def openSlot():
    """
    @notice For the protocol: open the next slot, and where a round begins with it, draw the ticket of the round that
            is `lookahead` rounds ahead.
    @dev    Reverts with `block_open` while the present slot is not settled, a first draw is not held, or an expired
            ticket is not burned. Where the beacon does not know the seed of the draw yet, the beacon's reason is
            passed on.
    """
    self._onlyProtocol()
    assert self.settled == self.slots, "block_open"
    if self._isBetweenRounds():
        assert self.drawn == self.slots + self._ahead(), "block_open"
        assert self.slots == 0 or not self._hasExpired(), "block_open"
        self._draw(self.slots)
    self.slots += 1


@payable
@external
def propose(proposal: Proposal, sig: Bytes[1024]):
    """
    @notice Propose the present block with the value that comes along as its reward, and burn its ticket if it has no
            block left. Anyone may bring the proposal that the ticket's owner signed.
    @dev    The signature is over `Proposal(uint64 block,address proposer,uint64 ticket,uint64 nonce,address
            builder,uint64 reward)`.
    @param proposal What was signed: block, owner, ticket, its transfer nonce, who builds (zero: nobody), and the
            reward, Gwei: the value that must come along. It is the builder's at once.
    @param sig The proposer's signature, as in `permit`.
    """
    assert self.settled < self.slots, "block_proposed"
    assert convert(proposal.block, uint256) == self.slots - 1, "block_proposed"
    serial: uint256 = self._present()
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
    self._settle()
    if RULES.round > 1:
        self.proposed = self.slots
    self._use(serial, title, "proposed")


@external
def leaveEmpty():
    """
    @notice For the protocol: no proposal came, so that the slot stays empty. A ticket that was drawn for it has used
            it all the same, and its owner, unless it is the protocol, pays the fee for a missed slot.
    """
    self._onlyProtocol()
    assert self.settled < self.slots, "block_proposed"
    self._settle()
    serial: uint256 = self._present()
    if serial == 0:
        return
    serial -= 1
    title: Title = self.titles[serial]
    if title.owner == PROTOCOL:
        self._use(serial, title, "unsold")
        return
    fee: uint256 = convert(RULES.missedFee, uint256)
    self.funds[title.owner] -= fee
    self.burnedGwei += fee
    if RULES.round > 1:
        self.lost[title.owner] += fee
    self._use(serial, title, "missed")


@external
def expire(most: uint256):
    """
    @notice For the protocol: burn the tickets that have had their last draw, with the refund that the rules give, in
            the last slot of a round. The next one opens when all are burned; slot 0 opens as it is after the first
            draws.
    @param most How many of them at the most.
    """
    self._onlyProtocol()
    if self.slots == 0:  # slot 0 opens with expired tickets in the urn, too
        self._checkSeedUnknown()
    for _: uint256 in range(min(most, self.urnSize), bound=65536):
        if not self._hasExpired():
            break
        serial: uint256 = self._select(0)
        title: Title = self.titles[serial]
        self._removeFromUrn(serial)
        if title.owner != PROTOCOL:
            self._refund(title.owner, self._share(title.priceGwei, RULES.refund))
        self._burn(serial, title, "expired")


@external
def burnUnsold(tokenId: uint256):
    """
    @notice For the protocol, where the rules have it so: nobody bid more for this ticket than its reserve. It is
            burned, and its blocks have none; none is minted in its place before they are settled.
    @dev    It may come after the seed of a draw is known: of tickets that are each for a round of their own none is
            drawn by lot.
    @param tokenId The ticket's serial.
    """
    self._onlyProtocol()
    title: Title = self._get(tokenId)
    assert RULES.void and title.owner == PROTOCOL and title.drawnFor == 0, "rule_broken"
    self._removeFromUrn(tokenId)
    last: uint256 = convert(self.tickets[tokenId].lastBlock, uint256)
    if not self.voids[last]:
        self.voids[last] = True
        self.voided += 1
    self._burn(tokenId, title, "void")


@pure
@external
def computeIndex(word: bytes32, bound: uint256) -> uint256:
    """
    @notice A uniform index by a random word: `word mod bound`.
    @param word A word of the draw, `keccak(seed, first block as 8 bytes, attempt as 4 bytes)`.
    @param bound How many tickets there are to draw from; not 0.
    @return The index; 2^256 - 1 where the word lies in the last, incomplete run of `bound` numbers, and the next
            attempt counts.
    """
    return self._computeIndex(word, bound)


# What the exchange sells

@external
def sellFirst(tokenId: uint256, buyer: address, priceGwei: uint64):
    """
    @notice For the exchange: a ticket of the protocol goes to a buyer, and its price is burned.
    @param tokenId The ticket's serial.
    @param buyer Who gets it and pays.
    @param priceGwei The price, Gwei.
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
    @param tokenId The ticket's serial.
    @param seller Who has it and is paid.
    @param buyer Who gets it and pays.
    @param priceGwei The price, Gwei.
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
    @notice For the exchange: take an undrawn ticket back for its price less the haircut, and burn it, unless the seed
            of the coming draw is known.
    @param tokenId The ticket's serial.
    @param owner Who has it and is paid.
    @param transferNonce `nonces(tokenId)`.
    @param least What the owner must get for it, Gwei.
    """
    self._onlyExchange()
    self._checkSeedUnknown()
    title: Title = self._owned(convert(tokenId, uint64), owner, transferNonce)
    assert RULES.returnable and title.drawnFor == 0, "return_refused"
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
    @param account Who pays.
    @param amount Gwei.
    @return Whether it can.
    """
    return self._canPay(account, amount)


@view
@external
def hasRoom(account: address) -> bool:
    """
    @notice Whether the account may have one ticket more.
    @param account Any; the protocol, which no ticket goes back to, may not.
    @return Whether it may.
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
    assert RULES.elastic or self.live + self.voided < convert(RULES.supply, uint256), "supply_full"
    first: uint64 = 0
    last: uint64 = NOTHING
    opened: uint64 = convert(self.slots, uint64)
    begun: uint64 = convert(self._round(self._nextDraw()), uint64)
    if RULES.window == 0:
        if opened > 0:
            first = (begun + RULES.lookahead) * RULES.round
        if RULES.maturity != NOTHING:
            last = first + RULES.maturity * RULES.round - 1
    else:
        number: uint64 = convert(serial, uint64)
        if opened > 0:
            number = begun + RULES.maturity
        first = (number - number % RULES.window) * RULES.round
        last = first + RULES.window * RULES.round - 1
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
    self._forget(title)
    self.held[title.owner] -= 1
    self.held[taker] += 1
    self.titles[serial].owner = taker
    self.titles[serial].nonce = title.nonce + 1
    log Transfer(sender=title.owner, receiver=taker, tokenId=serial)


@internal
def _settle():
    """
    @dev The present block is settled.
    """
    self.settled = self.slots
    if RULES.void and self.voids[self.slots - 1]:
        self.voids[self.slots - 1] = False
        self.voided -= 1


@internal
def _use(serial: uint256, title: Title, end: String[8]):
    """
    @dev The present block is settled: its ticket has others left, or it ends, as proposed if any of them was.
    """
    if RULES.round == 1:
        self._burn(serial, title, end)
        return
    log Used(tokenId=serial, block=self.slots - 1, end=end)
    if not self._isBetweenRounds():
        self.titles[serial].drawnFor = title.drawnFor + 1
    elif self.proposed + convert(RULES.round, uint256) > self.slots:
        self._burn(serial, title, "proposed")
    else:
        self._burn(serial, title, end)


@internal
def _forget(title: Title):
    """
    @dev A ticket leaves its owner. Where its round is running, what was lost of its collateral goes with it.
    """
    if title.drawnFor != 0 and (title.drawnFor - 1) % RULES.round != 0:
        self.lost[title.owner] = 0


@internal
def _burn(serial: uint256, title: Title, end: String[8]):
    self._forget(title)
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
         costs nobody a fee. Where collateral stands behind tickets the taker makes the call itself: else a drawn
         ticket, and the fee for its slot, could be put on anyone who has money here.
    """
    assert taker != empty(address) and taker != PROTOCOL, "bad_taker"
    assert RULES.collateral == 0 or msg.sender == taker, "not_approved"
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


# Rounds

@view
@internal
def _round(number: uint256) -> uint256:
    """
    @dev The round in which a block lies.
    """
    return number // convert(RULES.round, uint256)


@view
@internal
def _ahead() -> uint256:
    """
    @dev The look-ahead, blocks.
    """
    return convert(RULES.lookahead * RULES.round, uint256)


@view
@internal
def _isBetweenRounds() -> bool:
    """
    @dev Whether the present slot is the last one of a round, or none is open yet.
    """
    return self._nextDraw() == self.slots


@view
@internal
def _nextDraw() -> uint256:
    """
    @dev The slot of the next draw: the first of the coming round.
    """
    return self._round(self.slots + convert(RULES.round, uint256) - 1) * convert(RULES.round, uint256)


@view
@internal
def _present() -> uint256:
    """
    @dev The serial + 1 of the ticket that was drawn for the present block; 0: none was.
    """
    return convert(self.draws[self._round(self.slots - 1)].ticket, uint256)


# The draw

@internal
def _draw(slot: uint256):
    """
    @dev The draw of the next round, by the seed of `slot`, in which it is due.
    """
    number: uint256 = self.drawn
    self.drawn += convert(RULES.round, uint256)
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
    self.draws[self._round(number)] = BlockDraw(ticket=drawn, urn=urn)


@view
@internal
def _checkSeedUnknown():
    """
    @dev What changes the urn at someone's will comes before the seed of the coming draw, or it could be held
         again. What expires is not at anyone's will: all of it is burned before the draw of any slot but 0. A beacon that runs out of
         gas would seem to know nothing, but then a 64th of that gas would have to do for the rest of the call.
    """
    asked: Bytes[36] = abi_encode(self._nextDraw(), method_id=method_id("seedOf(uint256)"))
    assert not raw_call(BEACON.address, asked, is_static_call=True, revert_on_failure=False), "seed_known"


@view
@internal
def _hasExpired() -> bool:
    """
    @dev Whether a round is at its end and the oldest undrawn ticket has had its last draw.
    """
    if self.urnSize == 0 or self.drawn == 0:
        return False
    return self._isBetweenRounds() and convert(self.tickets[self._select(0)].lastBlock, uint256) < self.drawn


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
    funds: uint256 = self.funds[account]
    if RULES.round > 1:
        funds += self.lost[account]
    return funds - convert(RULES.collateral, uint256) * self.held[account]


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
