"""A participant's wallet: it counts nonces and signs what becomes of the participant's intents."""

from __future__ import annotations

from typing import TypeVar

from chain.account import Account
from chain.protocol import PROPOSAL, Proposal, proposal_values
from chain.state import State
from market.messages import SLOT_BID, Message, SlotBid, struct_type

M = TypeVar("M", bound=Message)


class Wallet:
    """The wallet of one account on the chain of `state`."""

    def __init__(self, account: Account, state: State) -> None:
        self._key = account.key
        self._state = state
        self._signatures = state.signatures
        self._addresses = state.addresses
        self._nonce = -1

    def next_nonce(self) -> int:
        """A nonce that was not used before."""
        self._nonce += 1
        return self._nonce

    def sign(self, message: M) -> M:
        """The message with its signature; as it is, where signatures are off."""
        if self._signatures.are_off:
            return message
        values = message.values(self._addresses)
        signature = self._signatures.sign(self._key, struct_type(message), values)
        return message._replace(signature=signature)  # type: ignore[return-value]

    def seal(self, message: SlotBid) -> bytes:
        """The signature of a bid in the open auction of a block."""
        return self._state.signatures.sign(self._key, SLOT_BID, message.values(self._addresses))

    def sign_proposal(self, proposal: Proposal) -> Proposal:
        """The proposal with its signature; as it is, where signatures are off."""
        if self._signatures.are_off:
            return proposal
        values = proposal_values(self._state, proposal)
        return proposal._replace(signature=self._state.signatures.sign(self._key, PROPOSAL, values))
