"""What an experiment is made of: its settings, its answer, its committed cases, its figures.

- `experiment`, `settings`, `answer`, `command`: a question, how it is run, what comes of it, its command;
- `golden`: writes what the tests hold experiments to;
- `plot`, `sale_curve`: figures in one style;
- `effects`, `agreement`: what a design changes; how far a simulation lies from theory;
- `slot/`: many open auctions of a block, without a chain around them;
- `seed_model`, `months`, `sample_payments`: what several experiments share.
"""

from experiments.lab.study.answer import Answer
from experiments.lab.study.experiment import Experiment
from experiments.lab.study.settings import Settings

__all__ = ["Answer", "Experiment", "Settings"]
