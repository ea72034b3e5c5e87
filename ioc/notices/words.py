"""A message in words: subject, text, and one short line for a telephone, in Vietnamese or English."""

from collections.abc import Callable
from typing import NamedTuple

from ioc.agencies.parts import ROLES
from ioc.alerts.kind import Severity
from ioc.alerts.parts import CONDITIONS
from ioc.district import District
from ioc.notices.events import Item, Message, Reason
from ioc.text import Language, Text

REASONS: dict[Reason, Text] = {
    "first": Text("Báo lần đầu", "First notice"),
    "worse": Text("Nghiêm trọng hơn", "Worse"),
    "escalated": Text("Báo lên, chưa ai xử lý", "Escalated: nobody has acted"),
    "deadline_near": Text("Sắp đến hạn", "Due soon"),
    "deadline_breached": Text("Quá hạn", "Overdue"),
    "cleared": Text("Đã hết", "Cleared"),
    "repeat": Text("Nhắc lại", "Repeated"),
    "suppression_ended": Text("Hết thời gian tắt báo, vẫn đang diễn ra", "Silence over, still firing"),
    "returned": Text("Cơ quan chuyển trả", "Returned by the agency"),
    "reminded": Text("Đôn đốc lần {number}", "Formal reminder no. {number}"),
    "extension_asked": Text("Cơ quan xin gia hạn", "Extension asked for"),
    "extension_answered": Text("Trả lời xin gia hạn", "Extension answered"),
}
LEVELS: dict[Severity, Text] = {
    "minor": Text("Thấp", "Minor"),
    "moderate": Text("Trung bình", "Moderate"),
    "severe": Text("Nghiêm trọng", "Severe"),
    "extreme": Text("Khẩn cấp", "Extreme"),
}
ORDER: tuple[Severity, ...] = ("extreme", "severe", "moderate", "minor")
SUBJECT = Text("[{district}] {level}: {title}", "[{district}] {level}: {title}")
SUBJECT_OF_MANY = Text(
    "[{district}] {count} cảnh báo, nặng nhất: {title}", "[{district}] {count} alerts, worst: {title}"
)
HEAD = Text("Gửi {receiver}{role}.", "To {receiver}{role}.")
PLACE = Text("Nơi: {place}", "Place: {place}")
DUE = Text("Hạn: {due}", "Due: {due}")
LEAD = Text("Cơ quan chủ trì: {lead}", "Lead agency: {lead}")
SAID = Text("Nội dung: {text}", "Said: {text}")
STATE = Text("Tình trạng: {state}, mở lúc {opened}", "State: {state}, opened at {opened}")
FOOT = Text("Mã tin {message}. Tin có cùng mã là một tin.", "Message {message}. The same id is the same message.")
#: Letters of a short message: what gateways take as two parts in Vietnamese.
SHORT = 134


Say = Callable[..., str]


class Rendered(NamedTuple):
    """A message as people read it."""

    subject: str
    text: str
    short: str


def render(message: Message, language: Language, district: District) -> Rendered:
    """In one language; what came from outside stands in it as plain text, on one line."""

    def say(text: Text, **values: object) -> str:
        return str(
            getattr(
                text.format(
                    **{name: _line(value) if isinstance(value, str) else value for name, value in values.items()}
                ),
                language,
            )
        )

    items = sorted(message.items, key=lambda item: (ORDER.index(item.severity), item.at))
    worst = items[0]
    title, level = getattr(worst.title, language), LEVELS[worst.severity]
    name = Text(district.name, district.name_en)
    if len(items) == 1:
        subject = say(SUBJECT, district=name, level=level, title=title)
    else:
        subject = say(SUBJECT_OF_MANY, district=name, count=len(items), title=title)
    role = Text(*(f" ({getattr(ROLES[message.role], each)})" for each in ("vi", "en"))) if message.role else ""
    lines = [say(HEAD, receiver=district.agency_name(message.receiver), role=role), ""]
    for number, item in enumerate(items, 1):
        lines += [
            f"{number}. {line}" if at == 0 else f"   {line}"
            for at, line in enumerate(_of(item, language, district, say))
        ]
        lines.append("")
    lines.append(say(FOOT, message=message.message_id))
    short = f"{say(level)}: {_line(getattr(worst.summary, language))} ({say(_reason(worst))})"
    if len(items) > 1:
        short = f"{short} +{len(items) - 1}"
    return Rendered(subject, "\n".join(lines), short if len(short) <= SHORT else f"{short[: SHORT - 1]}…")


def _reason(item: Item) -> Text:
    return REASONS[item.reason].format(number=item.reminders)


def _of(item: Item, language: Language, district: District, say: Say) -> list[str]:
    lines = [
        f"{say(LEVELS[item.severity])} · {_line(getattr(item.title, language))} — {say(_reason(item))}",
        _line(getattr(item.summary, language)),
        say(STATE, state=CONDITIONS[item.condition], opened=district.told(item.opened_at)),
    ]
    if item.commune:
        names = district.area_names(item.commune)
        former = f" ({', '.join(names[1:])})" if len(names) > 1 else ""
        lines.append(say(PLACE, place=f"{names[0] if names else item.commune}{former}"))
    if item.lead:
        lines.append(say(LEAD, lead=district.agency_name(item.lead)))
    if item.due is not None:
        lines.append(say(DUE, due=district.told(item.due)))
    if item.text:
        lines.append(say(SAID, text=item.text))
    return lines


def _line(text: str) -> str:
    """Words from outside on one line, without what a mail header or a terminal would act on."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
