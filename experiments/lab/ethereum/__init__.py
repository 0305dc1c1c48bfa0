"""A run as Ethereum clients see it: the chain's contract and the market's, in process or over HTTP."""
