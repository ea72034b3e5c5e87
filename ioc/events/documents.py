"""Documents (văn bản) of the office system, such as Qoffice: incoming and outgoing.

Secret documents must never enter: the model has no way to say that one is secret.
"""

from typing import Literal

from ioc.events.base import Code, Data, Moment, Topic
from ioc.text import Text

Urgency = Literal["normal", "urgent", "very_urgent", "most_urgent"]  # thường, khẩn, thượng khẩn, hỏa tốc


class DocumentData(Data):
    document: Code
    commune: Code | None = None
    unit: Code | None = None

    @property
    def subject(self) -> str:
        return self.document


class DocumentArrived(DocumentData):
    """An incoming document (văn bản đến), or a draft of an outgoing one (văn bản đi)."""

    TYPE = "vn.ioc.document.arrived"
    direction: Literal["incoming", "outgoing"] = "incoming"
    urgency: Urgency = "normal"
    due: Moment | None = None


class DocumentAssigned(DocumentData):
    """A leader's note (bút phê) gives it to somebody, with a due time or none (không có hạn)."""

    TYPE = "vn.ioc.document.assigned"
    officer: Code | None = None
    due: Moment | None = None


class DocumentSigned(DocumentData):
    """Digitally signed (ký số) by the office or by the leader."""

    TYPE = "vn.ioc.document.signed"
    by: Literal["office", "leader"]


class DocumentSent(DocumentData):
    """Issued (phát hành)."""

    TYPE = "vn.ioc.document.sent"


class DocumentDone(DocumentData):
    TYPE = "vn.ioc.document.done"


DOCUMENTS = Topic(
    "documents",
    Text("Văn bản", "Documents"),
    events=(DocumentArrived, DocumentAssigned, DocumentSigned, DocumentSent, DocumentDone),
)
