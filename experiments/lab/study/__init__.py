"""What an experiment is made of: its settings, its answer, its committed cases, its figures."""

from experiments.lab.study.answer import Answer
from experiments.lab.study.experiment import Experiment
from experiments.lab.study.settings import Settings

__all__ = ["Answer", "Experiment", "Settings"]
