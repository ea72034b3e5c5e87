"""What the commands that take an office's sheet have in common."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from ioc import district as districts
from ioc.cli import fail
from ioc.district import District
from ioc.events.base import AnyEvent, Data, Event
from ioc.sheet import BadSheet

#: Exit code: some of the sheet was wrong, or is doubtful; the rest was taken.
SOME_PROBLEMS = 3

Sheet = Annotated[Path, typer.Argument(metavar="FILE", help="the sheet: .csv (UTF-8) or .xlsx")]
T = TypeVar("T")


def opened(reader: Callable[[bytes, str, District], T], file: Path, district: str) -> T:
    """What a reader finds in the sheet. Ends the command where it cannot be read at all."""
    try:
        return reader(file.read_bytes(), file.name, districts.load(district))
    except (BadSheet, districts.BadDistrict) as error:
        raise fail(f"{file}: {error}") from None
    except OSError as error:
        raise fail(f"{file}: {error.strerror}") from None


def sent(bootstrap: str, space: str, source: str, rows: Iterable[Data]) -> None:
    """Put what a sheet says into a space, as said now. Ends the command where Kafka does not take it."""
    from aiokafka.errors import KafkaError

    from streams.send import send

    try:
        send(bootstrap, space, _said(source, rows))
    except (KafkaError, OSError) as error:
        raise fail(f"Kafka at {bootstrap}: {error}") from None


def _said(source: str, rows: Iterable[Data]) -> Iterator[AnyEvent]:
    now = datetime.now(UTC)
    for row in rows:
        name = blake2b(f"{now.isoformat()} {row.model_dump_json()}".encode(), digest_size=12).hexdigest()
        yield Event(now, source, name, row)
