"""Puts the wall together: the API, the page, the security headers, health and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from dashboards.wall import api, problems
from dashboards.wall.districts import Districts
from dashboards.wall.feed import Feeds
from dashboards.wall.settings import Settings
from dashboards.wall.shield import Shield
from dashboards.wall.store import Store


def create_app(settings: Settings) -> FastAPI:
    """The wall's web application. Raises BadDistrict if a district file that is named cannot be used."""
    districts = Districts(settings.districts)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = Store(settings.redis_url)
        feeds = Feeds(store, settings.beat, settings.most_screens)
        app.state.store, app.state.feeds, app.state.districts = store, feeds, districts
        yield
        await feeds.close()
        await store.close()

    app = FastAPI(
        title="IOC wall",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # their pages load scripts from elsewhere, which our policy forbids
        redoc_url=None,
    )
    app.add_middleware(Shield, hosts=settings.allowed_hosts)
    problems.install(app)
    app.include_router(api.router)
    _add_health(app)
    if settings.static.joinpath("index.html").exists():
        app.mount("/", StaticFiles(directory=settings.static, html=True))
    return app


def _add_health(app: FastAPI) -> None:
    @app.get("/-/healthy", include_in_schema=False)
    async def healthy() -> Response:
        return PlainTextResponse("alive\n")

    @app.get("/-/ready", include_in_schema=False)
    async def ready() -> Response:
        await app.state.store.ping()
        return PlainTextResponse("ready\n")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class Server(uvicorn.Server):
    """Uvicorn waits for open answers before it stops, and a stream has no end: it is ended first."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        app = self.config.app
        assert isinstance(app, FastAPI)
        if hasattr(app.state, "feeds"):
            app.state.feeds.end()
        super().handle_exit(sig, frame)


def serve(settings: Settings) -> None:
    """Run the wall until it is told to stop."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    Server(config).run()
