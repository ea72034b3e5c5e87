"""The figures of citizens' requests, counted by the day of what happened.

Open and overdue at any date follow from these flows. A request that moves leaves one queue and comes back into another.
"""

from ioc.alerts.kind import REQUEST_MODULE
from ioc.detector import Fact, Ratio, Tally
from ioc.text import Text

OPENED = Tally(
    "requests_opened", Text("Phản ánh đã nhận", "Requests opened"), ("commune", "queue", "stream")
)  # fmt: skip
ANSWERED = Tally(
    "requests_answered", Text("Phản ánh được trả lời lần đầu", "Requests first answered"), ("queue", "timeliness")
)
SETTLED = Tally("requests_settled", Text("Phản ánh đã kết thúc", "Requests settled"), ("queue", "timeliness"))
REOPENED = Tally("requests_reopened", Text("Phản ánh mở lại", "Requests reopened"), ("queue",))
LEFT_AFTER = Tally(
    "requests_left_after",
    Text("Phản ánh rời hàng đợi, trừ đi quay lại, theo số ngày", "Requests that left a queue less those back, by days"),
    ("queue", "days"),
    metric=False,
)
OVERDUE_CHANGE = Tally(
    "requests_overdue_change",
    Text("Phản ánh thành quá hạn, trừ đi hết quá hạn", "Requests that became overdue, less those that are no more"),
    ("queue",),
    metric=False,
)
REQUESTS_OPEN = Fact(
    "requests_open",
    Text("Phản ánh chưa kết thúc", "Open requests"),
    ("commune", "answer"),
    tile=REQUEST_MODULE,
    words={
        "waiting": Text("chờ trả lời", "waiting for an answer"),
        "late": Text("quá hạn trả lời", "late"),
        "answered": Text("đã trả lời", "answered"),
    },
)
ANSWER_LATE = Ratio(
    "requests_answer_late",
    Text("Tỷ lệ phản ánh quá hạn trả lời", "Share of unanswered requests that are late"),
    REQUESTS_OPEN,
    "answer",
    values=("late",),
    among=("waiting", "late"),
    good="low",
    amber=0.05,
    red=0.2,
)
