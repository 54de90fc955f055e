"""What all sections of the configuration have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


class Section(BaseModel):
    """A frozen part of the configuration. The description of a field says what is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        expected = cls.model_fields[info.field_name or ""].annotation
        if isinstance(value, bool) and expected is not bool:
            raise ValueError("true and false have no meaning here")
        return value
