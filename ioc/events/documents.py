"""Documents (văn bản) of the office system, such as Qoffice: incoming and outgoing.

Secret documents (văn bản mật) must never enter: a mark of secrecy is no field of these models, and what has one is
refused at the door; its dead letter says so and holds nothing of it (:data:`ioc.events.codec.SECRECY`).
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
    """Incoming (văn bản đến), a draft of an outgoing one (văn bản đi), or an assigned task (nhiệm vụ giao)."""

    TYPE = "vn.ioc.document.arrived"
    kind: Literal["incoming", "outgoing", "task"] = "incoming"
    urgency: Urgency = "normal"
    due: Moment | None = None
    #: Did it come in, and is it handled, electronically, or on paper alone?
    electronic: bool = True


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
    """Issued (phát hành), electronically or on paper alone."""

    TYPE = "vn.ioc.document.sent"
    electronic: bool = True


class DocumentDone(DocumentData):
    TYPE = "vn.ioc.document.done"


DOCUMENTS = Topic(
    "documents",
    Text("Văn bản", "Documents"),
    events=(DocumentArrived, DocumentAssigned, DocumentSigned, DocumentSent, DocumentDone),
)
