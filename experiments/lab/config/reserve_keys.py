"""`[market.reserve]`: the lowest price of the primary market, where it is not one number."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from chain.money import eth_to_gwei
from chain.near_names import near
from chain.wording import shown
from experiments.lab.config.refusals import refuses
from experiments.lab.config.section import Eth, Name, Section
from market.reserves import ForecastShare, ReservePath, ReserveRule, TrailingShare

FIXED = "fixed"
RULES = (FIXED, "path", "forecast", "trailing")
Block = Annotated[int, Field(ge=0, le=2**40)]


class PrimaryReserve(Section):
    """How the reserve of the protocol's sales is found."""

    rule: Name = Field(
        FIXED,
        description=f"reserve of the primary market: one of {', '.join(RULES)}, or `path.py:name`; none is below "
        "primary_reserve",
    )
    path: tuple[tuple[Block, Eth], ...] = Field(
        (), description="(path) [block, ETH] pairs: from the sale before that block on, so much"
    )
    share: float = Field(
        0.5,
        ge=0,
        le=1e6,
        allow_inf_nan=False,
        description="(forecast, trailing) share of the expected reward, or of the statistic",
    )
    of: Literal["price", "top_bid", "bid"] = Field(
        "price", description="(trailing) of prices paid, of the highest bid of each lot, or of all bids"
    )
    statistic: Literal["mean", "median", "max"] = Field("mean", description="(trailing) of these")
    window: int = Field(20, ge=1, le=100_000, description="(trailing) slots whose sales count")
    void: bool = Field(
        False,
        description="the reserve is a bid of the protocol's own: where it wins, the ticket is burned, and its "
        "block has none",
    )
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="parameters of a reserve rule of one's own; others take none of them"
    )

    @property
    def is_fixed(self) -> bool:
        """Whether it is one number, `market.primary_reserve`."""
        return self.rule == FIXED

    @property
    def is_own(self) -> bool:
        """Whether the rule is of a file or module of the user's own."""
        return ":" in self.rule

    def build(self) -> ReserveRule:
        """A rule of the testbed, at the start of a run."""
        match self.rule:
            case "path":
                return ReservePath([(block, eth_to_gwei(eth)) for block, eth in self.path])
            case "forecast":
                return ForecastShare(self.share)
            case _:
                return TrailingShare(self.share, self.of, self.statistic, self.window)


@refuses(PrimaryReserve, "rule")
def no_such_reserve(reserve: PrimaryReserve) -> str | None:
    """There is no reserve rule of that name."""
    if reserve.is_own or reserve.rule in RULES:
        return None
    return (
        f"rule is {shown(reserve.rule)}, and not one of {', '.join(RULES)}{near(reserve.rule, RULES)}; one of "
        "one's own is named `path.py:name`"
    )


@refuses(PrimaryReserve, "parameters")
def parameters_of_no_reserve(reserve: PrimaryReserve) -> str | None:
    """There are parameters of a reserve rule of one's own, and the rule is none."""
    if not reserve.parameters or reserve.is_own or reserve.rule not in RULES:
        return None
    return f"parameters are those of a rule of one's own; with rule = {shown(reserve.rule)} leave them out"


@refuses(PrimaryReserve, "path")
def no_path(reserve: PrimaryReserve) -> str | None:
    """The reserve goes by a path, and there is none."""
    if reserve.rule != "path" or reserve.path:
        return None
    return 'path is empty, and rule is "path"; give [block, ETH] pairs, e.g. path = [[0, 0.001], [100, 0.0075]]'


@refuses(PrimaryReserve, "path")
def path_goes_back(reserve: PrimaryReserve) -> str | None:
    """The blocks of the path do not rise."""
    later = next(((a, b) for (a, _), (b, _) in pairwise(reserve.path) if b <= a), None)
    if later is None:
        return None
    return f"path names block {later[1]} after block {later[0]}; its blocks must rise"
