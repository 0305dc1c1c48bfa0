"""A run as Ethereum clients see it: the chain's contract and the market's, in process or over HTTP.

- `provider`, `server`: `Web3(TestbedProvider(run))`; JSON-RPC over HTTP and WebSocket;
- `session`, `live_driver`: a run played slot by slot, and the transactions that it takes in between;
- `rehearsal`: what a transaction would do, on a copy;
- `door`, `origins`: who may connect, and which pages of a browser may ask for what;
- `subscriber`, `outbox`, `news`, `frames`, `long_requests`: what clients are told, and turns of long requests;
- `complaints`: what is told on standard error;
- `external`: seats that nobody plays but who sends transactions.
"""
