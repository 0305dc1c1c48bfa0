"""Tickets that their holders give back to the protocol, by a signed order."""

from __future__ import annotations

from chain.errors import ReturnRefused
from chain.ledger import check_amount
from chain.protocol import check_return, process_return
from chain.state import State
from market.errors import BadTerms
from market.gate import Gate
from market.messages import Order
from market.order_times import check_times


def take_return(state: State, gate: Gate, order: Order, refund: int) -> None:
    """Take in the ticket of a signed return for `refund` Gwei.

    Raises `BadTerms`, `BadAmount`, `OrderExpired`, `NonceUsed`, `BadSignature`, `ReturnRefused` and what
    `Titles.free` raises. A refused return changes nothing.
    """
    if order.side != "return" or order.tif != "gtc":
        raise BadTerms(f"a return is good till cancelled; this is the {order.side} {order.tif!r}")
    check_amount(order.price, "price")
    check_times(order, state.slot)
    if order.ticket is None:
        raise BadTerms("a return names its ticket")
    title = state.titles.free(order.ticket, order.maker, order.transfer_nonce)
    if title.series != order.series:
        raise BadTerms(f"ticket {order.ticket} is in series {title.series}, not {order.series}")
    gate.check(order.maker, order)
    check_return(state, title)
    if refund < order.price:
        raise ReturnRefused(f"the protocol pays {refund} Gwei for ticket {order.ticket}, not {order.price}")
    process_return(state, order.maker, order.ticket, order.transfer_nonce, refund)
    gate.use(order.maker, order)
