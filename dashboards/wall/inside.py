"""Health and metrics, on a port of their own: for the inside network, never where people's browsers reach."""

import contextlib
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from dashboards.wall.problems import problem
from dashboards.wall.settings import Settings
from dashboards.wall.store import Store, Unavailable


class Inside(uvicorn.Server):
    """Ends with the server beside it, which hears the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(wall: FastAPI, settings: Settings) -> Inside:
    """The server that tells how this wall is."""
    config = uvicorn.Config(
        _app(wall), host=settings.inside_host, port=settings.inside_port, access_log=False, log_level="warning"
    )
    return Inside(config)


def _app(wall: FastAPI) -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.exception_handler(Unavailable)
    async def unavailable(_: Request, error: Unavailable) -> Response:
        return problem(503, str(error))

    @app.get("/-/healthy")
    async def healthy() -> Response:
        return PlainTextResponse("alive\n")

    @app.get("/-/ready")
    async def ready() -> Response:
        store: Store | None = getattr(wall.state, "store", None)
        if store is None:
            raise Unavailable("the wall is starting")
        await store.ping()
        return PlainTextResponse("ready\n")

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app
