"""The embedded Redis answers, keeps what it is told to keep, and says why it cannot start."""

from pathlib import Path

import pytest
import redis

from streams.embedded.not_ready import NotReady
from streams.embedded.redis import Redis


def _client(server: Redis) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_it_answers_as_soon_as_it_is_started(redis_server: Redis) -> None:
    with _client(redis_server) as client:
        client.set("test_redis:commune", "Trà My")

        assert client.get("test_redis:commune") == "Trà My"


def test_it_listens_on_this_machine_only(redis_server: Redis) -> None:
    with _client(redis_server) as client:
        assert client.config_get("bind")["bind"] == "127.0.0.1"
        assert client.config_get("protected-mode")["protected-mode"] == "yes"


@pytest.mark.parametrize(("append_only", "kept"), [(False, None), (True, "1")])
def test_it_starts_again_on_its_port(tmp_path: Path, append_only: bool, kept: str | None) -> None:
    with Redis(tmp_path, append_only=append_only) as server:
        port = server.port
        with _client(server) as client:
            client.set("key", "1")
        server.stop()
        assert not server.running
        server.start()
        with _client(server) as client:
            assert client.get("key") == kept
        assert server.port == port


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path, redis_server: Redis) -> None:
    with pytest.raises(NotReady, match=f"Redis cannot use port {redis_server.port}"):
        Redis(tmp_path, redis_server.port).start()


def test_a_server_that_dies_while_starting_shows_the_end_of_its_log(tmp_path: Path) -> None:
    server = Redis(tmp_path, append_only=True)
    server.start().stop()
    for file in tmp_path.rglob("*aof"):
        file.write_text("no log of Redis\n")

    with pytest.raises(NotReady, match=r"(?s)Redis stopped while starting \(exit code 1\): .*Bad file format"):
        server.start()
    assert not server.running
