"""From a config to a chain, a market and agents that have not moved yet."""
