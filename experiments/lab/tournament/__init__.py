"""Tournaments: entrants in the same seats on the same draws, and the game among them.

- `run_tournament`, `played_tournament`: `tournament(...)`, and what it gives back;
- `entrants`, `formats`, `tournament_market`: who enters, who sits where, in which market;
- `standings`, `tournament_text`: means with intervals and ranks with ties, and how they look on a terminal;
- `equilibria`, `resamples`, `overlaps`: the symmetric equilibria of the game among them, and how sure these are;
- `lineup_game`, `better_response`: who turns to what in a market of any others, and where that ends;
- `price_of_anarchy`: what the equilibria make of the blocks, of the most that could be made;
- `population`, `population_figure`: who survives in a population;
- `lineup_words`, `game_text`: these in words;
- `kept_tournament`, `tournament_page`, `figures/`: what stays of one, its page, its figures;
- `exploit/`: what beats a strategy.
"""

from experiments.lab.tournament.entrants import Entrant, read_entrant, read_entrants
from experiments.lab.tournament.kept_tournament import load_tournament
from experiments.lab.tournament.played_tournament import Tournament
from experiments.lab.tournament.run_tournament import tournament

__all__ = ["Entrant", "Tournament", "load_tournament", "read_entrant", "read_entrants", "tournament"]
