"""The market contract's functions: transactions become intents, which the account's own wallet signs.

Prices come in wei and must be whole Gwei. `bidInSale` is for the primary sale of the slot that is played next,
whose auctions open and close within it; the others are carried out in the slot's session.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from chain.clock import Phase
from chain.eip712 import keccak
from chain.errors import BadAmount
from chain.evm.abi import Log, encode, event
from chain.ledger import MAX_GWEI
from chain.money import WEI_PER_GWEI
from chain.rpc.tickets import UnknownAccount
from chain.state import State
from market.auction import Auction
from market.auctions import FORMATS
from market.desk import Desk
from market.errors import AuctionClosed, BadTerms
from market.exchange import Exchange
from market.house import House
from market.intents import Ask, AuctionBid, Bid, Cancel, Claim, Intent, OpenAuction, Return
from market.participant import Participant

MARKET_ADDRESS = keccak(b"et-testbed: market")[12:]
VIEWS = frozenset({"openAuctions", "auctionOf", "bookOf", "ordersOf", "freeOf", "escrowOf"})
ACTIONS = frozenset({"bid", "bidInSale", "list", "buy", "cancel", "openAuction", "openClock", "giveBack", "claim"})
FUNCTIONS = VIEWS | ACTIONS
IN_SALE = "bidInSale"
SEALED = {format.code: name for name, format in FORMATS.items() if not format.is_clock}
CLOCKS = {format.code: name for name, format in FORMATS.items() if format.is_clock}
"""The formats that one may open from outside, as `Listing` numbers them."""


def read_abi() -> list[dict[str, Any]]:
    """The ABI of the market contract, as it is shipped."""
    abi: list[dict[str, Any]] = json.loads((files("market.contract") / "TicketMarket.json").read_text("utf-8"))
    return abi


class MarketCode:
    """Auctions and the order book of a run. `participants` by their accounts."""

    def __init__(
        self, state: State, desk: Desk, house: House, exchange: Exchange, participants: Mapping[int, Participant]
    ) -> None:
        self._state = state
        self._desk = desk
        self._house = house
        self._exchange = exchange
        self._participants = {state.accounts[number].address: who for number, who in participants.items()}
        self.ms = 0  # into the slot, of what is carried out

    def view(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """What the view `name` returns. Raises `AuctionClosed`."""
        return getattr(self, f"_{name}")(*arguments)

    def act(self, caller: bytes, name: str, arguments: tuple[Any, ...]) -> list[Log]:
        """Carry out a function for `caller`; `market_logs` tells what becomes of its order. Raises `Refused`."""
        who = self._participants.get(caller)
        if who is None:
            raise UnknownAccount(f"0x{caller.hex()} takes no part in the run")
        logs: list[Log] = getattr(self, f"_{name}")(caller, who, *arguments)
        return logs

    # Views

    def _openAuctions(self) -> list[int]:  # noqa: N802
        return list(self._house.open)

    def _auctionOf(self, id: int) -> tuple[Any, ...]:  # noqa: N802
        auction = self._house.open.get(id)
        if auction is None:
            raise AuctionClosed(f"auction {id} is not open")
        seller = self._state.accounts[auction.seller].address
        reserve = auction.terms.reserve * WEI_PER_GWEI
        bids = len(auction.bids)
        return seller, auction.serial or 0, reserve, auction.deadline, bids

    def _bookOf(self, serial: int) -> tuple[int, int]:  # noqa: N802
        """Best bid and ask, 0 where there is none, for tickets such as this."""
        series = self._state.titles.get(serial).series
        quote = next((quote for quote in self._exchange.quotes() if quote.series == series), None)
        if quote:
            return ((quote.bid_gwei or 0) * WEI_PER_GWEI, (quote.ask_gwei or 0) * WEI_PER_GWEI)
        return (0, 0)

    def _ordersOf(self, maker: str) -> list[int]:  # noqa: N802
        who = self._participants.get(bytes.fromhex(maker[2:]))
        if who is None:
            return []
        return [order.id for order in self._exchange.own_orders(who.account)]

    def _freeOf(self, account: str) -> int:  # noqa: N802
        who = self._participants.get(bytes.fromhex(account[2:]))
        if who is None:
            return 0
        return self._state.ledger.free(who.account) * WEI_PER_GWEI

    def _escrowOf(self, account: str) -> int:  # noqa: N802
        who = self._participants.get(bytes.fromhex(account[2:]))
        if who is None:
            return 0
        return self._state.ledger.escrowed(who.account) * WEI_PER_GWEI

    # Transactions

    def _bid(self, caller: bytes, who: Participant, auction: int, price: int) -> list[Log]:
        id = self._carry_out(who, Phase.BID, AuctionBid(checked(auction, "auction"), in_gwei(price)))
        return [event("BidPlaced(uint256,address,uint256,uint256)", auction, caller, data=encode((id, price)))]

    def _bidInSale(self, caller: bytes, who: Participant, lot: int, price: int) -> list[Log]:  # noqa: N802
        in_gwei(price)
        lots = [auction.id for auction in self._house.open.values() if auction.market == "primary"]
        if lot >= len(lots):
            raise AuctionClosed(f"this slot's sale has {len(lots)} lots; there is no lot {lot}")
        return self._bid(caller, who, lots[lot], price)

    def _list(self, _: bytes, who: Participant, serial: int, price: int) -> list[Log]:
        self._carry_out(who, Phase.OFFER, Ask(checked(serial, "tokenId"), in_gwei(price)))
        return []

    def _buy(self, _: bytes, who: Participant, serial: int, price: int) -> list[Log]:
        series = self._state.titles.get(checked(serial, "tokenId")).series
        self._carry_out(who, Phase.BID, Bid(series, in_gwei(price)))
        return []

    def _cancel(self, _: bytes, who: Participant, order: int) -> list[Log]:
        self._carry_out(who, Phase.OFFER, Cancel(checked(order, "order")))
        return []

    def _giveBack(self, _: bytes, who: Participant, serial: int, least: int) -> list[Log]:  # noqa: N802
        self._carry_out(who, Phase.OFFER, Return(checked(serial, "tokenId"), in_gwei(least)))
        return []

    def _openAuction(  # noqa: N802
        self, caller: bytes, who: Participant, serial: int, format: int, reserve: int, slots: int
    ) -> list[Log]:
        if format not in SEALED:
            raise BadTerms(f"format {format}: {numbered(SEALED)}; a clock is opened by openClock")
        wanted = OpenAuction(
            checked(serial, "tokenId"),
            SEALED[format],
            in_gwei(reserve),
            checked(slots, "slots"),
        )
        return self._open(caller, who, wanted)

    def _openClock(  # noqa: N802
        self, caller: bytes, who: Participant, serial: int, format: int, reserve: int, start: int, tick: int
    ) -> list[Log]:
        if format not in CLOCKS:
            raise BadTerms(f"format {format}: {numbered(CLOCKS)}; sealed bids are for openAuction")
        wanted = OpenAuction(
            checked(serial, "tokenId"),
            CLOCKS[format],
            in_gwei(reserve),
            start_gwei=in_gwei(start),
            tick_gwei=in_gwei(tick),
        )
        return self._open(caller, who, wanted)

    def _open(self, caller: bytes, who: Participant, wanted: OpenAuction) -> list[Log]:
        auction: Auction = self._carry_out(who, Phase.OFFER, wanted)
        terms = encode((wanted.reserve_gwei * WEI_PER_GWEI, auction.deadline))
        opened = "AuctionOpened(uint256,address,uint256,uint256,uint256)"
        return [event(opened, auction.id, caller, wanted.ticket, data=terms)]

    def _claim(self, caller: bytes, who: Participant, serial: int, block: int) -> list[Log]:
        self._carry_out(who, Phase.CLAIM, Claim(checked(serial, "tokenId"), checked(block, "blockNumber")))
        return [event("BlockClaimed(uint256,uint256,address)", serial, block, caller)]

    def _carry_out(self, who: Participant, phase: Phase, intent: Intent) -> Any:
        return self._desk.carry_out(who, phase, intent, self.ms)


def numbered(formats: Mapping[int, str]) -> str:
    """ "0 is first price, 1 second price"."""
    (first, name), *others = ((number, name.replace("_", " ")) for number, name in formats.items())
    return ", ".join([f"{first} is {name}", *(f"{number} {name}" for number, name in others)])


def in_gwei(wei: int) -> int:
    """Wei as Gwei. Raises `BadAmount` where they are not whole, or too many."""
    gwei, rest = divmod(wei, WEI_PER_GWEI)
    if rest:
        raise BadAmount(f"{wei} wei is not a whole number of Gwei")
    return checked(gwei, "amount in Gwei")


def checked(number: int, name: str) -> int:
    """Raises `BadAmount` for a number that the testbed has no room for."""
    if number > MAX_GWEI:
        raise BadAmount(f"{name} is {number}; the most is 2^63 − 1")
    return number
