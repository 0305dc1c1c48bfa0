"""The keys of a law, read off its constructor: each parameter that has a line of help."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_type_hints

from pydantic import ConfigDict, Discriminator, Field, Tag, create_model

from experiments.lab.config.section import Name, Parameters, Section
from strategies.finding import camel

OWN = "own"
"""The tag of a law of one's own."""
OWN_FORM = "a law of one's own is named `path.py:Class`"


class LawKeys(Section):
    """The keys of a law. Numbers are finite."""

    model_config = ConfigDict(allow_inf_nan=False)

    @property
    def taken(self) -> dict[str, Any]:
        """What its constructor takes: all keys but the one that names it."""
        return {name: getattr(self, name) for name in list(type(self).model_fields)[1:]}


class OwnLawKeys(Section):
    """Those of a law of one's own: what its constructor takes is looked at where its file is read."""

    parameters: Parameters = Field(default_factory=dict, description="what a law of one's own takes")

    @property
    def taken(self) -> dict[str, Any]:
        """What its constructor takes."""
        return self.parameters


OwnName = Annotated[Name, Field(pattern=":")]


def keys_of(
    law: type, tag: str, name: str, ending: str, *, is_usual: bool = False, base: type[LawKeys] = LawKeys
) -> type[LawKeys]:
    """The section with the keys of the law called `name`; `tag` is the key that names it, which may be left out
    where that `is_usual`. It is a class of this module, where pickles find it."""
    fields: dict[str, Any] = {tag: (Literal[name], name if is_usual else ...)}
    kind = create_model(
        f"{camel(name)}{ending}", __base__=base, __module__=__name__, **fields, **parameters_with_help(law)
    )
    globals()[kind.__name__] = kind
    return kind


def parameters_with_help(law: type) -> dict[str, Any]:
    """The parameters of a constructor that have a line of help, as pydantic wants them."""
    hints = get_type_hints(law.__init__, include_extras=True)  # type: ignore[misc]
    found: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(law).parameters.items()):
        words = [part for part in getattr(hints[name], "__metadata__", ()) if isinstance(part, str)]
        if words:
            default = ... if parameter.default is parameter.empty else parameter.default
            found[name] = (hints[name], Field(default, description=words[0]))
    return found


def chosen_by(tag: str, kinds: Mapping[str, type[Section]]) -> Any:
    """The annotation of a section that is one of `kinds` by its key `tag`; `OWN` is that of a law of one's own,
    which is named `path.py:Class`."""

    def choose(data: Any) -> Any:
        found = data.get(tag) if isinstance(data, Mapping) else getattr(data, tag, None)
        return OWN if isinstance(found, str) and ":" in found else found

    choose.__name__ = tag  # as errors call it
    tagged = tuple(Annotated[kind, Tag(name)] for name, kind in kinds.items())
    return Annotated[Union[tagged], Discriminator(choose)]  # noqa: UP007
