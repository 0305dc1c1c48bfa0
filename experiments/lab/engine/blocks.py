"""The table of blocks: one row a slot."""

from __future__ import annotations

from chain.records import Schema

BLOCKS = Schema(
    "blocks",
    "One row a slot: the draw, the proposal, the reward and what became of it.",
    [
        ("slot", "integer", "slot, and number of its block"),
        ("reward_gwei", "gwei", "R_t: issuance, priority fees and MEV, Gwei"),
        ("status", "label", "proposed, missed, unsold (drawn while the protocol had it) or no_ticket"),
        ("ticket", "integer", "the ticket that was drawn for it; missing without tickets"),
        ("urn", "integer", "undrawn tickets at its draw"),
        ("draw_word", "bytes32", "the beacon's first word for it: keccak(seed ‖ slot ‖ 0)"),
        ("proposer", "account", "who held the right"),
        ("builder", "account", "who built it; missing where it was left unexploited"),
        ("signature", "signature", "the proposer's EIP-712 signature of the proposal; missing in an unsigned run"),
        ("cost_gwei", "gwei", "θ of the builder, Gwei"),
        ("block_price_gwei", "gwei", "what the builder paid its proposer just in time, Gwei"),
        ("net_gwei", "gwei", "reward, or the captured share of it, − cost of an exploited block, else 0, Gwei"),
        ("best_gwei", "gwei", "the most that anyone could have made of it, net: max over θ of (R − θ)^+, Gwei"),
        (
            "primary_gwei",
            "gwei",
            "burned in this slot: what the primary sale was paid, and the fee for a missed slot, and gas, Gwei",
        ),
        ("refund_gwei", "gwei", "returned by the protocol in this slot, Gwei"),
        ("minted", "integer", "tickets minted in this slot"),
        ("expired", "integer", "tickets that expired in this slot"),
        ("live", "integer", "live tickets at its end"),
        ("held", "integer", "of them, held by participants"),
        (
            "squares",
            "integer",
            "sum over holders of the square of their tickets: 10,000 × squares / held² is the HHI",
        ),
    ],
)

SIGNALS = Schema(
    "signals",
    "One row a slot, in runs where everyone sees one of these figures; no rows in others.",
    [
        ("slot", "integer", "the slot"),
        (
            "quote_gwei",
            "gwei",
            "price of the next ticket of the protocol, at the slot's end, Gwei",
        ),
        ("volatility", "number", "volatility index V of the slot, where builders capture a share of the reward"),
    ],
)
