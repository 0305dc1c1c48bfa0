"""The seed's model played out: tickets sold on the block clock, bids by the theory, money on the ledger."""
