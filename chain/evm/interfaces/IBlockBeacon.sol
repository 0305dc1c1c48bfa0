// SPDX-License-Identifier: MIT
// Made from BlockBeacon.vy by `python -m chain.evm.compile`.
pragma solidity ^0.8.20;

/// @title A beacon of block hashes
/// @notice The random seed of each slot is the hash of a block that is fixed when this contract is deployed, so
///   that nobody can choose it by choosing when to call.
/// @dev The seed of slot n is the hash of block `first + n * spacing`. The chain remembers the last 256 hashes;
///   `record` keeps one for good, and anyone may call it. Where nobody did in time, the hash of the block 256
///   later stands in its place, and so on.
interface IBlockBeacon {
    /// @notice The block whose hash is the slot's seed, as far as it is known now.
    /// @param slot The slot, from 0 on.
    /// @return The block's number.
    function blockOf(uint256 slot) external view returns (uint256);

    /// @notice The seed of a slot; reverts before its block is there.
    /// @param slot The slot, from 0 on.
    /// @return The seed, the same whenever it is asked for within 256 blocks, and for good once it is recorded.
    /// @custom:reverts too_early
    function seedOf(uint256 slot) external view returns (bytes32);

    /// @notice Keep a slot's seed for good. Anyone may call it.
    /// @param slot The slot, from 0 on.
    /// @custom:reverts too_early
    function record(uint256 slot) external;
}

/// @title The reasons of the reverts of BlockBeacon, as `Error(string)` has them
library BlockBeaconRefusals {
    /// @dev Parameters that the constructor refuses.
    string internal constant BAD_RULES = "bad_rules";

    /// @dev The block of this seed is not there yet.
    string internal constant TOO_EARLY = "too_early";
}
