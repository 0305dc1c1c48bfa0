"""The gate of the market: a message enters once, signed by whom it names."""

from __future__ import annotations

from chain.state import State
from market.messages import Listing, Message, listing_hash, struct_type
from market.nonces import Nonces


class Gate:
    """Verifies signatures and nonces of all messages on entry."""

    def __init__(self, state: State) -> None:
        self._signatures = state.signatures
        self._addresses = state.addresses
        self._nonces = [Nonces() for _ in state.accounts]

    def check(self, signer: int, message: Message) -> None:
        """Raises `NonceUsed` for a replay and `BadSignature` for a forgery; changes nothing."""
        self._nonces[signer].check(message.nonce)
        if self._signatures.are_off:
            return
        values = message.values(self._addresses)
        self._signatures.verify(self._addresses[signer], struct_type(message), values, message.signature)

    def name_of(self, listing: Listing) -> bytes:
        """What bids call a listing, 32 bytes: its hash, which they sign; where nobody signs, its signer and nonce,
        which no other one has."""
        if self._signatures.are_off:
            return listing.seller.to_bytes(16, "big") + listing.nonce.to_bytes(16, "big")
        return listing_hash(listing, self._addresses)

    def is_used(self, signer: int, nonce: int) -> bool:
        """Whether a message of this signer with this nonce was taken in, or cancelled."""
        return self._nonces[signer].is_used(nonce)

    def cancel(self, signer: int, word: int, mask: int) -> None:
        """Use up nonces of a signer, of 256 from `256 * word` on those of which `mask` has the bit."""
        self._nonces[signer].cancel(word, mask)

    def use(self, signer: int, message: Message) -> None:
        """Use up the nonce of a message that is taken in."""
        self._nonces[signer].use(message.nonce)
