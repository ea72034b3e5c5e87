"""How the wall's process is set: from its environment (``IOC_WALL_…``) or its command line."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def state_home() -> Path:
    """Where this user's programs keep what must outlast them (XDG Base Directory)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "district-ioc"


class Unsafe(ValueError):
    """So set, passwords would travel where others can read them; the message says what to do."""


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
    access: Annotated[
        Path,
        Field(
            default_factory=lambda: state_home() / "access.db", description="file of who may sign in, and who did what"
        ),
    ]
    tls_cert: Annotated[Path | None, Field(description="certificate chain, PEM; with it the wall speaks HTTPS")] = None
    tls_key: Annotated[Path | None, Field(description="its private key, PEM")] = None
    behind_proxy: Annotated[
        bool, Field(description="a proxy on this host or its network speaks HTTPS and says for whom it asks")
    ] = False
    inside_port: Annotated[
        int, Field(ge=0, le=65535, description="port of health and metrics, localhost only; 0 for none")
    ] = 9466
    inside_host: Annotated[str, Field(description="address of health and metrics")] = "127.0.0.1"
    bootstrap: Annotated[str | None, Field(description="Kafka, for commands; none: the wall only shows")] = None
    evidence: Annotated[
        Path | None, Field(description="folder of the pictures that cameras keep; none: no picture is shown")
    ] = None
    most_screens: Annotated[int, Field(ge=1, description="screens that may be connected at once")] = 200
    beat: Annotated[float, Field(gt=0, description="seconds between two heartbeats to a screen")] = 5.0
    static: Annotated[Path, Field(description="the built page")] = Path(__file__).parent / "static"

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over HTTPS."""
        return self.tls_cert is not None or self.behind_proxy

    def check(self) -> None:
        """Raises Unsafe."""
        if not self.secure and not _loopback(self.host):
            raise Unsafe(
                f"on {self.host} passwords would travel in the clear: give --tls-cert and --tls-key, or say"
                " --behind-proxy if a proxy before it speaks HTTPS"
            )


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
