"""Education (giáo dục): how many pupils are absent, school by school. Counts alone: no pupil's name is an event's."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from ioc.events.base import Code, Data, Topic
from ioc.text import Text

Pupils = Annotated[int, Field(ge=0, le=20_000)]


class AbsenceReported(Data):
    """How many of a school's pupils are absent on a day. Told again, it is replaced."""

    TYPE = "vn.ioc.school.absence-reported"

    school: Code
    day: date
    enrolled: Annotated[int, Field(ge=1, le=20_000)]
    absent: Pupils

    @model_validator(mode="after")
    def _no_more_than_there_are(self) -> "AbsenceReported":
        if self.absent > self.enrolled:
            raise ValueError("more pupils are absent than are enrolled")
        return self

    @property
    def subject(self) -> str:
        return self.school


EDUCATION = Topic("education", Text("Giáo dục", "Education"), events=(AbsenceReported,), partitions=1)
