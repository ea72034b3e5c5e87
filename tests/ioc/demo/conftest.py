"""The demo's day, made once for all tests of it."""

import pytest

from ioc.demo import day
from ioc.demo.times import START, Times
from ioc.district import District, load
from ioc.events.base import AnyEvent

SEED = 7


@pytest.fixture(scope="session")
def district() -> District:
    return load("bac_tra_my")


@pytest.fixture(scope="session")
def times(district: District) -> Times:
    return Times.of(district, START)


@pytest.fixture(scope="session")
def before(district: District) -> list[AnyEvent]:
    return list(day.before(district, SEED, START))


@pytest.fixture(scope="session")
def today(district: District) -> list[AnyEvent]:
    return list(day.day(district, SEED, START))


@pytest.fixture(scope="session")
def told(before: list[AnyEvent], today: list[AnyEvent]) -> list[AnyEvent]:
    """All that is told until the day ends."""
    return before + today
