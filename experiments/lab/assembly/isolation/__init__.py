"""Strategies in processes of their own: what they can do to the run is to lose their turns."""

from experiments.lab.assembly.isolation.birth import Birth
from experiments.lab.assembly.isolation.cell import CannotBeSaved, CannotStart, Limits
from experiments.lab.assembly.isolation.isolated_agent import IsolatedAgent
from experiments.lab.assembly.isolation.record import Losses, losses_of

__all__ = ["Birth", "CannotBeSaved", "CannotStart", "IsolatedAgent", "Limits", "Losses", "losses_of"]
