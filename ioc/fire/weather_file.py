"""A weather file (CSV): columns yr, mon, day, temp °C, rh %, ws km/h, prec mm, lat; one row a day and place.

Order of columns and of rows, capitals and further columns do not matter. ``station`` (or ``id``) names the place;
without it, it is where ``lat`` and ``long`` say. An empty cell, ``NA`` or ``-`` is not known, which is not zero.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ioc.fire.weather import Weather

ALIASES = {"year": "yr", "month": "mon", "temperature": "temp", "wind": "ws", "rain": "prec", "id": "station",
           "latitude": "lat", "longitude": "long", "lon": "long"}  # fmt: skip
NEEDED = ("yr", "mon", "day", "temp", "rh", "ws", "prec")
UNKNOWN = {"", "na", "nan", "-", "null", "none"}
#: What a station can have measured: °C, %, km/h, mm in 24 hours, degrees north.
PLAUSIBLE = {"temp": (-60, 60), "rh": (0, 100), "ws": (0, 500), "prec": (0, 2000), "lat": (0, 90)}


class BadFile(Exception):
    """Nothing in the file can be used; the message says why."""


@dataclass
class Place:
    """One place's days."""

    name: str
    latitude: float
    readings: dict[date, Weather] = field(default_factory=dict)


class _Unfit(Exception):
    pass


def read(lines: Iterable[str], latitude: float | None, problems: list[str]) -> list[Place]:
    """The places of a file in their order. A sentence goes to ``problems`` for each row that is left out.

    ``latitude`` is for rows without one. Raises BadFile.
    """
    rows = _rows(lines)
    places: dict[str, Place] = {}
    for number, row in rows:
        try:
            day, weather = _day(row), _weather(row)
            north = _number(row, "lat") if "lat" in row else None
            north = latitude if north is None else north
            if north is None:
                raise _Unfit("lat is missing: give the column, or --lat for all rows")
            place = places.setdefault(_name(row), Place(_name(row), north))
            if day in place.readings:
                raise _Unfit(f"{day} comes twice for {place.name or 'this place'}: only the first is taken")
            if weather is not None:
                place.readings[day] = weather
            else:
                problems.append(f"line {number}: temp or rh of {day} is not known: a missing day")
        except _Unfit as why:
            problems.append(f"line {number}: {why}")
    found = [place for place in places.values() if place.readings]
    if not found:
        raise BadFile(problems[0] if problems else "no rows in it")
    return found


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row by plain column names, with its line."""
    source = iter(lines)
    head = next(source, "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=head.count)
    names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
    names = [ALIASES.get(name, name) for name in names]
    if lacking := [name for name in NEEDED if name not in names]:
        raise BadFile(f"line 1: no column {', '.join(lacking)}; needed are {', '.join(NEEDED)} (and lat, or --lat)")
    reader = csv.reader(source, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(f"line {reader.line_num + 1}: not CSV: {error}") from None
        if any(cell.strip() for cell in cells):
            row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
            yield reader.line_num + 1, {name: _point(cell, delimiter) for name, cell in row.items()}


def _point(cell: str, delimiter: str) -> str:
    """A decimal comma, where columns are not parted by commas."""
    return cell if delimiter == "," else cell.replace(",", ".")


def _name(row: Mapping[str, str]) -> str:
    return row.get("station") or "/".join(part for part in (row.get("lat"), row.get("long")) if part)


def _day(row: Mapping[str, str]) -> date:
    try:
        return date(*(int(float(row[name])) for name in ("yr", "mon", "day")))
    except (KeyError, ValueError, OverflowError):
        raise _Unfit("yr, mon, day are no date") from None


def _weather(row: Mapping[str, str]) -> Weather | None:
    temperature, humidity = _number(row, "temp"), _number(row, "rh")
    wind, rain = _number(row, "ws"), _number(row, "prec")
    return None if temperature is None or humidity is None else Weather(temperature, humidity, wind, rain)


def _number(row: Mapping[str, str], name: str) -> float | None:
    text = row.get(name, "")
    if text.lower() in UNKNOWN:
        return None
    try:
        value = float(text)
    except ValueError:
        raise _Unfit(f"{name} is no number") from None
    low, high = PLAUSIBLE[name]
    if not low <= value <= high:
        raise _Unfit(f"{name} is not between {low} and {high}: wrong unit, or a sensor's error code?")
    return value
