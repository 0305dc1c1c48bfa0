"""`make bench`: what things cost in terms of yardsticks that are timed beside them.

- `measure`, `baseline`: timing and a line a figure; what became slower;
- `yardsticks`, `bare_rows`: what figures are measured by;
- `stream`, `bare_book`: the stream of orders that books are timed on, and their yardstick;
- `books`, `signed_orders`, `whole_runs`, `models`, `starts`, `long_run`, `strategies`, `learning`,
  `isolated_calls`, `sweeps`, `slot_auctions`, `rpc_requests`: what is timed.
"""
