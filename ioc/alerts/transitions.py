"""The table of transitions: every way in which an alert may change, by number. What is not here is refused.

Three axes: condition (C, the machine), handling (H, people) and suppression (S); K are clocks, Q silences. Numbers are
those of the alert's history; ``TITLES`` says each in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ioc.alerts import commands
from ioc.alerts.commands import Command
from ioc.alerts.parts import Condition, Handling
from ioc.text import Text

TITLES: dict[str, Text] = {
    "C1": Text("Đang theo dõi, chưa đủ điều kiện", "Pending"),
    "C2": Text("Mở cảnh báo", "Opened"),
    "C3": Text("Không đủ điều kiện, bỏ qua", "Dropped before it held"),
    "C4": Text("Đang giảm", "Clearing"),
    "C5": Text("Lại diễn ra khi đang giảm", "Firing again while clearing"),
    "C6": Text("Đã hết", "Cleared"),
    "C7": Text("Mất dữ liệu, chưa rõ tình trạng", "Unknown: its source is silent"),
    "C8": Text("Có dữ liệu trở lại, vẫn diễn ra", "Known again: still firing"),
    "C9": Text("Tăng mức nghiêm trọng", "Severity raised"),
    "C10": Text("Cập nhật", "Updated"),
    "C11": Text("Tái diễn", "Recurred"),
    "C12": Text("Hết hiệu lực: không còn theo dõi nguồn hoặc quy tắc này", "Withdrawn: no longer watched"),
    "C13": Text("Chập chờn: giữ lại trước khi báo hết", "Flapping: clearing is held back"),
    "H1": Text("Đã nhận tin", "Acknowledged"),
    "H2": Text("Giao xử lý", "Assigned"),
    "H3": Text("Tiếp nhận xử lý", "Accepted"),
    "H4": Text("Chuyển cơ quan khác", "Transferred"),
    "H5": Text("Đã xử lý xong", "Resolved"),
    "H6": Text("Kết thúc", "Closed"),
    "H7": Text("Mở lại", "Reopened"),
    "H8": Text("Loại bỏ", "Rejected"),
    "H9": Text("Tăng mức, cần nhận tin lại", "Worse: to be acknowledged again"),
    "H10": Text("Bỏ nhận tin", "Acknowledgement taken back"),
    "H11": Text("Chuyển trả", "Returned"),
    "H12": Text("Ghi chú", "Comment"),
    "H13": Text("Cơ quan đã xem", "Seen by the agency"),
    "H14": Text("Đôn đốc", "Reminder"),
    "H15": Text("Xác minh", "Verified"),
    "H16": Text("Tự kết thúc", "Closed by itself"),
    "H17": Text("Giao phối hợp", "Coordinating agencies named"),
    "H18": Text("Xin gia hạn", "Extension asked for"),
    "H19": Text("Trả lời xin gia hạn", "Extension answered"),
    "H20": Text("Ghi nhận cuộc gọi", "Call logged"),
    "G1": Text("Thuộc sự việc", "Part of an incident"),
    "G2": Text("Gộp sự việc", "Incidents joined"),
    "G3": Text("Tách khỏi sự việc", "Taken out of an incident"),
    "E1": Text("Báo lên cấp tiếp theo", "Escalated"),
    "E2": Text("Nhắc lại cấp cuối", "Told again at the last step"),
    "S1": Text("Không báo", "Suppressed"),
    "S2": Text("Báo trở lại", "No longer suppressed"),
    "K1": Text("Tính lại thời hạn", "Due time computed anew"),
    "K2": Text("Sắp đến hạn", "Due soon"),
    "K3": Text("Quá hạn", "Overdue"),
    "K5": Text("Tạm dừng tính thời hạn", "Clock paused"),
    "K6": Text("Tính tiếp thời hạn", "Clock resumed"),
    "K7": Text("Gia hạn", "Extended"),
    "Q1": Text("Đặt hoặc sửa tắt báo", "Silence set or changed"),
    "Q2": Text("Bỏ tắt báo", "Silence ended"),
}
#: After these a command that saw an older version is refused: people would act on something else than they saw.
DECISIVE = frozenset({"C2", "C9", "H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9", "H10", "H11", "H16"})
#: Nothing comes of an alert of these any more, unless it is reopened.
OVER: frozenset[Handling] = frozenset({"closed", "rejected"})
OPEN: tuple[Handling, ...] = ("new", "acked", "assigned", "working", "resolved")
ALL: tuple[Handling, ...] = (*OPEN, "closed", "rejected")


@dataclass(frozen=True)
class Step:
    """A command's effect on handling: from any of ``sources`` to ``to``; None: handling stays as it is."""

    number: str
    sources: tuple[Handling, ...]
    to: Handling | None = None


STEPS: Mapping[type[Command], Step] = {
    commands.Acknowledge: Step("H1", ("new",), "acked"),
    commands.Unacknowledge: Step("H10", ("acked",), "new"),
    commands.Assign: Step("H2", ("new", "acked"), "assigned"),
    commands.Accept: Step("H3", ("new", "acked", "assigned"), "working"),
    commands.Transfer: Step("H4", ("new", "acked", "assigned", "working"), "assigned"),
    commands.Return: Step("H11", ("new", "acked", "assigned", "working"), "acked"),
    commands.Resolve: Step("H5", ("acked", "assigned", "working"), "resolved"),
    commands.Close: Step("H6", ("resolved",), "closed"),
    commands.Reopen: Step("H7", ("resolved", "closed"), "new"),
    commands.Reject: Step("H8", OPEN, "rejected"),
    commands.Comment: Step("H12", ALL),
    commands.Seen: Step("H13", OPEN),
    commands.Remind: Step("H14", ("new", "acked", "assigned", "working")),
    commands.Verify: Step("H15", OPEN),
    commands.Shelve: Step("S1", OPEN),
    commands.Unshelve: Step("S2", OPEN),
    commands.PauseClock: Step("K5", OPEN),
    commands.ResumeClock: Step("K6", OPEN),
    commands.ExtendClock: Step("K7", OPEN),
    commands.Coordinate: Step("H17", OPEN),
    commands.AskExtension: Step("H18", ("new", "acked", "assigned", "working")),
    commands.AnswerExtension: Step("H19", ("new", "acked", "assigned", "working")),
    commands.LogCall: Step("H20", OPEN),
    commands.JoinIncident: Step("G2", OPEN),
    commands.LeaveIncident: Step("G3", OPEN),
}
#: What the machine may learn of an alert's condition. ``held``: what was waited for has lasted long enough.
Trigger = Literal["raised", "resolved", "held", "quiet", "dark", "back", "withdrawn"]


@dataclass(frozen=True)
class Move:
    """A change of condition; to None: there is no alert any more."""

    number: str
    to: Condition | None


#: By trigger and present condition (None: no alert). What is missing changes nothing. Where a kind asks for no time
#: to hold or to clear, ``raised`` and ``held``, or ``resolved`` and ``held``, are one step.
MOVES: Mapping[Trigger, Mapping[Condition | None, Move]] = {
    "raised": {
        None: Move("C1", "pending"),
        "firing": Move("C10", "firing"),
        "clearing": Move("C5", "firing"),
        "cleared": Move("C11", "firing"),
        "unknown": Move("C8", "firing"),
    },
    "resolved": {
        "pending": Move("C3", None),
        "firing": Move("C4", "clearing"),
        "unknown": Move("C4", "clearing"),
    },
    "held": {"pending": Move("C2", "firing"), "clearing": Move("C6", "cleared")},
    "quiet": {"firing": Move("C4", "clearing")},
    "dark": {"firing": Move("C7", "unknown"), "clearing": Move("C7", "unknown")},
    "back": {"unknown": Move("C8", "firing")},
    "withdrawn": {
        "pending": Move("C3", None),
        "firing": Move("C12", "cleared"),
        "clearing": Move("C12", "cleared"),
        "unknown": Move("C12", "cleared"),
    },
}
