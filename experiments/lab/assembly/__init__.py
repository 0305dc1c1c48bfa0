"""From a config to a chain, a market and agents that have not moved yet.

- `assembly`: puts the parts of one run together;
- `rules`, `rewards`, `primary_rule`, `functions`: what a config's names stand for, a user's functions too;
- `seats`, `casting`, `endowments`, `keys`: who sits where, under which structure, with what money and which key;
- `run_warnings`: `thin_bidding`, whether two bidders have room for every ticket; `unasked_methods` of own classes;
- `isolation/`: strategies in processes of their own.
"""
