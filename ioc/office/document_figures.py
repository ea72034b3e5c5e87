"""The figures of documents and assigned tasks, counted by the day of what happened."""

from ioc.alerts.kind import DOCUMENT_MODULE
from ioc.detector import Fact, Ratio, Tally
from ioc.office.due import TERM_WORDS
from ioc.text import Text

ARRIVED = Tally("documents_arrived", Text("Văn bản, nhiệm vụ đã nhận", "Documents and tasks arrived"), ("unit", "kind"))
DONE = Tally(
    "documents_done", Text("Văn bản, nhiệm vụ đã xử lý", "Documents and tasks done"), ("unit", "kind", "timeliness")
)
SENT = Tally(
    "documents_sent",
    Text("Văn bản phát hành, theo chữ ký số và hình thức", "Documents issued, by signatures and form"),
    ("unit", "office", "leader", "electronic"),
)
BY_FORM = Tally(
    "documents_by_form",
    Text("Văn bản đến và đi, điện tử hay giấy", "Documents come in and issued, electronic or on paper"),
    ("unit", "way", "electronic"),
    words={"incoming": Text("đến", "incoming"), "issued": Text("phát hành", "issued")},
)
LEFT_AFTER = Tally(
    "documents_left_after",
    Text("Văn bản rời đơn vị, trừ đi quay lại, theo số ngày", "Documents that left a unit less those back, by days"),
    ("unit", "days"),
    metric=False,
)
OVERDUE_CHANGE = Tally(
    "documents_overdue_change",
    Text("Văn bản thành quá hạn, trừ đi hết quá hạn", "Documents that became overdue, less those that are no more"),
    ("unit",),
    metric=False,
)
DOCUMENTS_OPEN = Fact(
    "documents_open",
    Text("Văn bản, nhiệm vụ đang xử lý", "Documents and tasks in hand"),
    ("unit", "term"),
    tile=DOCUMENT_MODULE,
    words={**TERM_WORDS, "no_due": Text("không có hạn", "without a due time")},
)
DOCUMENTS_BY_AGE = Fact(
    "documents_open_by_age",
    Text("Văn bản, nhiệm vụ tồn theo số ngày", "Documents and tasks in hand by days"),
    ("unit", "age"),
)
DOCUMENTS_OVERDUE = Ratio(
    "documents_overdue",
    Text("Tỷ lệ văn bản, nhiệm vụ đang quá hạn", "Share of documents and tasks in hand that are overdue"),
    DOCUMENTS_OPEN,
    "term",
    values=("overdue",),
    among=("within", "due_soon", "overdue"),
    good="low",
    amber=0.05,
    red=0.1,
)
