"""Who gets the money: the rewards split by what was done for them, and the profit of each agent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.lab.report.agent_labels import folded, labels, leading
from experiments.lab.report.figure import Figure, Trace, bar_layout, bars, titled
from experiments.lab.report.palette import faded
from experiments.lab.report.run_source import Source, having, integers, without_luck
from market.entry_costs import REASONS

SPLIT_CAPTION = (
    "A structure's bars add up to the rewards that were paid out; a bar to the left of 0 is a loss, or money paid "
    "for tickets whose blocks are still to come."
)
PROFIT_CAPTION = (
    "What each agent has at the end less what it began with, the tickets that it still holds counted as nothing; "
    "a bar to the left of 0 is a loss."
)
LUCK_CAPTION = (
    "Pale bars are what came, the narrow ones what was expected, luck apart: without what became known of a "
    "block's reward while the agent held the right to it. The way from the one to the other is luck, and says "
    "nothing of a strategy."
)
SPLIT_NOTE = "Who proposes and builds the same block counts as its proposer."
PROTOCOL = "protocol (burned)"
RESELLERS = "resellers of tickets"
PROPOSERS = "proposers"
BUILDERS = "builders"
COSTS = "costs of building"
ENTRY = "costs of entering sales"
ENTRANTS = "bidders, for entering"
LIVE = "paid for live tickets"


def split(sources: Sequence[Source]) -> Figure | None:
    """The figure of the split; None where no money moved."""
    parts = {source.structure: split_rewards(source) for source in sources}
    rows = [row for row in next(iter(parts.values())) if any(own[row] for own in parts.values())]
    if not rows:
        return None
    values = {name: [own[row] / 1e9 for row in rows] for name, own in parts.items()}
    layout = bar_layout(len(rows), len(sources), titled("ETH"))
    traces = bars(rows, values, "ETH", ",.4f")
    return Figure("split", "Who gets the rewards", SPLIT_CAPTION, traces, layout, SPLIT_NOTE)


def split_rewards(source: Source) -> dict[str, int]:
    """Every reward paid by the chain, followed to where it stays, Gwei: the values add up to the rewards.

    A ticket's price is a cost to who buys it and income to who sells it, so that what a position earns is its
    margin: resellers the price less what they paid; proposers the block less what they paid for its ticket (and
    what was lost on tickets that proposed nothing); builders the reward less their cost and the block's price.
    """
    moved = payments_by_reason(source)
    primary, refund = moved["primary"], moved["refund"]
    entry = sum(moved[reason] for reason in REASONS.values())
    ended, live = last_prices(source)
    proposers, builders = block_flows(source)
    return {
        PROTOCOL: primary - refund,
        RESELLERS: ended + live - primary,
        PROPOSERS: proposers + refund - ended,
        BUILDERS: builders,
        COSTS: moved["cost"],
        ENTRY: entry,
        ENTRANTS: -entry,
        LIVE: -live,
    }


def payments_by_reason(source: Source) -> Counter[str]:
    """What was paid for each reason, Gwei."""
    paid: Counter[str] = Counter()
    for batch in source.batches("payments", "reason", "amount_gwei"):
        sums = batch.group_by("reason").aggregate([("amount_gwei", "sum")]).to_pydict()
        paid.update(dict(zip(sums["reason"], sums["amount_gwei_sum"], strict=True)))
    return paid


def last_prices(source: Source) -> tuple[int, int]:
    """What the last owners paid for their tickets, of ended and of live ones, Gwei.

    All that resellers make of a ticket is its last price less its first, whatever lies between.
    """
    trades = source.read("trades", "market", "ticket", "price_gwei")
    trades = trades.filter(pc.not_equal(trades.column("market").cast(pa.string()), "block"))
    serials, prices = (integers(trades.column(name)) for name in ("ticket", "price_gwei"))
    sold, back = np.unique(serials[::-1], return_index=True)
    paid = prices[::-1][back]
    live = having(source.read("tickets", "ticket", "end"), end="live").column("ticket")
    is_live = np.isin(sold, integers(live))
    return int(paid[~is_live].sum()), int(paid[is_live].sum())


def block_flows(source: Source) -> tuple[int, int]:
    """What proposers had from their blocks, and what builders kept, Gwei."""
    blocks = source.read("blocks", "proposer", "builder", "reward_gwei", "cost_gwei", "block_price_gwei")
    built = blocks.filter(pc.is_valid(blocks.column("builder")))
    proposer, builder = (built.column(name).cast(pa.string()) for name in ("proposer", "builder"))
    is_own = np.asarray(pc.equal(proposer, builder).to_numpy(), dtype=bool)
    reward, cost, price = (
        integers(built.column(name)) for name in ("reward_gwei", "cost_gwei", "block_price_gwei")
    )
    kept = reward - cost - price
    return int(price.sum() + kept[is_own].sum()), int(kept[~is_own].sum())


def profits(sources: Sequence[Source]) -> Figure | None:
    """The figure of profits; None where no one won or lost anything."""
    values = {source.structure: source.summary["profit_eth"] for source in sources}
    seats = list(sources[0].summary["profit_eth"])
    if not any(any(own.values()) for own in values.values()):
        return None
    kept = leading(values, seats)
    rows = labels(kept, seats)
    came = bars(rows, {name: folded(own, kept, seats) for name, own in values.items()}, "ETH", ",.4f")
    fair = {source.structure: folded(own, kept, seats) for source in sources if (own := without_luck(source))}
    traces = came if not fair else beside(came, bars(rows, fair, "ETH expected", ",.4f"))
    layout = bar_layout(len(rows), len(sources), titled("profit, ETH")) | {"showlegend": len(traces) > 1}
    caption = PROFIT_CAPTION if not fair else f"{PROFIT_CAPTION} {LUCK_CAPTION}"
    return Figure("profits", "What each agent earns", caption, traces, layout)


def beside(came: Sequence[Trace], fair: Sequence[Trace]) -> list[Trace]:
    """Bars of what came, pale, and within each a narrow one of what was expected."""
    pale = [
        {**bar, "offsetgroup": bar["name"], "marker": {"color": faded(bar["marker"]["color"], 0.35)}}
        for bar in came
    ]
    width = 0.7 / len(came) / 3
    narrow = [
        {**bar, "offsetgroup": bar["name"], "name": f"{bar['name']}, expected", "width": width} for bar in fair
    ]
    return [*pale, *narrow]
