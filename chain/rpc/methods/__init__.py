"""The methods of the Ethereum JSON-RPC over a run, a class a kind; each has the specification's name."""
