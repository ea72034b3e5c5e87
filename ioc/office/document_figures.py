"""The figures of documents and assigned tasks, counted by the day of what happened."""

from ioc.detector import Tally
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
