"""Reserve rules of the primary market: the lowest price of each lot, sale by sale.

Where the reserve is one number, `market.primary_reserve`, nothing of this takes part.
"""

from __future__ import annotations

from market.reserves.forecast_share import ForecastShare
from market.reserves.reserve_path import ReservePath
from market.reserves.reserve_rule import ReserveFunction, ReserveRule
from market.reserves.reserve_view import PastLot, ReserveView
from market.reserves.reserves import Dates, Reserves, dates_of, lifted, next_drawn
from market.reserves.trailing_share import TrailingShare

__all__ = [
    "Dates",
    "ForecastShare",
    "PastLot",
    "ReserveFunction",
    "ReservePath",
    "ReserveRule",
    "ReserveView",
    "Reserves",
    "TrailingShare",
    "dates_of",
    "lifted",
    "next_drawn",
]
