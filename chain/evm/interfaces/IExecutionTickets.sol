// SPDX-License-Identifier: MIT
// Made from ExecutionTickets.vy by `python -m chain.evm.compile`.
pragma solidity ^0.8.20;

/// @title Execution tickets
/// @notice The rules of `chain/` as a contract: an ERC-721 with permits (ERC-4494) whose tickets are minted,
///   sold, drawn and burned slot by slot, or round by round where a ticket is for a round of blocks. A revert's
///   reason is the code of a refusal in `chain.errors` or `market.errors`.
/// @dev Signed messages are the testbed's own, in the EIP-712 domain of this contract. Money is whole Gwei, paid
///   in and out in wei. Sales by signed orders and bids are in `TicketExchange`, which this contract creates and
///   which alone may move what it sells. Dates of tickets grow with their serials, so what expires lies at the
///   low end of the urn.
interface IExecutionTickets {
    /// @notice A share of a price: an IEEE double between 0 and 1, mantissa / 2^shift.
    struct Share {
        uint64 mantissa; // a whole number
        uint64 shift; // the power of two that it is over
    }

    /// @notice The rules of the protocol, fixed at deployment.
    struct Rules {
        uint64 supply; // tickets that are live when all are minted
        bool elastic; // are tickets minted as they are sold, beyond the supply
        uint64 round; // blocks that a ticket proposes, one after another; the next three count rounds of so many
        uint64 maturity; // rounds for which a ticket may be drawn; 2^64 - 1: no end
        uint64 lookahead; // rounds from the draw of one to its first block
        uint64 window; // 0: any round; 1: a ticket for each round; W: tickets for windows of W rounds
        bool dealt; // is a window's ticket drawn at random, or the lowest serial taken
        Share refund; // of its price, when a ticket expires undrawn
        Share returned; // of its price, when a ticket is given back
        bool returnable; // may a ticket be given back
        uint64 collateral; // Gwei behind each ticket that an account has
        uint64 missedFee; // Gwei, of the owner whose block is not proposed, for each such block
        uint64 ownerCap; // tickets that one account may have; 2^64 - 1: any number
        bool void; // may a ticket be burned that nobody bought, so that its blocks have none
        bool exAnte; // may a ticket be resold before its draw
        bool exPost; // and after it
    }

    /// @notice The part of a ticket that the protocol signs, and that never changes.
    struct Ticket {
        uint64 serial; // its number, from 0 on; also its tokenId
        uint64 mintBlock; // the slot in which it was minted; 2^64 - 1: genesis
        uint64 firstBlock; // the first block that it may be drawn for
        uint64 lastBlock; // the last one; 2^64 - 1: no end
        bytes32 rulesId; // the hash of the rules
        uint64 chainId; // of the chain on which it was minted
    }

    /// @notice The part of a ticket that changes.
    struct Title {
        address owner; // whose it is
        uint64 nonce; // of transfers
        uint64 drawnFor; // the block that it proposes next + 1; 0: undrawn
        uint64 priceGwei; // what the primary market was paid
    }

    /// @notice Which ticket was drawn for a block.
    struct BlockDraw {
        uint64 ticket; // serial + 1; 0: none
        uint64 urn; // how many undrawn tickets there were
    }

    /// @notice The message by which a ticket's owner proposes a block.
    struct Proposal {
        uint64 block; // the present slot
        address proposer; // the ticket's owner, who signs
        uint64 ticket; // the serial that was drawn for the block
        uint64 nonce; // the ticket's transfer nonce
        address builder; // who gets the reward; zero: nobody built it
        uint64 reward; // Gwei, the value that must come along
    }

    /// @notice A ticket was minted (from zero), moved, or was burned (to zero), as ERC-721 says.
    /// @param sender Whose it was.
    /// @param receiver Whose it is.
    /// @param tokenId Its serial.
    event Transfer(address indexed sender, address indexed receiver, uint256 indexed tokenId);

    /// @notice An account may transfer a ticket until it moves; zero: none may any longer.
    /// @param owner Whose ticket.
    /// @param approved Who may.
    /// @param tokenId The ticket's serial.
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);

    /// @notice An operator may transfer all tickets of an owner, or no longer.
    /// @param owner Whose tickets.
    /// @param operator Who may.
    /// @param approved Whether it may.
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    /// @notice A ticket was minted to the protocol.
    /// @param tokenId Its serial.
    /// @param mintBlock The slot in which; 2^64 - 1: genesis.
    /// @param firstBlock The first block that it may be drawn for.
    /// @param lastBlock The last one; 2^64 - 1: no end.
    event Minted(uint256 indexed tokenId, uint64 mintBlock, uint64 firstBlock, uint64 lastBlock);

    /// @notice A ticket was drawn for a block, or a round of them. One without a ticket has no such event.
    /// @param tokenId Its serial.
    /// @param block The block, or the first one of the round.
    /// @param urn How many undrawn tickets there were.
    event Drawn(uint256 indexed tokenId, uint256 indexed block, uint256 urn);

    /// @notice A block of a ticket is settled, where rounds have several blocks. Of a ticket of one block `Burned`
    ///   says it.
    /// @param tokenId Its serial.
    /// @param block The block.
    /// @param end "proposed", "missed" or "unsold" (the protocol's own).
    event Used(uint256 indexed tokenId, uint256 indexed block, string end);

    /// @notice A ticket came to its end.
    /// @param tokenId Its serial.
    /// @param owner Whose it was.
    /// @param end "proposed", "missed" (all of its blocks), "unsold" (the protocol's own, whose slots stay empty),
    ///   "expired", "returned" or "void" (the protocol's own, before its draw).
    event Burned(uint256 indexed tokenId, address indexed owner, string end);

    /// @notice A ticket was sold, by the protocol or among participants.
    /// @param tokenId Its serial.
    /// @param seller Whose it was.
    /// @param buyer Whose it is, who paid.
    /// @param priceGwei What was paid, Gwei.
    event Sold(uint256 indexed tokenId, address indexed seller, address indexed buyer, uint256 priceGwei);

    /// @notice Whether an interface is there: ERC-165, ERC-721, its metadata, ERC-4494.
    /// @param interfaceId The selectors of its functions, combined by exclusive or.
    /// @return Whether it is one of these four.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);

    /// @notice The name of the collection.
    /// @return "Execution Tickets".
    function name() external view returns (string memory);

    /// @notice Its short name.
    /// @return "ET".
    function symbol() external view returns (string memory);

    /// @notice The EIP-712 domain of all messages that are signed for this contract and its exchange: name
    ///   "et-testbed", version "1", the chain's id, this address.
    /// @return Its hash, which follows the chain's id.
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// @notice How many tickets are live: minted, and not burned.
    /// @return Their number.
    function totalSupply() external view returns (uint256);

    /// @notice How many tickets an account has.
    /// @param owner Any account but zero.
    /// @return Their number.
    /// @custom:reverts bad_owner
    function balanceOf(address owner) external view returns (uint256);

    /// @notice Whose a ticket is. One that is burned has no owner: the call reverts.
    /// @param tokenId The ticket's serial.
    /// @return Its owner.
    /// @custom:reverts ticket_burned, unknown_ticket
    function ownerOf(uint256 tokenId) external view returns (address);

    /// @notice How often a ticket was transferred: what a permit or a message for it must name.
    /// @param tokenId The ticket's serial.
    /// @return The transfer nonce.
    /// @custom:reverts ticket_burned, unknown_ticket
    function nonces(uint256 tokenId) external view returns (uint256);

    /// @notice Who may transfer a ticket beside its owner and the owner's operators. An approval ends when the ticket
    ///   moves.
    /// @param tokenId The ticket's serial.
    /// @return The approved account, or zero.
    /// @custom:reverts ticket_burned, unknown_ticket
    function getApproved(uint256 tokenId) external view returns (address);

    /// @notice Whether an operator may transfer all tickets of an owner.
    /// @param owner Whose tickets.
    /// @param operator Who may.
    /// @return Whether it may.
    function isApprovedForAll(address owner, address operator) external view returns (bool);

    /// @notice The ticket's fields as JSON in a data URI.
    /// @dev Its quotes and braces are escaped as a URI wants them; numbers are in digits, since JSON's own are exact
    ///   only up to 2^53.
    /// @param tokenId The ticket's serial.
    /// @return The URI.
    /// @custom:reverts ticket_burned, unknown_ticket
    function tokenURI(uint256 tokenId) external view returns (string memory);

    /// @notice Let an account transfer a ticket. The ticket's owner and the owner's operators may say so.
    /// @param approved Who may; zero takes an approval back.
    /// @param tokenId The ticket's serial.
    /// @custom:reverts not_approved, ticket_burned, unknown_ticket
    function approve(address approved, uint256 tokenId) external;

    /// @notice Let an operator transfer all tickets of the caller, or no longer.
    /// @param operator Who may.
    /// @param approved Whether it may.
    function setApprovalForAll(address operator, bool approved) external;

    /// @notice Approve by the owner's signature (ERC-4494), whoever brings it. A permit is good once, and until the
    ///   ticket moves.
    /// @dev The signature is over `Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)`, with
    ///   `nonces(tokenId)`.
    /// @param spender Who may transfer the ticket.
    /// @param tokenId The ticket's serial.
    /// @param deadline The last second, Unix time, in which it counts.
    /// @param sig 65 bytes r, s, v; 64 bytes (EIP-2098); or what the owner, a contract, accepts (EIP-1271).
    /// @custom:reverts bad_signature, nonce_used, permit_expired, ticket_burned, unknown_ticket
    function permit(address spender, uint256 tokenId, uint256 deadline, bytes calldata sig) external;

    /// @notice Transfer a ticket: its owner, an operator or whom it is approved for may. The taker must have room
    ///   under the cap and, free, the collateral of one ticket more; where there is collateral it makes the call
    ///   itself.
    /// @param owner Who has it.
    /// @param to Who gets it: neither zero nor the protocol.
    /// @param tokenId The ticket's serial.
    /// @custom:reverts bad_taker, cap_exceeded, insufficient_funds, not_approved, not_owner, ticket_burned,
    ///   unknown_ticket
    function transferFrom(address owner, address to, uint256 tokenId) external;

    /// @notice The same; a taker that is a contract must answer that it knows what to do with a ticket.
    /// @param owner Who has it.
    /// @param to Who gets it. A contract is asked `onERC721Received`.
    /// @param tokenId The ticket's serial.
    /// @custom:reverts bad_taker, cap_exceeded, insufficient_funds, not_approved, not_owner, not_receiver,
    ///   ticket_burned, unknown_ticket
    function safeTransferFrom(address owner, address to, uint256 tokenId) external;

    /// @notice The same; a taker that is a contract must answer that it knows what to do with a ticket.
    /// @param owner Who has it.
    /// @param to Who gets it. A contract is asked `onERC721Received`.
    /// @param tokenId The ticket's serial.
    /// @param data What is passed on to it, up to 1,024 bytes.
    /// @custom:reverts bad_taker, cap_exceeded, insufficient_funds, not_approved, not_owner, not_receiver,
    ///   ticket_burned, unknown_ticket
    function safeTransferFrom(address owner, address to, uint256 tokenId, bytes calldata data) external;

    /// @notice Carry out a transfer that its giver signed, whoever brings it; where there is collateral the taker.
    /// @dev The signature is over `Transfer(address giver,address taker,uint64 ticket,uint64 transferNonce)`.
    /// @param giver Who has the ticket, and signed.
    /// @param taker Who gets it: neither zero nor the protocol.
    /// @param ticket Its serial.
    /// @param transferNonce `nonces(ticket)`: with the transfer the signature is used up.
    /// @param sig The giver's signature, as in `permit`.
    /// @custom:reverts bad_signature, bad_taker, cap_exceeded, insufficient_funds, not_approved, not_owner,
    ///   ticket_burned, ticket_moved, unknown_ticket
    function transferSigned(
        address giver,
        address taker,
        uint64 ticket,
        uint64 transferNonce,
        bytes calldata sig
    ) external;

    /// @notice Pay wei in for an account. Whole Gwei alone are taken.
    /// @param account Whose money it is from now on.
    /// @custom:reverts bad_amount
    function deposit(address account) external payable;

    /// @notice Take free money of the caller out, to any address; what stands behind tickets stays.
    /// @param amount Gwei.
    /// @param to Who gets it, with all the gas that there is; not zero.
    /// @custom:reverts bad_taker, insufficient_funds
    function withdraw(uint256 amount, address to) external;

    /// @notice Pay another account out of the caller's free money, within the contract.
    /// @param payee Whose it is from now on.
    /// @param amount Gwei.
    /// @custom:reverts insufficient_funds
    function pay(address payee, uint256 amount) external;

    /// @notice What an account may spend: its money less the collateral of its tickets. The protocol posts none.
    /// @param account Whose.
    /// @return Gwei.
    function free(address account) external view returns (uint256);

    /// @notice The present slot, which is the number of the block that is proposed in it.
    /// @return Its number; -1 before block 0.
    function slot() external view returns (int256);

    /// @notice The account that mints, sells and draws.
    /// @return Its address, fixed at deployment.
    function protocol() external view returns (address);

    /// @notice The contract that checks signed orders, listings and bids, and alone may sell by them.
    /// @return Its address, fixed at deployment.
    function exchange() external view returns (address);

    /// @notice The contract that says the random seed of each slot.
    /// @return Its address, fixed at deployment.
    function beacon() external view returns (address);

    /// @notice The rules of the protocol.
    /// @return All of them, as they were given at deployment.
    function rules() external view returns (Rules memory);

    /// @notice The signed part of a ticket, live or burned.
    /// @param tokenId The ticket's serial.
    /// @return Its dates, and the rules that it was minted under.
    /// @custom:reverts unknown_ticket
    function ticketOf(uint256 tokenId) external view returns (Ticket memory);

    /// @notice The EIP-712 digest that the protocol signs for the ticket.
    /// @param tokenId The ticket's serial.
    /// @return The digest.
    /// @custom:reverts unknown_ticket
    function ticketDigest(uint256 tokenId) external view returns (bytes32);

    /// @notice Whose a live ticket is, and what of it changes.
    /// @param tokenId The ticket's serial.
    /// @return Its owner, transfer nonce, draw and first price.
    /// @custom:reverts ticket_burned, unknown_ticket
    function titleOf(uint256 tokenId) external view returns (Title memory);

    /// @notice The draw of a block, or of its round: the ticket's serial + 1 (0: none), out of how many.
    /// @param number The block.
    /// @return Its draw; zeros where it has had none.
    function drawOf(uint256 number) external view returns (BlockDraw memory);

    /// @notice For the protocol: mint tickets to it, as many as the supply has lost, or of an elastic one as many as
    ///   are sold. It may be called several times in a slot, until the seed of the next draw is known.
    /// @param count How many, up to 65,536.
    /// @custom:reverts not_protocol, seed_known, supply_full
    function mint(uint256 count) external;

    /// @notice For the protocol, before block 0: give a first ticket away, at a price that is no revenue and that the
    ///   account has signed; for nothing without a signature, but where collateral stands behind tickets.
    /// @dev The signature is over `HandOut(address account,uint64 ticket,uint64 price)`.
    /// @param tokenId The ticket's serial.
    /// @param account Who gets it: neither zero nor the protocol.
    /// @param priceGwei What the account pays, Gwei.
    /// @param sig The account's signature, as in `permit`; empty where it takes and costs nothing.
    /// @custom:reverts bad_amount, bad_signature, bad_taker, block_proposed, insufficient_funds, not_owner,
    ///   not_protocol, ticket_burned, ticket_moved, unknown_ticket
    function handOut(uint256 tokenId, address account, uint64 priceGwei, bytes calldata sig) external;

    /// @notice For the protocol, after the sale of genesis: draw the next of the first `lookahead` rounds. It may be
    ///   called several times.
    /// @param count How many of these rounds.
    /// @custom:reverts block_proposed, not_protocol, rule_broken, too_early
    function drawFirst(uint256 count) external;

    /// @notice For the protocol: open the next slot, and where a round begins with it, draw the ticket of the round
    ///   that is `lookahead` rounds ahead.
    /// @dev Reverts with `block_open` while the present slot is not settled, a first draw is not held, or an expired
    ///   ticket is not burned. Where the beacon does not know the seed of the draw yet, the beacon's reason is passed
    ///   on.
    /// @custom:reverts block_open, not_protocol, rule_broken, too_early
    function openSlot() external;

    /// @notice Propose the present block with the value that comes along as its reward, and burn its ticket if it has
    ///   no block left. Anyone may bring the proposal that the ticket's owner signed.
    /// @dev The signature is over `Proposal(uint64 block,address proposer,uint64 ticket,uint64 nonce,address
    ///   builder,uint64 reward)`.
    /// @param proposal What was signed: block, owner, ticket, its transfer nonce, who builds (zero: nobody), and the
    ///   reward, Gwei: the value that must come along. It is the builder's at once.
    /// @param sig The proposer's signature, as in `permit`.
    /// @custom:reverts bad_amount, bad_signature, block_proposed, not_proposer, ticket_moved
    function propose(Proposal calldata proposal, bytes calldata sig) external payable;

    /// @notice For the protocol: no proposal came, so that the slot stays empty. A ticket that was drawn for it has
    ///   used it all the same, and its owner, unless it is the protocol, pays the fee for a missed slot.
    /// @custom:reverts block_proposed, not_protocol
    function leaveEmpty() external;

    /// @notice For the protocol: burn the tickets that have had their last draw, with the refund that the rules give,
    ///   in the last slot of a round. The next one opens when all are burned; slot 0 opens as it is after the first
    ///   draws.
    /// @param most How many of them at the most.
    /// @custom:reverts not_protocol, rule_broken, seed_known
    function expire(uint256 most) external;

    /// @notice For the protocol, where the rules have it so: nobody bid more for this ticket than its reserve. It is
    ///   burned, and its blocks have none; none is minted in its place before they are settled.
    /// @dev It may come after the seed of a draw is known: of tickets that are each for a round of their own none is
    ///   drawn by lot.
    /// @param tokenId The ticket's serial.
    /// @custom:reverts not_protocol, rule_broken, ticket_burned, unknown_ticket
    function burnUnsold(uint256 tokenId) external;

    /// @notice A uniform index by a random word: `word mod bound`.
    /// @param word A word of the draw, `keccak(seed, first block as 8 bytes, attempt as 4 bytes)`.
    /// @param bound How many tickets there are to draw from; not 0.
    /// @return The index; 2^256 - 1 where the word lies in the last, incomplete run of `bound` numbers, and the next
    ///   attempt counts.
    function computeIndex(bytes32 word, uint256 bound) external pure returns (uint256);

    /// @notice For the exchange: a ticket of the protocol goes to a buyer, and its price is burned.
    /// @param tokenId The ticket's serial.
    /// @param buyer Who gets it and pays.
    /// @param priceGwei The price, Gwei.
    /// @custom:reverts not_exchange, ticket_burned, unknown_ticket
    function sellFirst(uint256 tokenId, address buyer, uint64 priceGwei) external;

    /// @notice For the exchange: a ticket goes from its seller to a buyer, who pays.
    /// @param tokenId The ticket's serial.
    /// @param seller Who has it and is paid.
    /// @param buyer Who gets it and pays.
    /// @param priceGwei The price, Gwei.
    /// @custom:reverts not_exchange, ticket_burned, unknown_ticket
    function trade(uint256 tokenId, address seller, address buyer, uint64 priceGwei) external;

    /// @notice For the exchange: take an undrawn ticket back for its price less the haircut, and burn it, unless the
    ///   seed of the coming draw is known.
    /// @param tokenId The ticket's serial.
    /// @param owner Who has it and is paid.
    /// @param transferNonce `nonces(tokenId)`.
    /// @param least What the owner must get for it, Gwei.
    /// @custom:reverts not_exchange, not_owner, return_refused, seed_known, ticket_burned, ticket_moved,
    ///   unknown_ticket
    function takeBack(uint256 tokenId, address owner, uint64 transferNonce, uint256 least) external;

    /// @notice Whether the account can pay so many Gwei and post the collateral of one ticket more.
    /// @param account Who pays.
    /// @param amount Gwei.
    /// @return Whether it can.
    function canPay(address account, uint256 amount) external view returns (bool);

    /// @notice Whether the account may have one ticket more.
    /// @param account Any; the protocol, which no ticket goes back to, may not.
    /// @return Whether it may.
    function hasRoom(address account) external view returns (bool);

    /// @notice How many blocks, from 0 on, have had their draw.
    /// @return Their number.
    function drawn() external view returns (uint256);

    /// @notice How many tickets were ever minted, which is the serial of the next one.
    /// @return Their number.
    function minted() external view returns (uint256);

    /// @notice What was burned: prices of primary sales, fees for missed slots.
    /// @return Gwei.
    function burnedGwei() external view returns (uint256);

    /// @notice What was paid back for tickets that expired or were given back.
    /// @return Gwei.
    function refundedGwei() external view returns (uint256);

    /// @notice What an account has in the contract, with what stands behind its tickets.
    /// @param account Whose money.
    /// @return Gwei.
    function funds(address account) external view returns (uint256);

    /// @notice How many tickets are live and not drawn.
    /// @return Their number.
    function urnSize() external view returns (uint256);
}

/// @title The reasons of the reverts of ExecutionTickets, as `Error(string)` has them
library ExecutionTicketsRefusals {
    /// @dev An amount of wei that is not whole Gwei, or more than 2^63 - 1 of these; a reward that is not what was
    ///   signed.
    string internal constant BAD_AMOUNT = "bad_amount";

    /// @dev The zero address owns nothing.
    string internal constant BAD_OWNER = "bad_owner";

    /// @dev Parameters that the constructor refuses.
    string internal constant BAD_RULES = "bad_rules";

    /// @dev The signature is not the named signer's over these very fields.
    string internal constant BAD_SIGNATURE = "bad_signature";

    /// @dev Nobody, or the protocol, cannot be given a ticket; nobody cannot be paid out.
    string internal constant BAD_TAKER = "bad_taker";

    /// @dev The present slot is not settled, first draws are not held, or expired tickets not burned.
    string internal constant BLOCK_OPEN = "block_open";

    /// @dev The block has been proposed, or is not the present one; it is too late for genesis.
    string internal constant BLOCK_PROPOSED = "block_proposed";

    /// @dev The account would have more tickets than one owner may.
    string internal constant CAP_EXCEEDED = "cap_exceeded";

    /// @dev The account does not have, free, what it is to spend, and the collateral of a ticket more.
    string internal constant INSUFFICIENT_FUNDS = "insufficient_funds";

    /// @dev The permit was used before.
    string internal constant NONCE_USED = "nonce_used";

    /// @dev The caller may not act for the ticket's owner; or is not its taker, where collateral stands behind
    ///   tickets.
    string internal constant NOT_APPROVED = "not_approved";

    /// @dev Only the exchange may call this.
    string internal constant NOT_EXCHANGE = "not_exchange";

    /// @dev The ticket belongs to someone else.
    string internal constant NOT_OWNER = "not_owner";

    /// @dev The signer does not hold the right of this block.
    string internal constant NOT_PROPOSER = "not_proposer";

    /// @dev Only the protocol may call this.
    string internal constant NOT_PROTOCOL = "not_protocol";

    /// @dev The contract did not answer that it takes tickets.
    string internal constant NOT_RECEIVER = "not_receiver";

    /// @dev The permit's deadline has passed.
    string internal constant PERMIT_EXPIRED = "permit_expired";

    /// @dev The protocol does not take this ticket back, or not for so much.
    string internal constant RETURN_REFUSED = "return_refused";

    /// @dev What cannot happen: a draw without a ticket; the burning of one that is drawn, or sold, or stays on offer
    ///   by the rules.
    string internal constant RULE_BROKEN = "rule_broken";

    /// @dev The seed of the coming slot is known already: its draw is out of the urn as it is now.
    string internal constant SEED_KNOWN = "seed_known";

    /// @dev So many tickets are live as the supply has.
    string internal constant SUPPLY_FULL = "supply_full";

    /// @dev The ticket was proposed with, expired, or was given back.
    string internal constant TICKET_BURNED = "ticket_burned";

    /// @dev The message names a transfer nonce that the ticket has left behind.
    string internal constant TICKET_MOVED = "ticket_moved";

    /// @dev No ticket of this serial was ever minted.
    string internal constant UNKNOWN_TICKET = "unknown_ticket";
}
