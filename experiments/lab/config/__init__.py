"""A config: its keys by section, how a file becomes one, and what it is refused for.

- `config`: the whole, in the order of the file;
- `chain`, `phases`, `reward`, `cost`, `market`, `pricing`, `genesis`, `slot_auction`, `agents`, `isolation`: a
  section each;
- `section`: what all sections are, and the kinds of numbers in them;
- `refusals`: what a config is refused for although each of its keys could stand;
- `loading`: a config from a file or a dict; `toml_file`, what a file says over its base; `overrides`, `key=value`;
- `size`: the memory that a large one will take;
- `faults`: what is wrong with one, a line for each key;
- `starter`: the files of `et-testbed init`;
- `extras`: what is not installed for every purpose, and how to get it;
- `errors`: what a user can set right, one clear line.
"""
