"""The live feed over HTTP: what a screen hears, and what it hears after it was away."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from streams.embedded.redis import Redis
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import changed, facts, state

Said = tuple[str, Any, str | None]


@contextmanager
def listening(wall: WallProcess, last: str | None = None, *spaces: str) -> Iterator[Iterator[Said]]:
    """What a screen is told: event, data and the id that it would come back with."""
    headers = {"Last-Event-ID": last} if last else {}
    query = {"space": spaces or ("demo",)}
    with wall.client.stream("GET", "/api/v1/stream", params=query, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _said(answer.iter_lines())


def _said(lines: Iterator[str]) -> Iterator[Said]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            yield fields["event"], json.loads(fields["data"]), fields.get("id")
            fields = {}


def until(said: Iterator[Said], event: str) -> Said:
    return next(one for one in said if one[0] == event)


def changes(said: Iterator[Said], number: int) -> list[str]:
    found: list[str] = []
    while len(found) < number:
        _, data, _ = until(said, "change")
        found.append(f"{data['alert']['subject']}/{data['alert']['version']}")
    return found


def test_a_new_screen_gets_the_present_and_then_what_changes(wall: WallProcess, demo: Filler) -> None:
    demo.put(changed("a"), changed("b"), changed("b", 2, "cleared"))
    with listening(wall) as said:
        event, snapshot, place = next(said)
        assert event == "snapshot"
        assert [alert["subject"] for alert in snapshot["alerts"]] == ["a"]
        assert place
        demo.put(changed("c"), changed("a", 2))
        assert changes(said, 2) == ["c/1", "a/2"]


def test_a_screen_that_comes_back_misses_nothing_and_hears_nothing_twice(wall: WallProcess, demo: Filler) -> None:
    demo.put(changed("a"))
    with listening(wall) as said:
        _, _, place = next(said)
        demo.put(changed("b"))
        _, _, place = until(said, "change")
    demo.put(changed("c"), changed("d"))
    with listening(wall, place) as said:
        demo.put(changed("e"))
        assert changes(said, 3) == ["c/1", "d/1", "e/1"]


def test_a_place_that_is_not_kept_gives_the_present(wall: WallProcess, demo: Filler) -> None:
    demo.put(changed("a"))
    for place in ("demo:1-0", "demo:99999999999999-0", "nonsense", "demo:1-0-0", "other:1-0"):
        with listening(wall, place) as said:
            assert next(said)[0] == "snapshot", place


def test_several_spaces_come_over_one_connection(wall: WallProcess, demo: Filler, own_redis: Redis) -> None:
    other = Filler(own_redis.url, "other")
    demo.put(changed("a"))
    other.put(changed("x"))
    with listening(wall, None, "demo", "other") as said:
        assert {next(said)[1]["space"], next(said)[1]["space"]} == {"demo", "other"}
        other.put(changed("y"))
        _, data, place = until(said, "change")
        assert (data["space"], data["alert"]["subject"]) == ("other", "y")
    demo.put(changed("b"))
    other.put(changed("z"))
    with listening(wall, place, "demo", "other") as said:
        assert sorted(changes(said, 2)) == ["b/1", "z/1"]
    other.redis.close()


def test_heartbeats_carry_the_time(wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"))
    with listening(wall) as said:
        _, beat, place = until(said, "beat")
        assert place is None
        assert beat["now"] == 1767762000.0
        assert beat["redis"]
        assert abs(beat["server"] - until(said, "beat")[1]["server"]) < 5


def test_figures_are_told_when_they_move(wall: WallProcess, demo: Filler) -> None:
    with_nothing = changed("a")
    demo.put(with_nothing)
    with listening(wall) as said:
        demo.put(facts(), partition="figures/0")
        assert until(said, "figures")[1]["now"] == 1767762000.0


def test_a_redis_filled_anew_is_told_as_a_new_present(wall: WallProcess, demo: Filler) -> None:
    demo.put(changed("a"), changed("ghost"), state("demo"))
    demo.complete()
    with listening(wall) as said:
        assert next(said)[1]["complete"]
        until(said, "beat")
        demo.forget()
        demo.put(changed("a"), state("demo"))
        demo.complete()
        _, snapshot, _ = until(said, "snapshot")
        assert [alert["subject"] for alert in snapshot["alerts"]] == ["a"]


def test_a_redis_that_goes_away_is_said_and_comes_back(wall: WallProcess, demo: Filler, own_redis: Redis) -> None:
    demo.put(changed("a"))
    with listening(wall) as said:
        next(said)
        own_redis.kill()
        assert any(not data["redis"] for event, data, _ in said if event == "beat")
        assert wall.inside.get("/-/ready").status_code == 503
        own_redis.start()
        demo.redis.connection_pool.disconnect()
        demo.forget()
        demo.put(changed("b"))
        assert until(said, "snapshot")[0] == "snapshot"


def test_the_wall_stops_although_screens_are_connected(wall: WallProcess, demo: Filler) -> None:
    demo.put(changed("a"))
    with listening(wall) as said:
        next(said)
        assert wall.stop() < 2.9  # else it waited for the screens, and gave up on them
    wall.start()
