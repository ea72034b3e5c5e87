"""How much of people's attention alerts take, and what becomes of them: the measures of ISA-18.2 and EEMUA 191.

An alert is *annunciated* when the centre's people are called to it: it opens, gets worse, comes back, and the room does
not fold it. It *chatters* when it relapses so often that clearing is held back, and is *stale* when it is still open
after a day. Counted on the day of the line.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from ioc.alerts.alert import AlertChanged, NotNotified
from ioc.alerts.parts import CLOCKS, QUIETS
from ioc.detector import Count, Emit, Fact, Finding, Ratio, Tally
from ioc.district import District
from ioc.text import Text

ANNUNCIATED = Tally(
    "alerts_annunciated", Text("Cảnh báo đã báo", "Alerts that people were called to"), ("module", "kind", "severity")
)
CHATTERING = Tally("alerts_chattering", Text("Cảnh báo chập chờn", "Alerts that chattered"), ("module", "kind"))
UNTOLD = Tally(
    "alerts_untold",
    Text("Cảnh báo không báo cho người trực", "Alerts that people were not called to, by reason"),
    ("reason",),
    words={str(reason): words for reason, words in QUIETS.items()},
)
FOLDED = Tally(
    "alerts_folded",
    Text("Cảnh báo gom chung hoặc ẩn theo nguyên nhân", "Notices of alerts that were folded, by reason"),
    ("reason",),
    words={str(reason): words for reason, words in QUIETS.items()},
)
ACKNOWLEDGED = Tally(
    "alerts_acknowledged",
    Text("Cảnh báo đã nhận tin", "Alerts acknowledged, within so many seconds (cumulative)"),
    ("severity", "within"),
)
CLOCKS_MISSED = Tally(
    "alerts_clocks_missed",
    Text("Cảnh báo xử lý quá hạn", "Terms of alerts that passed undone"),
    ("clock", "severity"),
    words={str(clock): words for clock, words in CLOCKS.items()},
)
ENDED = Tally(
    "alerts_ended",
    Text("Cảnh báo đã kết thúc, theo kết quả", "Alerts that ended, by how"),
    ("module", "kind", "outcome"),
    words={
        "closed": Text("đã xử lý", "closed"),
        "false_alarm": Text("báo sai", "false alarm"),
        "duplicate": Text("trùng", "duplicate"),
        "not_ours": Text("không thuộc trách nhiệm", "not ours"),
        "test": Text("thử nghiệm", "test"),
        "permitted": Text("được phép", "permitted"),
        "by_itself": Text("tự kết thúc", "by itself"),
    },
)
TALLIES = (CHATTERING, UNTOLD, ACKNOWLEDGED, CLOCKS_MISSED, ENDED)
STALE = Fact("alerts_stale", Text("Cảnh báo kéo dài hơn một ngày", "Alerts open for over a day"), ("module", "kind"))
FALSE_ALARMS = Ratio(
    "alerts_false_alarm",
    Text("Tỷ lệ báo sai", "Share of alerts that people ended as false"),
    ENDED,
    "outcome",
    values=("false_alarm",),
    among=("closed", "false_alarm"),
    good="low",
    amber=0.1,
    red=0.2,
)
STALE_AFTER = timedelta(days=1)
#: Bounds for the time to acknowledge, seconds; the last has no end.
WITHIN = (60, 300, 900, 3600, 28_800)
#: Notices that call people; the others tell them how it goes on.
CALLS_PEOPLE = frozenset({"opened", "worse", "reopened", "recurred", "suppression_ended"})


def counted(said: Iterable[Finding], district: District) -> Iterable[Finding]:
    """What the life of an alert says, with what its lines of history count for."""
    for found in said:
        yield found
        match found:
            case Emit(data=AlertChanged() as line):
                yield from _counts(line, district.day(line.at))
            case Emit(data=NotNotified(because=reason, at=at)):
                yield Count(UNTOLD, district.day(at), (reason,))


def _counts(line: AlertChanged, day: date) -> Iterable[Count]:
    match line.transition:
        case "C13":
            yield Count(CHATTERING, day, (line.module, line.kind))
        case "H1":
            yield from _acknowledged(line, day)
        case "K3" if line.clock is not None:
            yield Count(CLOCKS_MISSED, day, (line.clock, line.severity))
        case "H6" | "H8" | "H16" as ended:
            outcome = {"H6": "closed", "H16": "by_itself"}.get(ended, line.cause)
            yield Count(ENDED, day, (line.module, line.kind, outcome))


def _acknowledged(line: AlertChanged, day: date) -> Iterable[Count]:
    """Once for every bound that it kept: a histogram, as Prometheus reads one."""
    clock = line.clocks.get("ack")
    took = (line.at - (clock.started if clock else line.opened_at)).total_seconds()
    for bound in WITHIN:
        if took <= bound:
            yield Count(ACKNOWLEDGED, day, (line.severity, str(bound)))
    yield Count(ACKNOWLEDGED, day, (line.severity, "+Inf"))
