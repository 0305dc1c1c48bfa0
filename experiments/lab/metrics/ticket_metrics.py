"""How many blocks, tickets, sales and violations there were."""

from __future__ import annotations

from experiments.lab.metrics.averages import mean
from experiments.lab.metrics.columns import having
from experiments.lab.metrics.matched_capture import ended_per_block, handed_out_that_ended, sold_per_used
from experiments.lab.metrics.metric import Metric, Take
from experiments.lab.metrics.prices import held_before_sale
from experiments.lab.metrics.tables import Tables


def sales(*labels: str) -> Take:
    """How many sales there were with these labels: a market, and whether it was before the draw."""

    def take(run: Tables) -> float:
        chosen = having(run.trades["market"], labels[0])
        for label in labels[1:]:
            chosen &= having(run.trades["timing"], label)
        return float(chosen.sum())

    return take


SLOTS = (
    Metric("blocks", "blocks", "blocks", "slots of the run", lambda run: run.length),
    Metric(
        "empty_slots",
        "empty slots",
        "slots",
        "slots without a proposal",
        lambda run: run.length - having(run.blocks["status"], "proposed").sum(),
    ),
    Metric("tickets_minted", "tickets minted", "tickets", "tickets minted", lambda run: len(run.tickets["end"])),
    Metric(
        "tickets_burned",
        "tickets burned",
        "tickets",
        "tickets that ended, whoever held them",
        lambda run: len(run.tickets["end"]) - having(run.tickets["end"], "live").sum(),
    ),
    Metric(
        "expired_tickets",
        "tickets expired",
        "tickets",
        "tickets that expired undrawn",
        lambda run: run.blocks["expired"].sum(),
    ),
    Metric(
        "tickets_ended_per_block",
        "tickets that ended, by block",
        "tickets",
        "tickets that ended held: proposed, missed, expired, returned; by block",
        lambda run: ended_per_block(run.blocks, run.tickets),
    ),
    Metric(
        "handed_out_tickets",
        "tickets handed out that ended",
        "tickets",
        "tickets that ended held and had been handed out at genesis, at price 0",
        lambda run: handed_out_that_ended(run.blocks, run.tickets, run.transfers),
    ),
    Metric(
        "tickets_sold_per_used",
        "tickets sold by ticket used",
        "tickets",
        "primary sales after genesis / tickets drawn for a block; 1 where the stock stays as it is",
        lambda run: sold_per_used(run.blocks, run.trades),
    ),
    Metric(
        "held_tickets",
        "tickets held",
        "tickets",
        "tickets held by participants once a slot's block is settled, before its sale; mean over slots",
        lambda run: mean(held_before_sale(run.blocks, run.trades)),
    ),
)
"""Slots and tickets."""

SALES = (
    Metric("trades", "trades", "sales", "sales in all markets", lambda run: len(run.trades["market"])),
    Metric(
        "ex_ante_sales",
        "resold before the draw",
        "sales",
        "resales before the draw",
        sales("secondary", "ex_ante"),
    ),
    Metric(
        "ex_post_sales",
        "resold after the draw",
        "sales",
        "resales after the draw",
        sales("secondary", "ex_post"),
    ),
    Metric("block_sales", "blocks sold just in time", "sales", "blocks sold just in time", sales("block")),
    Metric("violations", "violations", "violations", "intents refused", lambda run: run.violations),
)
"""Sales, and what was refused."""
