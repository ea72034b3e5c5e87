"""What all tests share: one Kafka and one Redis a run, and the recorded data where there is any."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from streams.embedded.kafka import Kafka
from streams.embedded.redis import Redis
from tests.needs import shared_data_directory

# The machine may be busy: an example that takes long is not wrong.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A Kafka of one broker. Tests share it: each takes topics and groups of its own names."""
    server = Kafka(tmp_path_factory.mktemp("kafka"), heap_mb=384).start()
    yield server
    server.kill()  # nobody reads its data again: no need to wait for it to end in order


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis. Tests share it: each takes a prefix of its own."""
    with Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The directory of recorded data; skips where there is none."""
    directory = shared_data_directory()
    if directory is None:
        pytest.skip("needs the recorded data, which is not part of the project (set IOC_SHARED_DATA)")
    return directory
