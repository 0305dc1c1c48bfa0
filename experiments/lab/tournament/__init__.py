"""Tournaments: entrants in the same seats on the same draws, and the game among them."""

from experiments.lab.tournament.entrants import Entrant, read_entrant, read_entrants
from experiments.lab.tournament.run_tournament import Tournament, tournament

__all__ = ["Entrant", "Tournament", "read_entrant", "read_entrants", "tournament"]
