"""``ioc camera run``, ``check``, ``tune``, ``rebase``: many cameras, a new one, one being set up, one that rang."""

import json
import os
import stat
import threading
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ioc import district as districts
from ioc.cli import fail
from ioc.cli.flow import LOCAL, Bootstrap, Space
from ioc.district import Camera, District
from ioc.events.base import AnyEvent, Event
from ioc.events.cameras import CameraRebased

if TYPE_CHECKING:
    from streams.cameras.model import Network

DistrictName = Annotated[str, typer.Option("--district", help="District file, by path or by name of a shipped one.")]


def register(group: typer.Typer) -> None:
    group.command("run")(run)
    group.command("check")(check)
    group.command("tune")(tune)
    group.command("rebase")(rebase)


def run(
    sources: Annotated[Path, typer.Argument(help='TOML: one line a camera, ID = "rtsp://…". Only you may read it.')],
    district: DistrictName = "bac_tra_my",
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    fps: Annotated[float, typer.Option(min=1, max=30, help="Frames analysed a second; lines need 8 and more.")] = 5.0,
    cores: Annotated[int, typer.Option(min=1, help="Budget: frames analysed at once, over all cameras.")] = 1,
    evidence: Annotated[Path | None, typer.Option(help="Keep JPEGs of what is said in this folder.")] = None,
    keep_hours: Annotated[int, typer.Option(min=1, help="How long evidence is kept.")] = 72,
    health_port: Annotated[int, typer.Option(help="Port for /metrics on localhost; 0 for none.")] = 0,
) -> None:
    """Read many cameras within a budget, and send what they see to Kafka, until Ctrl-C.

    Ask each camera for its **sub-stream** (640x360 at 5 to 10 frames a second): decoding is what costs, and a 1080p
    main stream costs ten times as much. Where the budget is not enough, every camera loses frames in turn; what is
    skipped is counted in each camera's health and in `ioc_camera_frames_total`. Confirmations by `ioc camera rebase`
    reach the readers through Kafka.

    The file is `cam-cho-tra-my-01 = "rtsp://user:password@10.0.0.7/stream2"`, a line a camera, and `chmod 600`.
    """
    from streams.cameras.evidence import Evidence
    from streams.cameras.many import Cameras
    from streams.cameras.rebased import listen

    try:
        area = districts.load(district)
        known = {camera.id: camera for camera in area.cameras}
        chosen = _sources(sources, known)
    except (districts.BadDistrict, ValueError, OSError) as error:
        raise fail(error) from None
    kept = Evidence(evidence, timedelta(hours=keep_hours)) if evidence else None
    reading = Cameras(chosen, fps=fps, cores=cores, evidence=kept, network=network(area, district), paced=True)
    if health_port:
        from prometheus_client import start_http_server

        start_http_server(health_port, addr="127.0.0.1")
    runs = reading.runs
    confirmed = threading.Thread(
        target=listen, args=(bootstrap, space, lambda name: runs[name].rebase() if name in runs else None), daemon=True
    )
    confirmed.start()
    print(f"{len(chosen)} cameras, {fps:g} frames/s, budget {cores} core(s); Ctrl-C ends it", flush=True)
    try:
        publish(reading.events(), space, bootstrap)
    except KeyboardInterrupt:
        pass
    finally:
        reading.stop()


def check(
    source: Annotated[str, typer.Argument(envvar="IOC_CAMERA_SOURCE", help="The camera's address, or a file.")],
    seconds: Annotated[float, typer.Option(min=2, max=120, help="How long it is measured.")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Everything measured, as JSON.")] = False,
) -> None:
    """Say in sentences what a new camera gives, and propose its settings. Exit code 3: it cannot be read."""
    from streams.cameras.survey import survey

    made = survey(source, seconds)
    said = made.sentences()
    if as_json:
        figures = {name: value for name, value in vars(made).items() if name != "times"}
        print(json.dumps({**figures, "vi": [t.vi for t in said], "en": [t.en for t in said]}, ensure_ascii=False))
    else:
        for text in said:
            print(f"- {text.vi}\n  {text.en}")
    if made.problem:
        raise typer.Exit(3)


def tune(
    clip: Annotated[Path, typer.Argument(help="A video file.")],
    camera_id: Annotated[str, typer.Option("--camera", help="The camera's id, as in the district file.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=".html (a page), .webm or .avi (a video), .jpg (the fullest frame).")
    ],
    lines: Annotated[list[str] | None, typer.Option("--line", help="As for `ioc camera`.")] = None,
    zones: Annotated[list[str] | None, typer.Option("--zone", help="As for `ioc camera`.")] = None,
    district: DistrictName = "bac_tra_my",
    fps: Annotated[float, typer.Option(min=1, max=60, help="Frames analysed a second.")] = 10.0,
) -> None:
    """Play a clip with what each step sees drawn over it: foreground, tracks, zones, lines, roads, fire, health."""
    from ioc.cli.camera import declared
    from streams.cameras.overlay import Unwritable, tuned

    try:
        watched = declared(districts.load(district), camera_id, lines, zones)
        count = tuned(clip, watched, output, fps)
    except (districts.BadDistrict, ValueError, OSError, Unwritable) as error:
        raise fail(error) from None
    print(f"{output}: {count} frames")


def rebase(
    camera_id: Annotated[str, typer.Argument(metavar="CAMERA", help="The camera whose view was looked at.")],
    by: Annotated[str, typer.Option(help="Who looked: a name that can be asked later.")],
    reason: Annotated[str, typer.Option(help="What was found, in words.")] = "",
    district: DistrictName = "bac_tra_my",
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
) -> None:
    """Confirm that a camera's present view is right: its alarm ends, and what it is compared with is learnt anew."""
    try:
        known = [camera.id for camera in districts.load(district).cameras]
    except districts.BadDistrict as error:
        raise fail(error) from None
    if camera_id not in known:
        raise fail(f"camera {camera_id!r} is not in district {district}; there are: {', '.join(known)}")
    at = datetime.now(UTC)
    confirmed: AnyEvent = Event(
        at, f"/cameras/{camera_id}", f"rebased-{at:%Y%m%dT%H%M%S.%f}",
        CameraRebased(camera=camera_id, by=by, reason=reason),
    )  # fmt: skip
    publish([confirmed], space, bootstrap)
    print(f"{camera_id}: view confirmed by {by} at {at.astimezone():%H:%M:%S}")


def publish(events: Iterable[AnyEvent], space: str, bootstrap: str) -> None:
    """Cameras' events go to Kafka as they happen."""
    from aiokafka.errors import KafkaError

    from streams.send import send

    try:
        send(bootstrap, space, events)
    except KafkaError as error:
        raise fail(
            f"Kafka at {bootstrap}: {type(error).__name__}: is it running, and `ioc topics apply` done?"
        ) from None


def network(area: District, district: str) -> "Network | None":
    """The district's model, if it has one; a line on the screen if it does not work: cameras go on without it."""
    if area.model is None:
        return None
    from streams.cameras.model import Network

    asked = Network(area.model, Path(district).parent if Path(district).suffix else Path.cwd())
    if asked.failed:
        typer.echo(f"ioc: model: {asked.failed}; cameras go on without it", err=True)
    return asked


def _sources(path: Path, known: dict[str, Camera]) -> dict[str, tuple[Camera, str]]:
    """Camera by camera its address. Raises ValueError in words that name no address."""
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        raise ValueError(f"{path}: others on this machine may read it, and it holds passwords: chmod 600 {path}")
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ValueError(f'{path}: not TOML: write a line a camera, ID = "rtsp://…"') from None
    strangers = [name for name in given if name not in known]
    if strangers:
        raise ValueError(f"{path}: camera {strangers[0]!r} is not in the district; there are: {', '.join(known)}")
    wrong = [name for name, address in given.items() if not isinstance(address, str)]
    if wrong or not given:
        raise ValueError(f"{path}: {wrong[0] if wrong else 'no camera'}: an address in quotes is needed")
    return {name: (known[name], str(address)) for name, address in given.items()}
