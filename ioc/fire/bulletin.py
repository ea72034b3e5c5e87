"""The bulletin (bản tin dự báo cháy rừng) of a commune in words, Vietnamese and English."""

from dataclasses import dataclass
from datetime import date

from ioc.alerts.alert import Words2
from ioc.events.forest import StationRated
from ioc.fire.levels import LEVELS
from ioc.fire.tables import Table
from ioc.text import Text


@dataclass(frozen=True)
class Told:
    """What a bulletin tells of: the station that the level is taken from, or why there is none."""

    commune: str
    day: date | None
    highest: StationRated | None
    table: Table
    refused: Words2 | None
    stations: tuple[str, ...]


def cause(told: Told) -> Text:
    """Why the level is what it is: days without rain, temperature, humidity; what is not known."""
    rated = told.highest
    if rated is None:
        if told.refused:
            return Text(told.refused.vi, told.refused.en)
        return Text("không có trạm nào có số liệu lúc 13 giờ", "no station has a reading of 13:00")
    parts = [
        Text("{n} ngày chưa ghi nhận mưa đáng kể", "no significant rain recorded in {n} days").format(n=rated.dry_days),
        Text("nhiệt độ {t} °C", "temperature {t} °C").format(t=rated.temperature_c),
        Text("độ ẩm {h} %", "humidity {h} %").format(h=rated.humidity_pct),
    ]
    if rated.rain_mm:
        parts.append(Text("mưa 24 giờ {r} mm", "rain in 24 hours {r} mm").format(r=rated.rain_mm))
    return _joined([*parts, *_doubts(rated)])


def _doubts(rated: StationRated) -> list[Text]:
    doubts = []
    if rated.rain_mm is None:
        doubts.append(Text("chưa rõ lượng mưa", "rain is not known"))
    if rated.bridged:
        doubts.append(Text("thiếu số liệu hôm nay, dùng số liệu gần nhất", "no reading today, the newest is used"))
    if rated.p_high is None:
        doubts.append(Text("P ít nhất, do thiếu những ngày trước", "P is at least this, earlier days being unknown"))
    elif rated.p_low != rated.p_high:
        doubts.append(Text("P nhiều nhất, do chưa rõ mưa", "P is at most this, some rain being unknown"))
    if rated.recomputed_from:
        day = rated.recomputed_from.strftime("%d/%m")
        doubts.append(Text(f"tính lại từ ngày {day} do số liệu đến muộn", f"computed anew from {day} by late readings"))
    return doubts


def bulletin(told: Told, before: int | None) -> Text:
    """The whole bulletin in a few sentences."""
    rated, day = told.highest, told.day.strftime("%d/%m/%Y") if told.day else ""
    why = cause(told)
    if rated is None or rated.level is None:
        return Text(
            f"Bản tin cháy rừng xã {told.commune} ngày {day}: chưa có cơ sở đánh giá cấp ({why.vi}).",
            f"Forest fire bulletin of {told.commune}, {day}: no basis for a level ({why.en}).",
        )
    level = LEVELS[rated.level - 1]
    more = Text("", "") if rated.p_high is not None else Text(" trở lên", " or higher")
    p = Text("{p}", "{p}").format(p=round(rated.p or 0))
    basis = told.table.basis
    return Text(
        f"Bản tin cháy rừng xã {told.commune} ngày {day}: cấp {level.roman} – {level.name.vi}{more.vi}"
        f"{_trend(rated.level, before).vi}. {level.meaning.vi} Chỉ số P {p.vi}; {why.vi}. ({basis.vi})",
        f"Forest fire bulletin of {told.commune}, {day}: level {level.roman}, {level.name.en}{more.en}"
        f"{_trend(rated.level, before).en}. {level.meaning.en} Index P {p.en}; {why.en}. ({basis.en})",
    )


def _trend(level: int, before: int | None) -> Text:
    if before is None or before == level:
        return Text("", "") if before is None else Text(", không đổi", ", unchanged")
    roman = LEVELS[before - 1].roman
    if level > before:
        return Text(f", tăng từ cấp {roman}", f", up from {roman}")
    return Text(f", giảm từ cấp {roman}", f", down from {roman}")


def _joined(parts: list[Text]) -> Text:
    return Text("; ".join(part.vi for part in parts), "; ".join(part.en for part in parts))
