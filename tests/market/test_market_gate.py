"""The gate: a message enters once, signed by whom it names, and one signer's numbers are none of another's."""

from __future__ import annotations

import pytest

from chain.errors import BadSignature, NonceUsed
from chain.ticket import Series

EXPIRY_3 = Series(False, 3)


def test_a_number_that_was_used_is_refused_and_one_that_was_only_checked_is_not(market):
    bid = market.bid(2, EXPIRY_3, 40)
    market.gate.check(2, bid)
    market.gate.check(2, bid)
    market.gate.use(2, bid)
    with pytest.raises(NonceUsed, match=f"nonce {bid.nonce} was used before"):
        market.gate.check(2, bid)


def test_each_signer_has_numbers_of_its_own(market):
    bids = {account: market.bid(account, EXPIRY_3, 40, nonce=7) for account in (1, 2, 3)}
    market.gate.use(2, bids[2])
    for account in (1, 3):
        market.gate.check(account, bids[account])
        market.gate.use(account, bids[account])
    with pytest.raises(NonceUsed):
        market.gate.use(1, bids[1])


@pytest.mark.parametrize(("signer", "named"), [(1, 2), (2, 1), (2, 3)])
def test_a_message_is_signed_by_whom_it_names(market, signer, named):
    forged = market.sign(signer, market.bid(named, EXPIRY_3, 40))
    with pytest.raises(BadSignature):
        market.gate.check(named, forged)
    market.gate.check(named, market.sign(named, forged))


def test_a_message_that_was_changed_is_refused(market):
    bid = market.bid(2, EXPIRY_3, 40)
    with pytest.raises(BadSignature):
        market.gate.check(2, bid._replace(price=41))
