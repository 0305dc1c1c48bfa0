"""`make bench`: the project's figures for speed and memory, each as a ratio where that is possible.

- `measure`, `stream`, `bare_book`: timing; the stream of orders that books are timed on, and their yardstick;
- `strategies`, `isolated_calls`, `rpc_requests`, `published`, `long_run`: what is timed.
"""
