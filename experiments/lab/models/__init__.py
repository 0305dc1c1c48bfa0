"""The model of when to sell a ticket: solved in `model/`, played on the block clock in `game/`."""
