// SPDX-License-Identifier: MIT
// Made from TicketsLens.vy by `python -m chain.evm.compile`.
pragma solidity ^0.8.20;

/// @title The state of the ticket contract in one call
interface ITicketsLens {
    /// @notice Slot, supply, minted, size of the urn, burned and refunded Gwei; then for each account its tickets,
    ///   its money and what of it is free; for each live ticket its owner, transfer nonce, block drawn for + 1, price
    ///   and whom it is approved for; for each block its ticket + 1 and the size of its urn.
    /// @param where The ticket contract.
    /// @param accounts Up to 64 accounts.
    /// @param tickets Up to 64 serials of live tickets.
    /// @param blocks Up to 64 blocks.
    /// @return All of it, a number each, the slot + 1.
    /// @custom:reverts bad_owner, ticket_burned, unknown_ticket
    function look(
        address where,
        address[] calldata accounts,
        uint256[] calldata tickets,
        uint256[] calldata blocks
    ) external view returns (uint256[] memory);
}
