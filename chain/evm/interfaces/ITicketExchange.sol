// SPDX-License-Identifier: MIT
// Made from TicketExchange.vy by `python -m chain.evm.compile`.
pragma solidity ^0.8.20;

/// @title The exchange of execution tickets
/// @notice Sales by signed messages: it checks orders, listings and bids, each of which enters once, and lets the
///   ticket contract move tickets and money. A revert's reason is the code of a refusal in `chain.errors` or
///   `market.errors`.
/// @dev The ticket contract creates it, and takes orders of nobody else. Messages are signed in the ticket
///   contract's EIP-712 domain. The order book and the auctions are not here: what they settle is, and every
///   signature, nonce, owner and balance that it rests on is checked again.
interface ITicketExchange {
    /// @notice An offer in the order book, or to give a ticket back.
    struct Order {
        address maker; // who signs
        address taker; // zero: anyone
        uint8 side; // 0 bid, 1 ask, 3 return
        uint8 timeInForce; // 0 good till cancelled, 1 immediate or cancel, 2 fill or kill, 3 post only
        bool drawn; // is it of tickets that are drawn
        uint64 seriesBlock; // the block that they propose next, or the last one of undrawn ones; 2^64 - 1: no end
        uint64 ticket; // an ask's or a return's serial; 2^64 - 1 for a bid
        uint64 transferNonce; // of that ticket
        uint64 price; // Gwei, the worst that the maker takes
        uint64 validFrom; // the first slot
        uint64 validUntil; // the last slot; 2^64 - 1: no end
        uint64 nonce; // used up when the order is settled
    }

    /// @notice A holder's auction.
    struct Listing {
        address seller; // who signs
        uint8 sells; // 0 a ticket; 1 the building of its block, 2 that of the present block, which are not settled here
        uint8 format; // 0 first price, 1 second price, 2 English, 3 Dutch; others are not settled here
        uint64 ticket; // the serial
        uint64 transferNonce; // of that ticket
        uint64 block; // 2^64 - 1: a ticket is sold, not a block
        uint64 reserve; // Gwei, the least price
        uint64 start; // Gwei, of a Dutch clock: not 0, nor below the reserve
        uint64 tick; // Gwei, of a clock; not 0
        uint64 deadline; // the slot in which it closes
        uint64 nonce; // used up when the auction is settled
    }

    /// @notice An offer in an auction, or in a sale of the protocol.
    struct Bid {
        address bidder; // who signs
        uint64 auction; // its number, for the one who runs it; not looked at
        bytes32 listing; // `hashStruct` of the listing; zero: a sale of the protocol
        uint64 price; // Gwei, the most that is paid
        uint64 validUntil; // the last slot
        uint64 nonce; // used up when the bid wins
    }

    /// @notice The ticket contract, in whose EIP-712 domain all messages are signed.
    /// @return Its address.
    function tickets() external view returns (address);

    /// @notice Use up nonces of the caller: the messages that have them are void.
    /// @param word The nonces from 256 * word on.
    /// @param mask Which of these 256: bit i stands for the nonce 256 * word + i.
    function invalidateNonces(uint256 word, uint256 mask) external;

    /// @notice Whether a nonce is used up, by a message that was settled or by its signer.
    /// @param account The signer.
    /// @param nonce Any nonce of a message.
    /// @return Whether it is.
    function isNonceUsed(address account, uint256 nonce) external view returns (bool);

    /// @notice For the protocol: primary sale. A signed bid of at least the price gets the ticket; the price is
    ///   burned.
    /// @param tokenId The serial of an undrawn ticket of the protocol.
    /// @param priceGwei What is paid, Gwei: the bid, or less.
    /// @param bid The bid, for a sale of the protocol (`listing` zero).
    /// @param sig The bidder's signature: 65 bytes r, s, v; 64 bytes (EIP-2098); or what the bidder, a contract,
    ///   accepts (EIP-1271).
    /// @custom:reverts auction_closed, bad_amount, bad_signature, bad_terms, bid_too_low, cap_exceeded,
    ///   insufficient_funds, nonce_used, not_owner, not_protocol, order_expired, self_dealing, ticket_burned,
    ///   unknown_ticket
    function sell(uint256 tokenId, uint64 priceGwei, Bid calldata bid, bytes calldata sig) external;

    /// @notice Return an undrawn ticket to the protocol for its price less the haircut; the ticket is burned. Anyone
    ///   may bring the order that its owner signed, until the seed of the next slot is known (`seed_known`).
    /// @param order The order, with side 3; its price is the least that the owner takes.
    /// @param sig The owner's signature, as in `sell`.
    /// @custom:reverts bad_amount, bad_signature, bad_terms, nonce_used, not_owner, order_expired, return_refused,
    ///   seed_known, ticket_burned, ticket_moved, unknown_ticket
    function giveBack(Order calldata order, bytes calldata sig) external;

    /// @notice Settle two signed orders that cross, at the price of the one that came first, the maker's. One that is
    ///   not to rest was the taker, one that is to rest alone the maker; where both may be either, the protocol says
    ///   which came first, and nobody else.
    /// @param maker The order that came first: one that may rest.
    /// @param makerSig Its signature, as in `sell`.
    /// @param taker The order that met it, of the other side and the same series.
    /// @param takerSig Its signature.
    /// @custom:reverts bad_amount, bad_signature, bad_terms, cap_exceeded, insufficient_funds, nonce_used,
    ///   not_crossed, not_owner, not_protocol, order_expired, resale_closed, ticket_burned, ticket_moved,
    ///   unknown_ticket
    function settle(
        Order calldata maker,
        bytes calldata makerSig,
        Order calldata taker,
        bytes calldata takerSig
    ) external;

    /// @notice For the protocol: settle a holder's auction in the slot of its deadline, or in the next one where it
    ///   came in after the close. The ticket goes to a bid that was signed for this very listing, for a price from
    ///   the reserve to the bid. One whose round is running goes with the block of that slot, or not at all.
    /// @param listing What the holder signed: one that sells a ticket.
    /// @param listingSig The holder's signature, as in `sell`.
    /// @param bid The bid that wins, whose `listing` is `hashStruct` of the listing.
    /// @param bidSig The bidder's signature.
    /// @param priceGwei What is paid, Gwei.
    /// @custom:reverts auction_closed, auction_open, bad_amount, bad_signature, bad_terms, bid_too_low, cap_exceeded,
    ///   insufficient_funds, nonce_used, not_owner, not_protocol, order_expired, resale_closed, self_dealing,
    ///   ticket_burned, ticket_moved, unknown_ticket
    function award(
        Listing calldata listing,
        bytes calldata listingSig,
        Bid calldata bid,
        bytes calldata bidSig,
        uint64 priceGwei
    ) external;
}

/// @title The reasons of the reverts of TicketExchange, as `Error(string)` has them
library TicketExchangeRefusals {
    /// @dev The auction is over, or the ticket has been drawn, or has used a block since.
    string internal constant AUCTION_CLOSED = "auction_closed";

    /// @dev The auction has not closed yet.
    string internal constant AUCTION_OPEN = "auction_open";

    /// @dev An amount above 2^63 - 1 Gwei, or a clock that steps by nothing.
    string internal constant BAD_AMOUNT = "bad_amount";

    /// @dev The signature is not the named signer's over these very fields.
    string internal constant BAD_SIGNATURE = "bad_signature";

    /// @dev Terms that make no sense, or a message that is for something else.
    string internal constant BAD_TERMS = "bad_terms";

    /// @dev The bid or the price is below the reserve, or the bid below the price.
    string internal constant BID_TOO_LOW = "bid_too_low";

    /// @dev The account would have more tickets than one owner may.
    string internal constant CAP_EXCEEDED = "cap_exceeded";

    /// @dev The account does not have, free, what it bids, and the collateral of a ticket more.
    string internal constant INSUFFICIENT_FUNDS = "insufficient_funds";

    /// @dev A message that was used or cancelled before: a replay.
    string internal constant NONCE_USED = "nonce_used";

    /// @dev Two orders that do not meet: their sides, makers, series, prices, or which came first.
    string internal constant NOT_CROSSED = "not_crossed";

    /// @dev The ticket belongs to someone else.
    string internal constant NOT_OWNER = "not_owner";

    /// @dev Only the protocol may call this.
    string internal constant NOT_PROTOCOL = "not_protocol";

    /// @dev The message is outside its own time of validity, or its series has ended.
    string internal constant ORDER_EXPIRED = "order_expired";

    /// @dev The rules do not allow a sale at this time of the ticket's life.
    string internal constant RESALE_CLOSED = "resale_closed";

    /// @dev Nobody bids in an own auction.
    string internal constant SELF_DEALING = "self_dealing";

    /// @dev The message names a transfer nonce that the ticket has left behind. The protocol sells and takes back
    ///   Sales among participants
    string internal constant TICKET_MOVED = "ticket_moved";
}
