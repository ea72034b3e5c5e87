"""Reading times as a log writes them: with an offset, or on the wall clock of a zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMED: dict[str, Callable[[str], datetime]] = {
    "iso": datetime.fromisoformat,
    "unix": lambda text: _EPOCH + timedelta(seconds=float(text)),
    "unix_ms": lambda text: _EPOCH + timedelta(milliseconds=float(text)),
}
_LAST_SECOND = timedelta(days=1, seconds=-1)


class BadFormat(Exception):
    """The mapping's zone or format cannot be used."""


class NoMoment(Exception):
    """This text is no time in any of the formats."""


@dataclass(frozen=True)
class Moments:
    """Reads times of one log."""

    zone: ZoneInfo
    formats: tuple[str, ...]
    readers: tuple[Callable[[str], datetime], ...]

    @classmethod
    def of(cls, zone: str, formats: tuple[str, ...]) -> "Moments":
        """Raises BadFormat, rather than finding out at the first row."""
        try:
            known = ZoneInfo(zone)
        except (KeyError, OSError, ValueError):  # unknown; a folder of the database; not a relative path
            raise BadFormat(f"there is no time zone {zone!r}: write it as Asia/Ho_Chi_Minh") from None
        return cls(known, formats, tuple(_NAMED.get(format_) or _strptime(format_) for format_ in formats))

    def read(self, text: str, end_of_day: bool = False) -> datetime:
        """The time, on the log's own wall clock if it has no offset. Raises NoMoment.

        Of an hour that the end of summer time repeats, the first is taken; :func:`not_before` knows better.
        """
        for reader in self.readers:
            try:
                at = reader(text.strip())
                at = at if at.tzinfo else at.replace(tzinfo=self.zone)
                if end_of_day and not (at.hour or at.minute or at.second):
                    at += _LAST_SECOND
                at.astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            return at
        raise NoMoment(f"{text[:40]!r} is no time written as {' or '.join(self.formats)}")


def not_before(at: datetime, floor: datetime) -> datetime:
    """``at`` unless it precedes ``floor``: then its second reading, if its hour came twice, or ``floor``."""
    for reading in (at, at.replace(fold=1)):
        if reading.astimezone(UTC) >= floor.astimezone(UTC):
            return reading
    return floor


def _strptime(format_: str) -> Callable[[str], datetime]:
    try:
        datetime.strptime("", format_)  # noqa: DTZ007 - only whether the format itself is one
    except ValueError as error:
        if "directive" in str(error) or "stray" in str(error):
            raise BadFormat(f"{format_!r} is no format of times: {error}") from None
    return lambda text: datetime.strptime(text, format_)  # noqa: DTZ007 - the zone is added by the caller
