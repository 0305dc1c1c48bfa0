"""What many runs say about a figure: its mean and its median, how sure each is, and when nothing can be said.

- `sample_statistics`: all of it for one sample; `sampling`: what each value of the sample is itself made of;
- `student`: the interval of a mean; `skewness`: where it is rough; `tail`: where there can be none;
- `median`: the interval of a median, with its true level; `statistics_text`: all of it in words.
"""

from experiments.lab.statistics.median import median_interval
from experiments.lab.statistics.sample_statistics import (
    FIGURES,
    SURE,
    Statistics,
    describe,
    figures,
    has_median_above,
    has_median_below,
    is_above,
    is_below,
)
from experiments.lab.statistics.sampling import ONE_DRAW, Sampling
from experiments.lab.statistics.student import half_width, mean_interval
from experiments.lab.statistics.tail import Largest, UpperTail, largest_of, pooled, tail_of

__all__ = [
    "FIGURES",
    "ONE_DRAW",
    "SURE",
    "Largest",
    "Sampling",
    "Statistics",
    "UpperTail",
    "describe",
    "figures",
    "half_width",
    "has_median_above",
    "has_median_below",
    "is_above",
    "is_below",
    "largest_of",
    "mean_interval",
    "median_interval",
    "pooled",
    "tail_of",
]
