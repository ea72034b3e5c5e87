"""How the wall's process is set: from its environment (``IOC_WALL_…``) or its command line."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where it listens, what it reads, and whom it answers."""

    model_config = SettingsConfigDict(env_prefix="IOC_WALL_", frozen=True)

    redis_url: Annotated[str, Field(description="the read model")] = "redis://127.0.0.1:6379/0"
    host: Annotated[str, Field(description="address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port to listen on")] = 8080
    allowed_hosts: Annotated[
        tuple[str, ...], Field(description="names under which browsers may ask for it, without port")
    ] = ("127.0.0.1", "localhost", "::1")
    districts: Annotated[tuple[str, ...], Field(description="paths of district files other than those shipped")] = ()
    most_screens: Annotated[int, Field(ge=1, description="screens that may be connected at once")] = 200
    beat: Annotated[float, Field(gt=0, description="seconds between two heartbeats to a screen")] = 5.0
    static: Annotated[Path, Field(description="the built page")] = Path(__file__).parent / "static"
