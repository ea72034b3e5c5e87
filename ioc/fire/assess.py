"""The ratings of a weather file, as rows that foresters read: every index, P, and the level with its reasons."""

from collections.abc import Iterator
from typing import Any

from ioc.fire import drought
from ioc.fire.season import Rated, Rules, days
from ioc.fire.weather_file import Place

#: Nesterov's own rain limit, mm.
NESTEROV_RAIN = 3.0


def assess(place: Place, rules: Rules) -> list[dict[str, Any]]:
    """One entry a day, from the first reading to the last; what is not known is None.

    ``p`` is the end of P's span that the level was read from; ``p_low`` and ``p_high`` are the span, which is one
    number where ``certain``. ``p_high`` None with ``p_low`` given: nothing bounds it above.
    """
    return list(_rows(place, rules))


def _rows(place: Place, rules: Rules) -> Iterator[dict[str, Any]]:
    nesterov: float | None = 0.0
    for rated in days(rules, place.readings):
        weather = place.readings.get(rated.day)
        known = weather is not None and weather.rain_mm is not None
        if weather is None or (nesterov is None and not (known and weather.rain_mm > NESTEROV_RAIN)):  # type: ignore[operator]
            nesterov = None
        else:
            nesterov = drought.nesterov(nesterov or 0.0, weather, NESTEROV_RAIN) if known else None
        yield {
            "date": rated.day.isoformat(),
            "station": place.name,
            "lat": place.latitude,
            **_weather(rated),
            **_indices(rated),
            **_danger(rated, rules),
            "nesterov": _short(nesterov),
            "angstrom": _short(drought.angstrom(weather)) if weather else None,
            "missing": weather is None,
            "bridged": rated.bridged,
            "restarted": rated.restarted,
        }


def _weather(rated: Rated) -> dict[str, float | None]:
    names = ("temp", "rh", "ws", "prec")
    return dict(zip(names, rated.weather or (None,) * 4, strict=True))


def _indices(rated: Rated) -> dict[str, float | None]:
    names = ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr")
    return {name: _short(value) for name, value in zip(names, rated.indices or (None,) * 7, strict=True)}


def _danger(rated: Rated, rules: Rules) -> dict[str, Any]:
    p = rated.p
    return {
        "p": _short(p.told) if p and rated.level else None,
        "p_low": _short(p.low) if p else None,
        "p_high": _short(p.high) if p and p.bounded else None,
        "certain": rated.certain,
        "level": rated.level.roman if rated.level else None,
        "level_name": rated.level.name.vi if rated.level else None,
        "dry_days": rated.dry_days if p else None,
        "table": rules.table.id,
        "status": rules.table.status,
        "refused": rated.refused.vi if rated.refused else None,
    }


def _short(value: float | None) -> float | None:
    """Eight significant digits: more than any reading holds."""
    return None if value is None else float(f"{value:.8g}")
