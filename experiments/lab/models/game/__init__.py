"""The seed's model played out: tickets sold on the block clock, bids by the theory, money on the ledger.

- `simulation`, `play`, `engine`: many paths; one of them; a chain and a market for it;
- `maturity_stage`, `window_stage`, `lottery_stage`: what is sold, a way of expiring each;
- `outcome`, `standard_errors`, `outcome_text`: what came of it beside the theory.
"""
