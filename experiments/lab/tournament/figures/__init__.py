"""The figures about a tournament, on its page and in a notebook.

- `tournament_figures`: all that a format has;
- `payoff_spread`: ranks, and payoffs seed by seed;
- `payoff_squares`: who earns what against whom, and what beats what;
- `population_flow`: where populations go.
"""
