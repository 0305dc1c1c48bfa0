"""The model behind `express_lane`: what a minute is worth, how it is calibrated, who bids in which regime."""
