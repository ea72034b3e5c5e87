"""Puts the wall together: the API, the page, who may see it, and the security headers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from types import FrameType

import uvicorn
from fastapi import FastAPI

from dashboards.wall import api, calls, desk, duty, inside, pages, pictures, problems, shift, targets
from dashboards.wall.access import signin
from dashboards.wall.access.registry import Registry
from dashboards.wall.access.throttle import Throttle
from dashboards.wall.commands import Commands
from dashboards.wall.feed import Feeds
from dashboards.wall.settings import Settings
from dashboards.wall.shield import Shield
from dashboards.wall.store import Store
from ioc.known_districts import Districts


def create_app(settings: Settings) -> FastAPI:
    """The wall's web application. Raises BadDistrict if a district file that is named cannot be used."""
    districts = Districts(settings.districts)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store, registry = Store(settings.redis_url), Registry(settings.access)
        feeds = Feeds(store, registry.mutes, settings.beat, settings.most_screens)
        app.state.store, app.state.feeds, app.state.districts = store, feeds, districts
        app.state.registry, app.state.throttle = registry, Throttle()
        app.state.commands = Commands(settings.bootstrap, store)
        yield
        await feeds.close()
        await app.state.commands.close()
        await store.aclose()
        registry.close()

    app = FastAPI(
        title="IOC wall",
        version=version("district-ioc"),
        lifespan=lifespan,
        responses=problems.DOCUMENTED,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # their pages load scripts from elsewhere, which our policy forbids
        redoc_url=None,
    )
    app.state.settings = settings
    app.add_middleware(Shield, hosts=settings.allowed_hosts)
    problems.install(app)
    app.include_router(signin.router)
    app.include_router(api.router)
    app.include_router(desk.router)
    app.include_router(calls.router)
    app.include_router(shift.router)
    app.include_router(targets.router)
    app.include_router(duty.router)
    app.include_router(pictures.router)
    if settings.static.joinpath("index.html").exists():
        pages.add(app, settings.static)
    return app


class Server(uvicorn.Server):
    """Uvicorn waits for open answers before it stops, and a stream has no end: it is ended first."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        app = self.config.app
        assert isinstance(app, FastAPI)
        if hasattr(app.state, "feeds"):
            app.state.feeds.end()
        super().handle_exit(sig, frame)


def serve(settings: Settings) -> None:
    """Run the wall until it is told to stop. Raises Unsafe, or BadDistrict."""
    settings.check()
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        proxy_headers=settings.behind_proxy,
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    main, beside = Server(config), inside.server(app, settings) if settings.inside_port else None
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_both(main, beside))


async def _both(main: Server, beside: inside.Inside | None) -> None:
    told = asyncio.create_task(beside.serve()) if beside else None
    await main.serve()
    if beside and told:
        beside.should_exit = True
        await told
