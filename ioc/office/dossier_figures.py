"""The figures of the one-stop desk, counted by the day of what happened, so that a correction goes to its own day.

Open, overdue and ages at any date follow from these flows: what came in by then, less what was finished by then.
"""

from ioc.alerts.kind import DOSSIER_MODULE
from ioc.detector import Fact, Ratio, Tally
from ioc.office.due import TERM_WORDS
from ioc.text import Text

RECEIVED = Tally(
    "dossiers_received",
    Text("Hồ sơ đã tiếp nhận", "Dossiers received"),
    ("commune", "channel", "service"),
    words={
        "online": Text("trực tuyến", "online"),
        "in_person": Text("trực tiếp", "in person"),
        "post": Text("bưu chính", "by post"),
        "full": Text("toàn trình", "wholly online"),
        "partial": Text("một phần", "partly online"),
        "level_3": Text("mức độ 3", "level 3"),
        "level_4": Text("mức độ 4", "level 4"),
    },
)
RESOLVED = Tally(
    "dossiers_resolved",
    Text("Hồ sơ đã có kết quả", "Dossiers resolved"),
    ("commune", "timeliness"),
    words={
        "early": Text("trước hạn", "early"),
        "on_time": Text("đúng hạn", "on time"),
        "late": Text("trễ hạn", "late"),
        "no_due": Text("không có hẹn trả", "without an appointed time"),
    },
)
RESOLVED_AS = Tally(
    "dossiers_resolved_by_channel",
    Text("Hồ sơ đã có kết quả, theo cách nộp và dịch vụ", "Dossiers resolved, by channel and service"),
    ("commune", "channel", "service"),
    words=RECEIVED.words,
)
RECEIVED_OF = Tally(
    "dossiers_received_by_procedure",
    Text("Hồ sơ đã tiếp nhận theo thủ tục", "Dossiers received by procedure"),
    ("procedure", "channel"),
    metric=False,
)
ONLINE = Ratio(
    "dossiers_online",
    Text("Tỷ lệ hồ sơ tiếp nhận trực tuyến", "Share of dossiers received online"),
    RECEIVED,
    "channel",
    values=("online",),
)
ON_TIME = Ratio(
    "dossiers_on_time",
    Text("Tỷ lệ hồ sơ giải quyết trước và đúng hạn", "Share of dossiers resolved early or on time"),
    RESOLVED,
    "timeliness",
    values=("early", "on_time"),
    among=("early", "on_time", "late"),
    amber=0.95,
    red=0.9,
)
ENDED = Tally(
    "dossiers_ended",
    Text("Hồ sơ kết thúc không có kết quả: không tiếp nhận, rút, dừng", "Dossiers ended without a result"),
    ("commune", "ending"),
    words={
        "refused": Text("không tiếp nhận", "refused"),
        "withdrawn": Text("rút hồ sơ", "withdrawn"),
        "stopped": Text("dừng giải quyết", "stopped"),
        "returned": Text("trả lại", "returned"),
    },
)
CLOSED_AFTER = Tally(
    "dossiers_closed_after",
    Text("Hồ sơ đã tiếp nhận và kết thúc, theo số ngày", "Dossiers received and finished, by days it took"),
    ("commune", "days"),
    metric=False,
)
OVERDUE_CHANGE = Tally(
    "dossiers_overdue_change",
    Text("Hồ sơ thành quá hạn, trừ đi hết quá hạn", "Dossiers that became overdue, less those that are no more"),
    ("commune",),
    metric=False,
)
FEES = Tally(
    "dossiers_with_fee",
    Text("Hồ sơ có phí, lệ phí, theo cách nộp", "Dossiers with a fee, by how it was paid"),
    ("commune", "paid"),
    metric=False,
)
APOLOGIES = Tally(
    "dossier_apologies",
    Text("Phiếu xin lỗi và hẹn lại, trước và sau hạn gửi", "Apologies with a new date, in time and late"),
    ("commune", "sent"),
    words={"in_time": Text("trước hạn gửi", "in time"), "late": Text("sau hạn gửi", "late")},
)
SURVEYS = Tally(
    "dossier_surveys",
    Text("Trả lời khảo sát hài lòng", "Answers to the survey"),
    ("commune", "answer"),
    words={
        "very_satisfied": Text("rất hài lòng", "very satisfied"),
        "satisfied": Text("hài lòng", "satisfied"),
        "neutral": Text("bình thường", "neutral"),
        "dissatisfied": Text("không hài lòng", "dissatisfied"),
    },
)
DIGITISED = Tally(
    "dossiers_digitised",
    Text("Hồ sơ và kết quả, có số hóa hay không", "Dossiers and results, digitised or not"),
    ("commune", "what", "digitised"),
    words={
        "papers": Text("thành phần hồ sơ", "papers"),
        "result": Text("kết quả", "result"),
        "yes": Text("đã số hóa", "digitised"),
        "no": Text("chưa số hóa", "not digitised"),
    },
)
CORRECTIONS = Tally(
    "dossier_corrections",
    Text("Số liệu hồ sơ được điều chỉnh", "Corrections to the figures of dossiers"),
    ("commune", "why"),
    words={"corrected": Text("sửa thông tin", "corrected"), "late": Text("đến muộn", "late")},
)
DOSSIERS_OPEN = Fact(
    "dossiers_open",
    Text("Hồ sơ đang giải quyết", "Dossiers in hand"),
    ("commune", "term"),
    tile=DOSSIER_MODULE,
    words={**TERM_WORDS, "paused": Text("chờ bổ sung", "waits for papers")},
)
OVERDUE_NOW = Ratio(
    "dossiers_overdue",
    Text("Tỷ lệ hồ sơ đang quá hạn", "Share of dossiers in hand that are overdue"),
    DOSSIERS_OPEN,
    "term",
    values=("overdue",),
    good="low",
    amber=0.05,
    red=0.1,
)
DOSSIERS_BY_AGE = Fact(
    "dossiers_open_by_age", Text("Hồ sơ đang giải quyết theo số ngày", "Dossiers in hand by days"), ("commune", "age")
)
