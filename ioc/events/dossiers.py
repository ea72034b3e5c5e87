"""Dossiers (hồ sơ) of the one-stop desk (Bộ phận Một cửa): each step of a dossier's life is one event.

Filed and received differ: the legal term runs from a complete, valid dossier. Resolved and returned differ:
a result that waits for the citizen is not the agency's delay.
"""

from typing import Literal

from ioc.events.base import Code, Data, Moment, Topic, Words
from ioc.text import Text

Channel = Literal["in_person", "online", "post"]  # trực tiếp, trực tuyến, bưu chính công ích
ServiceType = Literal["full", "partial", "level_3", "level_4"]  # toàn trình, một phần; trước đây mức độ 3, 4


class DossierData(Data):
    """What every dossier event says: which dossier, at which commune's desk."""

    dossier: Code
    commune: Code
    desk: Code | None = None
    officer: Code | None = None
    #: Id of the event, of the same source and kind, that this one sets right; its own time and words count instead.
    corrects: Code | None = None

    @property
    def subject(self) -> str:
        return self.dossier


class DossierFiled(DossierData):
    """Filed online or by post, not yet checked (mới đăng ký)."""

    TYPE = "vn.ioc.dossier.filed"
    procedure: Code | None = None
    service: ServiceType | None = None
    channel: Channel = "online"


class DossierReceived(DossierData):
    """Received as complete and valid (đã tiếp nhận); ``due`` is the appointed time on the slip."""

    TYPE = "vn.ioc.dossier.received"
    procedure: Code | None = None
    service: ServiceType | None = None
    channel: Channel = "in_person"
    due: Moment | None = None
    #: Are all its papers digitised (số hóa)? None where the desk does not say.
    digitised: bool | None = None


class DossierRefused(DossierData):
    """Not received, with the reason (không được tiếp nhận)."""

    TYPE = "vn.ioc.dossier.refused"
    reason: Words = ""


class DossierForwarded(DossierData):
    """Moved on to the next step or officer."""

    TYPE = "vn.ioc.dossier.forwarded"
    step: Code


class SupplementRequested(DossierData):
    """Papers are missing (yêu cầu bổ sung): the term pauses, or starts again once they are there."""

    TYPE = "vn.ioc.dossier.supplement-requested"
    effect: Literal["pause", "restart"] | None = None  # None: as its procedure has it
    reason: Words = ""


class SupplementSupplied(DossierData):
    """The missing papers are there; ``due`` is the new appointed time where one was set."""

    TYPE = "vn.ioc.dossier.supplement-supplied"
    due: Moment | None = None


class FeeDue(DossierData):
    """A fee or tax must be paid first (nghĩa vụ tài chính)."""

    TYPE = "vn.ioc.dossier.fee-due"
    amount_vnd: int | None = None


class FeePaid(DossierData):
    TYPE = "vn.ioc.dossier.fee-paid"
    amount_vnd: int | None = None
    online: bool = False


class DossierWithdrawn(DossierData):
    """The citizen takes it back (rút hồ sơ)."""

    TYPE = "vn.ioc.dossier.withdrawn"


class DossierStopped(DossierData):
    """Processing has stopped for good (dừng xử lý)."""

    TYPE = "vn.ioc.dossier.stopped"
    reason: Words = ""


class DossierResolved(DossierData):
    """There is a result (đã có kết quả)."""

    TYPE = "vn.ioc.dossier.resolved"
    #: Was the result issued electronically? None where the desk does not say.
    electronic: bool | None = None


class ApologySent(DossierData):
    """Written apology with a new date (phiếu xin lỗi và hẹn lại); the first date keeps counting."""

    TYPE = "vn.ioc.dossier.apology-sent"
    new_due: Moment


class DossierReturned(DossierData):
    """The citizen has the result (đã trả kết quả)."""

    TYPE = "vn.ioc.dossier.returned"


class SurveyAnswered(DossierData):
    """The citizen says how content they are (mức độ hài lòng)."""

    TYPE = "vn.ioc.dossier.survey-answered"
    answer: Literal["very_satisfied", "satisfied", "neutral", "dissatisfied"]


DOSSIERS = Topic(
    "dossiers",
    Text("Hồ sơ một cửa", "One-stop dossiers"),
    events=(
        DossierFiled, DossierReceived, DossierRefused, DossierForwarded, SupplementRequested, SupplementSupplied,
        FeeDue, FeePaid, DossierWithdrawn, DossierStopped, DossierResolved, ApologySent, DossierReturned,
        SurveyAnswered,
    ),
)  # fmt: skip
