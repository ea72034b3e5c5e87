"""``ioc demo``: the whole centre on this machine, on a day made up from a seed, or on recorded logs."""

import asyncio
import contextlib
import json
import signal
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ioc.cli import fail
from ioc.cli.stories import EVIDENCE, Story, made_up_day, of_a_report, real_logs
from ioc.district import BadDistrict
from ioc.scenarios.blocks import BadScenario

if TYPE_CHECKING:
    from streams.centre import Centre
    from streams.runner import Place

#: The modules of the four sources: dossiers and documents, requests, sensors, cameras.
SOURCES = ("dossiers", "requests", "forest", "cameras")

#: Who can sign in to a demo that nobody has used yet.
FIRST_USER = "truongca"


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    seconds: Annotated[float | None, typer.Option("--for", help="Stop by itself after so many seconds.")] = None,
    data: Annotated[Path | None, typer.Option(help="Play the recorded logs of this folder instead.")] = None,
    district: Annotated[
        str | None, typer.Option(help="Play the scenario of a report's district instead: thieu_hoa, moc_hoa, …")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another day.")] = 7,
    port: Annotated[int, typer.Option(help="The wall's port; 0 for any free one.")] = 8080,
    keep: Annotated[
        Path | None, typer.Option(help="Keep Kafka's and Redis' files and all logs in this folder.")
    ] = None,
    prometheus: Annotated[
        bool, typer.Option("--prometheus", help="Let the machine's Prometheus watch it, with our rules.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A summary as JSON at the end.")] = False,
) -> None:
    """Start Kafka, Redis, workers and the wall, play a day, and show it on a page, until Ctrl-C.

    The day: a quiet night, a storm of requests, a desk that falls behind, a fire near two stations, a camera that
    freezes; 24 hours in about a minute, then at real pace. With --for the exit code is 0 only if every part
    came up and stayed up and, on the made-up day, each of the four sources raised an alert.
    """
    from streams.centre import Centre
    from streams.embedded.not_ready import NotReady

    console = Console(stderr=True, highlight=False)
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def say(what: str) -> None:
        console.print(f"[dim]{time.monotonic() - begun:5.1f} s[/dim]  {what}")

    try:
        with contextlib.ExitStack() as stack:
            folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ioc-demo-")))
            stories = _stories(data, district, seed, folder)
            centre = stack.enter_context(Centre(folder, say, wall_port=port))
            faults = asyncio.run(_show(centre, stories, seconds, say, prometheus=prometheus, as_json=as_json))
    except KeyboardInterrupt:
        say("stopped; nothing is left running")
        raise typer.Exit(0 if seconds is None else 130) from None
    except (NotReady, FileNotFoundError, BadScenario, BadDistrict) as error:
        raise fail(error) from None
    for fault in faults:
        console.print(f"ioc: {fault}")
    raise typer.Exit(1 if faults else 0)


def _stories(data: Path | None, district: str | None, seed: int, folder: Path) -> list[Story]:
    if data and district:
        raise fail("give --data or --district, not both")
    if district:
        return [of_a_report(district, seed)]
    return real_logs(data) if data else [made_up_day(seed, folder)]


async def _show(
    centre: "Centre", stories: list[Story], seconds: float | None, say: Callable[[str], None], *, prometheus: bool,
    as_json: bool,
) -> list[str]:  # fmt: skip
    """From the topics to the end of the story; returns what was not as it should be."""
    access = centre.directory / "access.db"
    password, token = admit(access)
    await start(centre, stories, access)
    if prometheus:
        await asyncio.to_thread(centre.start_prometheus, watched)
    say(f"[bold]The wall: {centre.url}[/bold]  (Ctrl-C stops everything)")
    if password:
        say(f"[bold]Sign in as {FIRST_USER}, password {password}[/bold]  (shown this once)")
    watch = _Watch(centre.url, token, [story.space for story in stories], say)
    playing = [asyncio.create_task(_play(story, centre.place(story.space), say)) for story in stories]
    until = None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        done, _ = await asyncio.wait(playing, timeout=0.5)
        for task in done:
            task.result()
        await asyncio.to_thread(centre.tend)
        await asyncio.to_thread(watch.look)
    for task in playing:
        task.cancel()
    await asyncio.gather(*playing, return_exceptions=True)
    faults = [f"the {name} was not well" for name in await asyncio.to_thread(centre.unwell)]
    if any(story.rings for story in stories):
        faults += [f"no alert of source {source} reached the wall" for source in SOURCES if source not in watch.first]
    if as_json:
        print(json.dumps({"first_alert_seconds": watch.first, "alerts": dict(watch.seen), "faults": faults}))
    return faults


def admit(access: Path) -> tuple[str | None, str]:
    """A first user's password, where there is no user yet; and a token with which the demo itself looks."""
    from dashboards.wall.access.registry import Registry
    from dashboards.wall.access.secret import new_password

    registry, password = Registry(access), None
    if not registry.users.all():
        password = new_password()
        registry.users.add(FIRST_USER, password, "shift_leader", "Trưởng ca")
    token = registry.tokens.issue("ioc demo", "viewer", 86_400)
    registry.close()
    return password, token


async def start(centre: "Centre", stories: list[Story], access: Path) -> None:
    """Everything that the stories need, up and ready; ``access`` is the file of who may see the wall."""
    from streams import topics

    for story in stories:
        await topics.apply(centre.kafka.bootstrap, story.space)
        centre.start_worker(story.space, story.district)
    centre.start_read_model([story.space for story in stories])
    centre.start_wall(access, centre.directory / EVIDENCE)
    await asyncio.to_thread(centre.wait_until_ready)


def watched(targets: Mapping[str, list[str]], every: str = "5s") -> dict[str, str]:
    """What a Prometheus reads that watches these, by file and text."""
    from dashboards import rules, scrape
    from dashboards.as_yaml import as_yaml

    return {"prometheus.yml": as_yaml(scrape.document(targets, every)), "rules.yml": as_yaml(rules.document())}


async def _play(story: Story, place: "Place", say: Callable[[str], None]) -> None:
    from streams.publish import Publisher

    publisher = Publisher(place, story.district)
    await publisher.open()
    try:
        segments = story.segments()
        while (segment := await asyncio.to_thread(next, segments, None)) is not None:
            say(f"{story.space}: {segment.title}")
            await publisher.publish(segment.events, f"{story.space}/{segment.title}", segment.speed)
    finally:
        await publisher.close()


@dataclass
class _Watch:
    """Sees on the wall's own API, as a person would, which sources have rung and when first."""

    url: str
    token: str
    spaces: list[str]
    say: Callable[[str], None]

    def __post_init__(self) -> None:
        self.begun = time.monotonic()
        self.first: dict[str, float] = {}
        self.seen: Counter[str] = Counter()

    def look(self) -> None:
        seen: Counter[str] = Counter()
        for space in self.spaces:
            try:
                url = f"{self.url}api/v1/alerts?space={space}&state=all&limit=200"
                asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310
                with urllib.request.urlopen(asked, timeout=5) as reply:  # noqa: S310 - our own address
                    page = json.load(reply)
            except OSError:
                continue
            for alert in page["alerts"]:
                if alert["module"] not in self.first:
                    self.first[alert["module"]] = round(time.monotonic() - self.begun, 1)
                    self.say(f"first alert of {alert['module']}: {alert['title']['vi']}")
            seen.update(alert["module"] for alert in page["alerts"])
        self.seen = seen
