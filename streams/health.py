"""``/-/healthy``, ``/-/ready`` and ``/metrics`` of a process, on a port of its own, by default on localhost only."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

LOCALHOST = "127.0.0.1"


@dataclass(frozen=True)
class Health:
    """``ready`` returns None, or in words what is not ready yet."""

    ready: Callable[[], str | None]


async def serve(health: Health, port: int, host: str = LOCALHOST) -> web.AppRunner:
    """Answer until the loop ends, to whoever reaches ``host``: nobody is asked who they are."""

    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="healthy\n")

    async def ready(_: web.Request) -> web.Response:
        missing = health.ready()
        return web.Response(text="ready\n") if missing is None else web.Response(text=f"{missing}\n", status=503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/-/healthy", healthy), web.get("/-/ready", ready), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
