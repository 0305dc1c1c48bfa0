"""The figures of `express_lane`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from experiments.lab.study.lane.horizons import HORIZONS
from experiments.lab.study.lane.many_hubs import HUBS
from experiments.lab.study.lane.regimes import Minutes
from strategies.theory.laws import Array

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WINDOW = 50
RESERVE = 0.05
THROUGH = (
    "before the hub",
    "the hub",
    "the hub, and buyers out",
    "reserve x 7.5",
    "dynamic reserve, void",
    "just in time",
)


def figures(seen: Mapping[str, Minutes], values: Mapping[str, float]) -> dict[str, Figure]:
    """Those that what was played has anything for."""
    through = [name for name in THROUGH if name in seen]
    found = {}
    if through:
        found["lane_prices"] = prices({name: seen[name] for name in through})
        found["lane_surplus"] = surplus({name: seen[name] for name in through})
    if "horizon 1.theory" in values:
        found["lane_horizons"] = by_horizon(values)
    if any(name.startswith("hubs ") for name in values):
        found["lane_hubs"] = by_hubs(values)
    return found


def smooth(series: Array) -> Array:
    """Means over the minutes just gone."""
    width = min(WINDOW, series.size // 4)
    return np.convolve(np.nan_to_num(series), np.full(width, 1 / width), "valid")


def prices(seen: Mapping[str, Minutes]) -> Figure:
    """The price paid and the top bid over the minutes, one regime after the other, on the same draws."""
    from experiments.lab.study.plot import COLOURS, axes

    figure, place = axes("minute", "E V", f"Price paid and top bid, means of {WINDOW} minutes", (9.0, 4.2))
    start = 0
    for number, (name, minutes) in enumerate(seen.items()):
        paid, top = smooth(minutes.price), smooth(minutes.top)
        at = start + np.arange(paid.size)
        place.plot(at, top, color=COLOURS[1], linewidth=1, label=None if start else "top bid")
        place.plot(at, paid, color=COLOURS[0], linewidth=1, label=None if start else "price")
        high = 0.97 - 0.05 * (number % 2)
        place.text(
            start + paid.size / 2, high, name, ha="center", fontsize=7, transform=place.get_xaxis_transform()
        )
        start += minutes.price.size
        place.axvline(start, color="0.8", linewidth=0.8)
    place.set_ylim(top=1.15 * place.get_ylim()[1])
    place.legend(frameon=False)
    return figure


def surplus(seen: Mapping[str, Minutes]) -> Figure:
    """Who gets what is made of a minute."""
    from experiments.lab.study.plot import COLOURS, axes

    figure, place = axes("E V a minute", "", "Who gets what is made of a minute", (7.2, 3.6))
    rows = list(seen)[::-1]
    left = np.zeros(len(rows))
    for number, (label, part) in enumerate(PARTS.items()):
        width = np.array([part(seen[name]) for name in rows])
        place.barh(rows, width, left=left, color=COLOURS[number], label=label)
        left += np.maximum(width, 0)
    place.legend(frameon=False, fontsize=8)
    return figure


def protocol(minutes: Minutes) -> float:
    """What the protocol gets; who is endowed with minutes that are sold just in time counts as the hub."""
    return float(np.nan_to_num(minutes.price).mean())


def both_strong(minutes: Minutes) -> float:
    """What the two strong buyers keep."""
    return float(2 * minutes.strong.mean())


def hub_keeps(minutes: Minutes) -> float:
    """What the hub keeps."""
    return float(minutes.hub.mean())


PARTS: Mapping[str, Callable[[Minutes], float]] = {
    "protocol": protocol,
    "the two strong buyers": both_strong,
    "hub": hub_keeps,
}


def by_horizon(values: Mapping[str, float]) -> Figure:
    """The correlation of what is bid and what it is worth, over longer spans."""
    from experiments.lab.study.plot import COLOURS, axes

    figure, place = axes(
        "minutes summed over", "correlation", "Bids by what is public, and what minutes are worth"
    )
    theory = [values[f"horizon {count}.theory"] for count in HORIZONS]
    place.plot(HORIZONS, theory, color=COLOURS[0], label="closed form")
    told = [count for count in HORIZONS if f"horizon {count}.simulated" in values]
    shown = [values[f"horizon {count}.simulated"] for count in told]
    errors = [1.96 * values[f"horizon {count}.se"] for count in told]
    place.errorbar(told, shown, errors, fmt="o", color=COLOURS[1], label="played")
    place.set_xscale("log")
    place.set_xticks(HORIZONS, [str(count) for count in HORIZONS])
    place.legend(frameon=False)
    return figure


def by_hubs(values: Mapping[str, float]) -> Figure:
    """Revenue by the number of hubs, for each cost of a bid."""
    from experiments.lab.study.plot import COLOURS, axes

    figure, place = axes("hubs", "E V a minute", f"Revenue where nobody has a signal, reserve {RESERVE:g}")
    names = [name for name in values if name.startswith("hubs 0 ") and f"reserve {RESERVE:g}." in name]
    for number, name in enumerate(names):
        told = [values[name.replace("hubs 0", f"hubs {count}")] for count in HUBS]
        label = name.removeprefix("hubs 0 ").split(", reserve")[0]
        style = "o--" if "paying" in name else "o-"
        place.plot(HUBS, told, style, color=COLOURS[number // 2 % len(COLOURS)], label=label)
    place.set_xticks(HUBS)
    place.legend(frameon=False)
    return figure
