"""Telling people outside: ``ioc notifier``."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from ioc import district as districts
from ioc.cli import fail
from ioc.cli.flow import LOCAL, Bootstrap, DistrictName


def register(app: typer.Typer) -> None:
    app.command()(notifier)


def notifier(
    channels: Annotated[Path, typer.Option(help="The channels file (TOML): who is told by which channel.")],
    district: DistrictName,
    space: Annotated[str, typer.Option(help="A real space. A driven one, or an exercise, is refused.")] = "wall",
    bootstrap: Bootstrap = LOCAL,
    health_port: Annotated[int, typer.Option(help="Health and metrics on localhost; 0 for none.")] = 0,
) -> None:
    """Send notices to agencies and people on duty, by e-mail, webhook and whatever else apprise knows.

    The channels file says how; a value `env:NAME` comes from the environment:

        [channels.mail]
        apprise = "env:IOC_MAIL"            # mailtos://user:password@host?to=…
        [channels.sms]
        webhook = "https://gateway.example/notify"
        secret = "env:IOC_SMS_SECRET"       # HMAC-SHA256 of "timestamp.body", in X-IOC-Signature
        [[receivers]]
        receiver = "hat-kiem-lam"           # an agency's id, centre, or a pattern such as ubnd-*
        channels = ["sms", "mail"]
        language = "vi"

    Each message has an Idempotency-Key: the same key is the same message, sent again after a crash at worst.
    """
    from streams.notifier.actual import NotActual
    from streams.notifier.settings import BadChannels, load

    try:
        settings, place = load(channels), districts.load(district)
        asyncio.run(_notify(bootstrap, space, settings, place, health_port))
    except (BadChannels, NotActual, districts.BadDistrict, OSError) as error:
        raise fail(error) from None


async def _notify(bootstrap: str, space: str, settings: object, place: districts.District, health_port: int) -> None:
    from streams import health, topics
    from streams.notifier.outbox import Notifier, proved
    from streams.notifier.settings import Settings

    assert isinstance(settings, Settings)
    stop = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    await topics.wait_for_broker(bootstrap)
    sender = Notifier(bootstrap, await proved(bootstrap, space), settings, place)
    if health_port:
        await health.serve(health.Health(lambda: None if sender.ready else "reading the rosters"), health_port)
    await sender.run(stop)
