"""Which ticket designs capture MEV and spread proposing, and which published findings about that hold?

Stichler (2025) compares six designs that differ in many things at once. Here are these six, and every combination
of pricing, secondary market, expiry and supply on the same rewards, holders and draws, so that what one of them
changes is a paired difference. Six claims of the paper are held against these differences, pricing by pricing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer

from experiments.lab.config.errors import InputError
from experiments.lab.statistics import FIGURES, Sampling, describe, figures, mean_interval
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.effects import FINDINGS, Contrasts, judged
from experiments.lab.sweep.tail_columns import NAMES, samplings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PUBLISHED = Path(__file__).parent / "published"
PRICINGS = ("second_price", "first_price", "amm", "eip1559")
DESIGNS = (
    "simple_first_price",
    "jit_slot",
    "flexible_1559",
    "fixed_second_price",
    "flexible_refundable_amm",
    "fixed_resellable_first_price",
)
FACTORS: dict[str, list[Any]] = {
    "market.secondary": [False, True],
    "chain.maturity": ["none", 128],
    "chain.supply": [100, 200],
}
BASE = {"market.secondary": False, "chain.maturity": "none", "chain.supply": 100}
METRICS = (
    "capture",
    "capture_cash",
    "tickets_sold_per_used",
    "handed_out_tickets",
    "top_share",
    "hhi",
    "nakamoto_51",
    "garman_klass",
    "empty_slots",
)
EFFECTS = ("capture_cash", "top_share")
PLACED = ("capture", "top_share")
SEEDS = 30


def answer(
    settings: Settings,
    pricing: Annotated[list[str] | None, typer.Option(help="a preset's name; give it several times")] = None,
    seeds: Annotated[int, typer.Option(min=2, help="runs of each cell")] = SEEDS,
) -> Answer:
    """The factorial, the six designs, and what both say about the paper's findings."""
    wanted = list(range(1, seeds + 1))
    cells = pd.concat([factorial(settings, name, wanted) for name in checked(pricing or PRICINGS)])
    singles = {name: single(settings, f"designs/{name}", {}, wanted) for name in DESIGNS}
    contrasts = all_contrasts(settings, cells, wanted)
    made_of = samplings(one_cell(cells), METRICS)
    effects = judged(contrasts, FINDINGS, made_of)
    values = {**means(cells), **design_means(singles), **numbers(effects), **resales(cells, made_of)}
    figures = {"design_space": map_of_cells(cells, singles), "effects": forest(contrasts, cells)}
    return Answer(effects, values, figures)


def checked(names: list[str] | tuple[str, ...]) -> list[str]:
    """Raises `InputError` for a preset that there is not."""
    for name in names:
        if name not in PRICINGS:
            raise InputError(f"--pricing {name}: not one of {', '.join(PRICINGS)}")
    return list(names)


def factorial(settings: Settings, pricing: str, seeds: list[int]) -> pd.DataFrame:
    """All cells of one pricing: a row for each cell and seed."""
    sweep = settings.sweep(pricing, PUBLISHED / f"{pricing}.toml", FACTORS, seeds)
    runs = sweep.runs.reindex(columns=[*FACTORS, "seed", *METRICS, *sorted(NAMES)])
    return runs.assign(pricing=pricing, **{"chain.maturity": runs["chain.maturity"].astype(str)})


def single(settings: Settings, preset: str, changes: dict[str, list[Any]], seeds: list[int]) -> pd.DataFrame:
    """A preset with one change: its metrics by seed."""
    label = "-".join([Path(preset).name, *(key.rpartition(".")[2] for key in changes)])
    sweep = settings.sweep(label, PUBLISHED / f"{preset}.toml", changes, seeds)
    return sweep.runs.set_index("seed").reindex(columns=METRICS)


def all_contrasts(settings: Settings, cells: pd.DataFrame, seeds: list[int]) -> Contrasts:
    """Paired differences of all metrics by seed, for each contrast and pricing."""
    found: Contrasts = {}
    pricings = list(dict.fromkeys(cells["pricing"]))
    for name in pricings:
        own = cells[cells["pricing"] == name]
        for factor, (low, high) in FACTORS.items():
            found[factor.rpartition(".")[2], name] = level(own, factor, high) - level(own, factor, low)
        slotwise = single(settings, name, {"chain.epoch": [1]}, seeds)
        found["look-ahead", name] = at_base(own) - slotwise
    if "amm" in pricings:
        refunded = single(settings, "amm", {"chain.return_haircut": [0.1]}, seeds)
        found["refund", "amm"] = refunded - at_base(cells[cells["pricing"] == "amm"])
    for one, other in rivals(pricings):
        found[f"less {other}", one] = by_seed(cells[cells["pricing"] == one]) - by_seed(
            cells[cells["pricing"] == other]
        )
    return found


def rivals(pricings: list[str]) -> list[tuple[str, str]]:
    """The pairs of pricings that are compared: the others with 1559, second price with all."""
    pairs = [(name, "eip1559") for name in pricings if name != "eip1559"]
    pairs += [("second_price", name) for name in pricings if name not in ("second_price", "eip1559")]
    return [(one, other) for one, other in pairs if {one, other} <= set(pricings)]


def level(cells: pd.DataFrame, factor: str, value: object) -> pd.DataFrame:
    """The metrics by seed where a factor has one value, averaged over all else."""
    return by_seed(cells[cells[factor].astype(str) == str(value)])


def by_seed(cells: pd.DataFrame) -> pd.DataFrame:
    """The metrics by seed, averaged over cells."""
    return cells.groupby("seed")[list(METRICS)].mean()


def at_base(cells: pd.DataFrame) -> pd.DataFrame:
    """The metrics by seed of the preset itself."""
    for factor, value in BASE.items():
        cells = cells[cells[factor].astype(str) == str(value)]
    return by_seed(cells)


def means(cells: pd.DataFrame) -> dict[str, float]:
    """The mean of each metric in each cell."""
    found = cells.groupby(["pricing", *FACTORS])[list(METRICS)].mean().stack()
    return {name_of(key): float(value) for key, value in found.items()}


def name_of(key: Any) -> str:
    """A cell and a metric as one name."""
    pricing, secondary, maturity, supply, metric = key
    return f"{pricing}.{'resale' if secondary else 'no resale'}.T={maturity}.N={supply}.{metric}"


def design_means(designs: dict[str, pd.DataFrame]) -> dict[str, float]:
    """The mean of each metric in each of the six designs."""
    return {
        f"{name}.{metric}": float(runs[metric].mean())
        for name, runs in designs.items()
        for metric in METRICS
        if runs[metric].notna().any()
    }


def numbers(effects: pd.DataFrame) -> dict[str, float]:
    """Each paired difference with its interval."""
    return {
        f"{row['finding']}.{row['pricing']}.{row['metric']}.{column}": float(row[column])
        for row in effects.to_dict("records")
        for column in FIGURES
        if pd.notna(row[column])
    }


def by_cell(cells: pd.DataFrame, factor: str) -> dict[tuple[str, ...], pd.DataFrame]:
    """What one factor changes where all else stays: by pricing and the other factors' values, paired by seed."""
    others = ["pricing", *(name for name in FACTORS if name != factor)]
    low, high = FACTORS[factor]
    return {
        tuple(map(str, key)): level(own, factor, high) - level(own, factor, low)
        for key, own in cells.groupby(others, sort=False)
    }


def one_cell(cells: pd.DataFrame) -> pd.DataFrame:
    """The runs of the first cell: all others have the same rewards."""
    first = cells.iloc[0][["pricing", *FACTORS]]
    return cells[(cells[["pricing", *FACTORS]] == first).all(axis=1)]


def resales(cells: pd.DataFrame, made_of: dict[str, Sampling]) -> dict[str, float]:
    """What a secondary market changes in each cell, with its interval."""
    found: dict[str, float] = {}
    for (pricing, maturity, supply), changes in by_cell(cells, "market.secondary").items():
        for metric in EFFECTS:
            sample = changes[metric].dropna().to_numpy(float)
            name = f"a secondary market.{pricing}.T={maturity}.N={supply}.{metric}"
            told = figures(describe(sample, made_of[metric]))
            found |= {f"{name}.{figure}": value for figure, value in told.items()}
    return found


def map_of_cells(cells: pd.DataFrame, designs: dict[str, pd.DataFrame]) -> Figure:
    """Every cell and design by what it captures and how concentrated proposing is."""
    from experiments.lab.study.plot import COLOURS, axes

    figure, place = axes("capture, %", "top share of proposals, %", "The design space", (7.2, 4.8))
    for colour, (pricing, own) in zip(COLOURS, cells.groupby("pricing", sort=False), strict=False):
        for secondary, marker in ((False, "o"), (True, "^")):
            held = own[own["market.secondary"] == secondary].groupby(list(FACTORS))[list(METRICS)].mean()
            label = f"{pricing}, {'with' if secondary else 'no'} resale"
            place.plot(100 * held["capture"], 100 * held["top_share"], marker, color=colour, label=label)
    for number, (name, runs) in enumerate(designs.items(), 1):
        spot = [100 * runs[metric].mean() for metric in PLACED]
        place.scatter(*spot, marker=f"${number}$", color="black", label=name.replace("_", " "))
    figure.legend(loc="outside right upper", frameon=False, fontsize=7.5)
    return figure


def forest(contrasts: Contrasts, cells: pd.DataFrame) -> Figure:
    """What each factor changes under each pricing, with 95 % intervals; grey: in each cell by itself."""
    from experiments.lab.study.plot import panels

    labels = ("a secondary market", "expiry after 128", "200 tickets, not 100")
    factors = dict(zip(FACTORS, labels, strict=True))
    figure, places = panels(2, len(factors), "What each choice changes, paired by seed")
    for index, metric in enumerate(EFFECTS):
        for offset, (factor, label) in enumerate(factors.items()):
            place, short = places[index * len(factors) + offset], factor.rpartition(".")[2]
            rows = {name: 100 * changes[metric] for (what, name), changes in contrasts.items() if what == short}
            for (pricing, *_), changes in by_cell(cells, factor).items():
                place.plot(100 * changes[metric].mean(), list(rows).index(pricing), ".", color="#BBBBBB")
            draw_effects(place, rows)
            place.set_yticks(range(len(rows)), list(rows) if offset == 0 else [])
            place.set_title(label if index == 0 else "", fontsize=9)
            place.set_xlabel(f"change of {metric}, points")
    return figure


def draw_effects(place: Axes, differences: dict[str, pd.Series]) -> None:
    """A row for each pricing."""
    for row, values in enumerate(differences.values()):
        sample = values.dropna().to_numpy(float)
        place.plot(sample.mean(), row, "o", color="#0072B2", markersize=4)
        if (ends := mean_interval(sample)) is not None:
            place.plot(ends, [row, row], color="#0072B2", linewidth=1.4)
    place.axvline(0, color="black", linewidth=0.8)
    place.set_ylim(len(differences) - 0.4, -0.6)


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
