"""The seed's model in a TOML file: who sells what to whom, and when it pays to sell."""
