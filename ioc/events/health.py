"""Health (y tế): notifiable cases and stocks of vaccine, as communes' health stations report them.

Counts alone: a report that names a patient is no event, and is refused.
"""

from datetime import date
from typing import Annotated

from pydantic import Field

from ioc.events.base import Code, Data, Topic
from ioc.text import Text


class CasesReported(Data):
    """New cases (ca mắc mới) of a disease in a commune on a day; 0 is a report too. Told again, it is replaced."""

    TYPE = "vn.ioc.health.cases-reported"

    commune: Code
    disease: Annotated[Code, Field(description="ICD-10, such as A97 or B08.4")]
    day: date
    cases: Annotated[int, Field(ge=0, le=100_000)]

    @property
    def subject(self) -> str:
        return f"{self.commune}/{self.disease}"


class VaccineCounted(Data):
    """How many doses of a vaccine a commune's health station has."""

    TYPE = "vn.ioc.health.vaccine-counted"

    commune: Code
    vaccine: Code
    doses: Annotated[int, Field(ge=0, le=1_000_000)]

    @property
    def subject(self) -> str:
        return f"{self.commune}/{self.vaccine}"


HEALTH = Topic("health", Text("Y tế", "Health"), events=(CasesReported, VaccineCounted), partitions=1)

_DENGUE = Text("Sốt xuất huyết Dengue", "Dengue")
#: Names of notifiable diseases (Circular 54/2015/TT-BYT) by their ICD-10 code; others are called by the code.
DISEASES: dict[str, Text] = {
    "A00": Text("Tả", "Cholera"),
    "A01": Text("Thương hàn", "Typhoid"),
    "A20": Text("Dịch hạch", "Plague"),
    "A22": Text("Bệnh than", "Anthrax"),
    "A36": Text("Bạch hầu", "Diphtheria"),
    "A37": Text("Ho gà", "Whooping cough"),
    "A39": Text("Viêm màng não do não mô cầu", "Meningococcal disease"),
    "A80": Text("Bại liệt", "Poliomyelitis"),
    "A82": Text("Bệnh dại", "Rabies"),
    "A90": _DENGUE,
    "A91": _DENGUE,
    "A97": _DENGUE,
    "B01": Text("Thủy đậu", "Chickenpox"),
    "B05": Text("Sởi", "Measles"),
    "B08.4": Text("Tay chân miệng", "Hand, foot and mouth disease"),
    "B26": Text("Quai bị", "Mumps"),
    "B54": Text("Sốt rét", "Malaria"),
    "J09": Text("Cúm gia cầm ở người", "Avian influenza in a person"),
    "J11": Text("Cúm mùa", "Seasonal influenza"),
    "U07.1": Text("COVID-19", "COVID-19"),
}
