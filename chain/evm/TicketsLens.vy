# pragma version ~=0.4.3
# pragma evm-version cancun
"""
@title The state of the ticket contract in one call
@license MIT
"""

struct Title:
    owner: address
    nonce: uint64
    drawnFor: uint64
    priceGwei: uint64

struct BlockDraw:
    ticket: uint64
    urn: uint64

interface Tickets:
    def slot() -> int256: view
    def totalSupply() -> uint256: view
    def minted() -> uint256: view
    def urnSize() -> uint256: view
    def burnedGwei() -> uint256: view
    def refundedGwei() -> uint256: view
    def balanceOf(owner: address) -> uint256: view
    def funds(account: address) -> uint256: view
    def free(account: address) -> uint256: view
    def titleOf(tokenId: uint256) -> Title: view
    def getApproved(tokenId: uint256) -> address: view
    def drawOf(number: uint256) -> BlockDraw: view

MOST: constant(uint256) = 64  # of each in one call


@view
@external
def look(
    where: address, accounts: DynArray[address, MOST], tickets: DynArray[uint256, MOST], blocks: DynArray[uint256, MOST]
) -> DynArray[uint256, 1024]:
    """
    @notice Slot, supply, minted, size of the urn, burned and refunded Gwei; then for each account its tickets, its
            money and what of it is free; for each live ticket its owner, transfer nonce, block drawn for + 1, price
            and whom it is approved for; for each block its ticket + 1 and the size of its urn.
    @param where The ticket contract.
    @param accounts Up to 64 accounts.
    @param tickets Up to 64 serials of live tickets.
    @param blocks Up to 64 blocks.
    @return All of it, a number each, the slot + 1.
    """
    seen: DynArray[uint256, 1024] = []
    seen.append(convert(staticcall Tickets(where).slot() + 1, uint256))
    seen.append(staticcall Tickets(where).totalSupply())
    seen.append(staticcall Tickets(where).minted())
    seen.append(staticcall Tickets(where).urnSize())
    seen.append(staticcall Tickets(where).burnedGwei())
    seen.append(staticcall Tickets(where).refundedGwei())
    for account: address in accounts:
        seen.append(staticcall Tickets(where).balanceOf(account))
        seen.append(staticcall Tickets(where).funds(account))
        seen.append(staticcall Tickets(where).free(account))
    for ticket: uint256 in tickets:
        title: Title = staticcall Tickets(where).titleOf(ticket)
        seen.append(convert(title.owner, uint256))
        seen.append(convert(title.nonce, uint256))
        seen.append(convert(title.drawnFor, uint256))
        seen.append(convert(title.priceGwei, uint256))
        seen.append(convert(staticcall Tickets(where).getApproved(ticket), uint256))
    for number: uint256 in blocks:
        drawn: BlockDraw = staticcall Tickets(where).drawOf(number)
        seen.append(convert(drawn.ticket, uint256))
        seen.append(convert(drawn.urn, uint256))
    return seen
