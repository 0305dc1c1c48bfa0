"""The seed's model: solved (model/) and played (game/)."""
