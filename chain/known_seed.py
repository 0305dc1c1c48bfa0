"""What is in the urn for a draw is decided before anyone can know the draw's seed.

In a run nobody sees a word of the beacon before its draw is held, so that nobody can act in between. Before block
0 alone there is such a time: the first draws have the seed of slot 0, whose own draw is still to come. A contract
on a chain, whose seeds are hashes of blocks, has it in every slot (docs/contract.md, "The seed of a slot").
"""

from __future__ import annotations

from chain.errors import SeedKnown
from chain.state import State


def check_seed_unknown(state: State) -> None:
    """Raises `SeedKnown` from the first draws until slot 0 opens, when the urn stays as it is."""
    if state.slot < 0 and state.draws:
        raise SeedKnown("the first draws are held: nothing is minted, burned or given back before slot 0 opens")
