"""Tournaments: entrants in the same seats on the same draws, and the game among them.

- `run_tournament`: `tournament(...)`;
- `entrants`, `formats`, `tournament_market`: who enters, who sits where, in which market;
- `standings`, `tournament_text`: means with intervals and ranks with ties, and how they look on a terminal;
- `empirical_game`, `population_figure`: equilibria, and who survives in a population;
- `exploit/`: what beats a strategy.
"""

from experiments.lab.tournament.entrants import Entrant, read_entrant, read_entrants
from experiments.lab.tournament.run_tournament import Tournament, tournament

__all__ = ["Entrant", "Tournament", "read_entrant", "read_entrants", "tournament"]
