"""``ioc gateway``: devices' messages by HTTP and MQTT become readings on Kafka."""

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ioc import district as districts
from ioc.cli import fail
from ioc.cli.flow import LOCAL, LOCALHOST, Bootstrap, DistrictName, HealthHost, Space

if TYPE_CHECKING:
    from streams.gateway.run import Settings

HELP = """Take what devices send, as it comes, and put it on Kafka as readings of stations.

`POST /v1/senml` takes SenML in JSON (RFC 8428), `POST /v1/ttn` uplinks of The Things Network v3 (its webhook), both
with `Authorization: Bearer TOKEN`. With `--mqtt` it also listens at a broker: `v3/+/devices/+/up` for The Things
Network, `senml/#` for SenML. A device is known by the id of its station, or by a name under the station's
`devices` in the district file. An answer of 202 means that Kafka has the readings; 422 that there were none, and why.
What cannot be read is a dead letter with its bytes.

The token is read from the environment (IOC_GATEWAY_TOKEN) or from a file, never from the command line; so are the
broker's IOC_MQTT_USERNAME and IOC_MQTT_PASSWORD.

Example: `curl -H "Authorization: Bearer $IOC_GATEWAY_TOKEN" -d '[{"bn":"tram-tra-doc-thon-2/","n":"temperature",
"u":"Cel","v":33.1},{"n":"humidity","u":"%RH","v":41}]' http://127.0.0.1:8090/v1/senml`
"""


def register(app: typer.Typer) -> None:
    app.command(help=HELP)(gateway)


def gateway(
    district: DistrictName,
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    port: Annotated[int, typer.Option(help="Port for HTTP.")] = 8090,
    host: Annotated[
        str, typer.Option(help="Address to listen on; behind a proxy with TLS, keep localhost.")
    ] = LOCALHOST,
    token_file: Annotated[Path | None, typer.Option(help="File that holds the token.")] = None,
    token: Annotated[str, typer.Option(envvar="IOC_GATEWAY_TOKEN", hidden=True)] = "",
    mqtt: Annotated[
        str | None, typer.Option(envvar="IOC_MQTT", help="Broker: mqtt://host:1883, mqtts://host:8883.")
    ] = None,
    mqtt_username: Annotated[str | None, typer.Option(envvar="IOC_MQTT_USERNAME", hidden=True)] = None,
    mqtt_password: Annotated[str | None, typer.Option(envvar="IOC_MQTT_PASSWORD", hidden=True)] = None,
    health_port: Annotated[int, typer.Option(help="Port for health and metrics; 0 for none.")] = 9465,
    health_host: HealthHost = LOCALHOST,
) -> None:
    from streams.gateway.mqtt import Broker
    from streams.gateway.run import Settings

    try:
        area = districts.load(district)
        secret = token_file.read_text("utf-8").strip() if token_file else token
        broker = Broker(mqtt, mqtt_username, mqtt_password, f"ioc-gateway-{space}") if mqtt else None
        settings = Settings(bootstrap, space, secret, host, port, broker, health_port, health_host)
        asyncio.run(_until_stopped(settings, area))
    except (districts.BadDistrict, ValueError, OSError) as error:
        raise fail(error) from None


async def _until_stopped(settings: "Settings", area: districts.District) -> None:
    from streams.gateway.run import run

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    print(f"gateway of space {settings.space}: http://{settings.host}:{settings.port}/v1/senml and /v1/ttn", flush=True)
    await run(settings, area, stop)
