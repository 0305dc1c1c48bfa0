"""The Ethereum JSON-RPC of a chain: requests, blocks, logs, transactions, and the ticket contract's functions."""
