"""The seed's model in a TOML file: who sells what to whom, and when it pays to sell.

- `spec`, `model_file`: the file and its keys;
- `solving`, `path_solve`: the solution, by known laws or over simulated paths;
- `solution`, `solution_text`: what it says, and how that looks on a terminal.
"""
