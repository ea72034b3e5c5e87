"""``ioc camera``: a video or a live stream through OpenCV, to events."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from ioc import district as districts
from ioc import recording
from ioc.cli import cameras, fail
from ioc.cli.flow import LOCAL, Bootstrap, Space
from ioc.district import Camera, District, Line, Zone
from ioc.events.base import AnyEvent
from ioc.text import complaint

if TYPE_CHECKING:
    from streams.cameras.run import CameraRun, Tally

HELP = """Watch a video or a live stream: motion in zones, crossings of lines, the camera's own health.

Lines and zones are fractions of the picture: 0,0 is its upper left corner, 1,1 its lower right one.
A crossing has a direction. Walk on the picture from a line's start to its end:
from your left hand to your right hand is *forward*, the other way *backward*.

```
 --line 0.5,0,0.5,1           --line 0.5,1,0.5,0           --line 0,0.5,1,0.5
 (top to bottom)              (bottom to top)              (left to right)

       start                         end                          ^ backward
         |                            ^                            |
 forward |                            |  forward        start ------------> end
 <-------|-------             --------|------->                    |
         |------> backward    <-------| backward                   v forward
         v                            |
        end                         start
```

So left-to-right traffic is *backward* at `0.5,0,0.5,1` and *forward* at `0.5,1,0.5,0`.

A file's events carry the time of their frame, counted from `--start`: the same file and start always give
the same events. A live stream has its own clock and is opened again when it breaks.
Decoding runs in a process of its own. What cannot be read becomes a health event with its reason, and the
exit code is 3.

`ioc camera run` reads many cameras at once, `check` says what a new camera gives, `tune` draws what each step sees over
a clip, `rebase` confirms a camera's view after its alarm.

Example: `ioc camera --source clip.avi --camera cam-1 --line 0.5,0,0.5,1 -o events.jsonl`
"""


def register(app: typer.Typer) -> None:
    group = typer.Typer(help=HELP, invoke_without_command=True, no_args_is_help=True)
    group.callback(help=HELP, invoke_without_command=True)(camera)
    cameras.register(group)
    app.add_typer(group, name="camera")


def camera(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Option(
            envvar="IOC_CAMERA_SOURCE",
            help="A video file, or an address: rtsp://, http://… An address with a password is better given "
            "in the environment, where others on the machine do not see it.",
        ),
    ] = "",
    camera_id: Annotated[str, typer.Option("--camera", help="The camera's id, as in the district file.")] = "",
    lines: Annotated[
        list[str] | None,
        typer.Option("--line", help="x1,y1,x2,y2, or NAME=x1,y1,x2,y2. Several may be given."),
    ] = None,
    zones: Annotated[
        list[str] | None,
        typer.Option("--zone", help="x,y,x,y,x,y,… or NAME=x,y,… Three corners or more. Several may be given."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="Time of a file's first frame, e.g. 2026-01-05T08:00:00+07:00; without offset in the "
            "district's time; without --start, now.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write a recording: .jsonl, .jsonl.gz or .jsonl.zst. Without it, events go to Kafka.",
        ),
    ] = None,
    district: Annotated[
        str,
        typer.Option(help="District file, by path or name: lines and zones that are not given come from it."),
    ] = "bac_tra_my",
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    fps: Annotated[float, typer.Option(min=1, max=60, help="Frames analysed a second, at least.")] = 10.0,
    evidence: Annotated[
        Path | None,
        typer.Option(help="Keep a JPEG of what is said in this folder for 72 hours, what moves made unrecognisable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON instead of a table.")] = False,
) -> None:
    if context.invoked_subcommand:
        return
    if not source or not camera_id:
        raise fail("give --source (or IOC_CAMERA_SOURCE) and --camera, or a command: ioc camera --help")
    from streams.cameras.capture import is_live
    from streams.cameras.evidence import Evidence
    from streams.cameras.run import CameraRun

    try:
        area = districts.load(district)
        watched = declared(area, camera_id, lines, zones)
        network = cameras.network(area, district)
        at = _start(start, area)
    except (districts.BadDistrict, ValueError) as error:
        raise fail(error) from None
    if output and not is_live(source) and output.resolve() == Path(source).resolve():
        raise fail(f"{output}: the recording would be written over the video")
    # Events must not come from the future: without --start, a file plays at its own speed.
    running = CameraRun(
        watched, source, at, fps=fps, paced=output is None and start is None,
        evidence=Evidence(evidence) if evidence else None, network=network,
    )  # fmt: skip
    try:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            events = _followed(running, progress)
            if output:
                recording.write(output, events)
            else:
                cameras.publish(events, space, bootstrap)
    except OSError as error:
        raise fail(error) from None
    except KeyboardInterrupt:
        pass  # the way to end a live camera
    _summary(running.tally, watched, as_json)
    if running.tally.problem:
        raise fail(running.tally.problem, 3)


def _followed(running: "CameraRun", progress: Progress) -> Iterable[AnyEvent]:
    """The events, with the bar moved on at each."""
    task = progress.add_task("watching", total=None)
    for event in running.events():
        progress.update(task, completed=running.tally.frames, total=running.tally.expected or None)
        yield event


def declared(area: District, camera_id: str, lines: list[str] | None, zones: list[str] | None) -> Camera:
    """The camera to watch: the district's, with the lines and zones given on the command line."""
    known = {entry.id: entry for entry in area.cameras}
    if camera_id not in known and not (lines or zones):
        raise ValueError(
            f"camera {camera_id!r} is not in district {area.id}: give --line or --zone, or one of: {', '.join(known)}"
        )
    try:
        base = known.get(camera_id) or Camera(id=camera_id, name=camera_id, commune="-", latitude=0.0, longitude=0.0)
        drawn = tuple(_line(text, number) for number, text in enumerate(lines or (), 1)) or base.lines
        areas = tuple(_zone(text, number) for number, text in enumerate(zones or (), 1)) or base.zones
    except ValidationError as error:
        raise ValueError(complaint(error)) from None
    for things, option in ((drawn, "--line"), (areas, "--zone")):
        if len({thing.id for thing in things}) < len(things):
            raise ValueError(f"{option}: two have the same name")
    return base.model_copy(update={"lines": drawn, "zones": areas})


def _line(text: str, number: int) -> Line:
    name, points = _points(text, f"line-{number}", "--line")
    if len(points) != 2 or points[0] == points[1]:
        raise ValueError(f"--line {text!r}: two different ends are needed, as x1,y1,x2,y2")
    return Line(id=name, name=name, start=points[0], end=points[1])


def _zone(text: str, number: int) -> Zone:
    name, points = _points(text, f"zone-{number}", "--zone")
    if len(points) < 3:
        raise ValueError(f"--zone {text!r}: three corners or more are needed, as x,y,x,y,x,y")
    return Zone(id=name, name=name, polygon=tuple(points))


def _points(text: str, name: str, option: str) -> tuple[str, list[tuple[float, float]]]:
    """``NAME=x,y,…`` or ``x,y,…``. Raises ValueError with what to write."""
    given, equals, rest = text.rpartition("=")
    try:
        numbers = [float(part) for part in rest.split(",")]
    except ValueError:
        raise ValueError(f"{option} {text!r}: numbers with commas between are needed, as 0.5,0,0.5,1") from None
    if len(numbers) % 2 or not all(0 <= number <= 1 for number in numbers):
        raise ValueError(f"{option} {text!r}: pairs of fractions of the picture are needed, from 0 to 1")
    return given if equals else name, list(zip(numbers[::2], numbers[1::2], strict=True))


def _start(text: str | None, area: District) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--start {text!r}: write it as 2026-01-05T08:00:00+07:00") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(area.timezone))


def _summary(tally: "Tally", watched: Camera, as_json: bool) -> None:
    """Counts by line and direction, motions by zone, the camera's health; zeros are told too."""
    lines = {line.id: {way: tally.crossings[line.id, way] for way in ("forward", "backward")} for line in watched.lines}
    zones = {zone.id: tally.motions[zone.id] for zone in watched.zones}
    health = [{"at": at.isoformat(), "status": status, "reason": why} for at, status, why in tally.health]
    if as_json:
        frames = {"frames": tally.frames, "analysed": tally.analysed, "skipped": tally.skipped}
        whole = {"camera": tally.camera, "source": tally.source, **frames, "lines": lines, "zones": zones}
        print(json.dumps({**whole, "health": health, "problem": tally.problem}, ensure_ascii=False))
        return
    table = Table(
        "what", "where, why", "count, since", title=Text(f"{tally.camera}: {tally.source}, {tally.frames:,} frames")
    )
    for name, ways in lines.items():
        for way, count in ways.items():
            table.add_row(f"crossed {way}", Text(name), f"{count:,}")
    for name, count in zones.items():
        table.add_row("motion", Text(name), f"{count:,}")
    for entry in health:
        table.add_row("health", Text(f"{entry['status']} {entry['reason']}".strip()), Text(entry["at"]))
    Console().print(table)
