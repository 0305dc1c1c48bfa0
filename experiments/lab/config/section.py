"""What all sections of a config are, and the kinds of numbers in them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.lab.config.refusals import first_refusal

Eth = Annotated[float, Field(ge=0, le=9e8, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=9e8, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1)]

NAMED = "a name, or `path.py:function`"


class Section(BaseModel):
    """A frozen table of the config; unknown keys are refused, and what its refusals say."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    @model_validator(mode="after")
    def stands(self) -> Self:
        message = first_refusal(self)
        if message is not None:
            raise ValueError(message)
        return self
