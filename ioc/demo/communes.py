"""What communes send of the demo's other modules: health, schools, devices, and what is said of the area online.

Four small stories: a vaccine runs out, a school misses a third of its pupils, a loudspeaker and a meeting room fail,
and the broken water main is talked about. Schools, devices and posts are invented.
"""

from collections.abc import Iterator
from datetime import datetime

from ioc.demo.chance import Random, chance
from ioc.demo.requests import STORM_FROM
from ioc.demo.times import Times, every, minutes, seconds
from ioc.district import Device
from ioc.events.base import AnyEvent, Data, Event
from ioc.events.devices import DeviceSeen, MeetingPlanned
from ioc.events.education import AbsenceReported
from ioc.events.health import CasesReported, VaccineCounted
from ioc.events.online import Channel, MentionSeen, TakedownAsked, TakedownEnded, Tone

HEALTH, SCHOOLS, ONLINE = "/y-te", "/csdl-giao-duc", "/theo-doi-mang"
VACCINE, OUT_OF_IT, OUT_AT, DELIVERED_AT = "DPT-VGB-Hib", "20929", "09:05", "16:10"
#: Pupils enrolled; the school that reports many of them absent on the day.
ENROLLED = {"th-tra-my": 412, "ptdtbt-tra-giap": 236, "th-tra-doc": 187}
MISSED, MISSED_AT, MISSED_SHARE = "ptdtbt-tra-giap", "08:05", 0.31
BROKEN, BREAKS, MENDED = "loa-tra-lien-thon-2", "07:20", "09:50"
#: It hangs from before its meeting until somebody looks.
ROOM, HANGS, ROOM_MENDED = "hop-tra-tan", "12:50", "13:44"
MEETING, STARTS, ENDS = "phòng cháy, chữa cháy rừng mùa khô", "14:00", "15:30"
EVERY = minutes(30)
THEMES, LOUD = ("dich-vu-cong", "nuoc-sinh-hoat", "thien-tai"), "nuoc-sinh-hoat"
#: In the four hours of the storm that theme is mentioned so often.
STORM_SIZE = 62
POST, ASKED_AT, REMOVED_AT = "TD-0417", "09:20", "10:35"
CHANNELS: tuple[Channel, ...] = ("social", "press", "video", "forum")
TONES: tuple[Tone, ...] = ("neutral", "positive", "negative")
DISEASES = ("A97", "B08.4", "B01")


def events(times: Times, seed: int) -> Iterator[AnyEvent]:
    """All of it, in no order."""
    draw = chance(seed, "communes")
    yield from _health(times, draw)
    yield from _schools(times, draw)
    yield from _devices(times)
    yield from _online(times, draw)


def afterwards(times: Times, at: datetime, draw: Random) -> Iterator[AnyEvent]:
    """What keeps the sources heard when the day is over: every half hour."""
    name = f"{at:%Y%m%dT%H%M}"
    for device in times.district.devices:
        yield _seen(device, at, "up")
    yield _mention(at, f"mention-{name}", draw.choice(THEMES), draw)
    commune = draw.choice(times.district.communes).code
    day = times.district.day(at)
    yield _said(HEALTH, at, f"cases-{name}", CasesReported(commune=commune, disease="B01", day=day, cases=0))


def _health(times: Times, draw: Random) -> Iterator[AnyEvent]:
    for day in times.days:
        for commune in (each.code for each in times.district.communes):
            for disease in DISEASES:
                at = times.at("16:30", day) + seconds(draw.randrange(1800))
                cases = CasesReported(
                    commune=commune, disease=disease, day=day, cases=draw.choices((0, 1, 2), (8, 2, 1))[0]
                )
                yield _said(HEALTH, at, f"cases-{commune}-{disease}-{day:%y%m%d}", cases)
            if commune != OUT_OF_IT or day != times.today:
                doses = VaccineCounted(commune=commune, vaccine=VACCINE, doses=draw.randrange(24, 60))
                yield _said(HEALTH, times.at("08:40", day), f"doses-{commune}-{day:%y%m%d}", doses)
    for clock, left in ((OUT_AT, 0), (DELIVERED_AT, 60)):
        counted = VaccineCounted(commune=OUT_OF_IT, vaccine=VACCINE, doses=left)
        yield _said(HEALTH, times.at(clock), f"doses-{OUT_OF_IT}-{left}", counted)


def _schools(times: Times, draw: Random) -> Iterator[AnyEvent]:
    for day in (each for each in times.days if each.weekday() < 5):
        for school, enrolled in ENROLLED.items():
            missed = school == MISSED and day == times.today
            absent = round(enrolled * (MISSED_SHARE if missed else draw.uniform(0.01, 0.04)))
            at = times.at(MISSED_AT, day) + minutes(0 if school == MISSED else draw.randrange(1, 40))
            report = AbsenceReported(school=school, day=day, enrolled=enrolled, absent=absent)
            yield _said(SCHOOLS, at, f"{school}-{day:%y%m%d}", report)


def _devices(times: Times) -> Iterator[AnyEvent]:
    troubles = {BROKEN: (times.at(BREAKS), times.at(MENDED)), ROOM: (times.at(HANGS), times.at(ROOM_MENDED))}
    for device in times.district.devices:
        breaks, mended = troubles.get(device.id, (times.closes, times.closes))
        for at in every(times.begins, times.closes, EVERY):
            yield _seen(device, at, "fault" if breaks <= at < mended else "up")
        for at in (breaks, mended) if device.id in troubles else ():
            yield _seen(device, at + seconds(1), "up" if at == mended else "fault")
    plan = MeetingPlanned(device=ROOM, meeting=MEETING, starts=times.at(STARTS), ends=times.at(ENDS))
    yield _said(f"/devices/{ROOM}", times.at("10:00"), "meeting", plan)


def _online(times: Times, draw: Random) -> Iterator[AnyEvent]:
    for day in times.days:
        for number in range(24):
            at = times.at("06:00", day) + seconds(draw.randrange(16 * 3600))
            yield _mention(at, f"{day:%y%m%d}-{number}", draw.choice(THEMES), draw)
    for number in range(STORM_SIZE):
        at = times.at(STORM_FROM) + seconds(3 * 3600 * draw.triangular(0, 1, 0.2))
        yield _mention(at, f"storm-{number}", LOUD, draw, TONES[2] if draw.random() < 0.6 else TONES[0])
    asked_on = times.days[-2]
    asked = TakedownAsked(post=POST, platform="mạng xã hội", basis="tin sai sự thật về hồ thủy điện")
    yield _said(ONLINE, times.at(ASKED_AT, asked_on), f"{POST}/1", asked)
    yield _said(ONLINE, times.at(REMOVED_AT), f"{POST}/2", TakedownEnded(post=POST, outcome="removed"))


def _mention(at: datetime, id_: str, theme: str, draw: Random, tone: Tone | None = None) -> AnyEvent:
    channel = draw.choices(CHANNELS, (6, 2, 2, 1))[0]
    tone = tone or draw.choices(TONES, (6, 3, 1))[0]
    return _said(ONLINE, at, id_, MentionSeen(theme=theme, channel=channel, tone=tone))


def _seen(device: Device, at: datetime, status: str) -> AnyEvent:
    seen = DeviceSeen.model_validate({"device": device.id, "status": status})
    return _said(f"/devices/{device.id}", at, f"{at:%Y%m%dT%H%M%S}", seen)


def _said(source: str, at: datetime, id_: str, data: Data) -> AnyEvent:
    return Event(at, source, id_, data)
