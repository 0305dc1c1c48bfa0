"""The page about a tournament: `write_tournament_page(folder)`.

- `tournament_page`: what stands on it, in which order;
- `payoff_spread`: ranks, and payoffs seed by seed;
- `payoff_squares`: who earns what against whom, and what beats what;
- `population_flow`: where populations go.
"""

from experiments.lab.tournament.page.tournament_page import write_tournament_page

__all__ = ["write_tournament_page"]
