"""The channels file: by which channels each receiver is told. It holds secrets, or names where they are.

A value ``env:NAME`` is taken from the environment. The file belongs to one installation, never to the repository.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

from ioc import toml_file
from ioc.durations import Duration
from ioc.events.base import Code
from ioc.notices.events import Message, Reason
from ioc.text import Language, complaint


class BadChannels(Exception):
    """The channels file cannot be used; the message says where and what to change, never a secret."""


def _from_environment(value: object) -> object:
    if not isinstance(value, str) or not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if not (found := os.environ.get(name)):
        raise ValueError(f"the environment has no {name}")
    return found


Secret = Annotated[SecretStr, BeforeValidator(_from_environment)]


class _Setting(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Channel(_Setting):
    """One way out: a signed webhook (SMS or Zalo OA gateways), or whatever an apprise URL names (e-mail, …)."""

    webhook: Annotated[Secret | None, Field(description="address that gets each message as signed JSON")] = None
    secret: Annotated[Secret | None, Field(description="key of the webhook's signature (HMAC-SHA256)")] = None
    apprise: Annotated[Secret | None, Field(description="an apprise URL: mailtos://…, …")] = None

    @model_validator(mode="after")
    def _one_way(self) -> "Channel":
        if (self.webhook is None) == (self.apprise is None):
            raise ValueError("give either webhook (with secret) or apprise")
        if (self.webhook is None) != (self.secret is None):
            raise ValueError("a webhook needs a secret, and only a webhook has one")
        return self


class Receiver(_Setting):
    """Who is told how. ``*`` stands for any letters: ``ubnd-*``."""

    receiver: Annotated[Code, Field(description="an agency's id, centre, or a pattern")]
    roles: Annotated[tuple[Code, ...], Field(description="only notices to these roles; none given: all")] = ()
    channels: Annotated[tuple[Code, ...], Field(min_length=1, description="by which channels")]
    language: Annotated[Language, Field(description="vi or en")] = "vi"
    reasons: Annotated[tuple[Reason, ...], Field(description="only for these reasons; none given: all")] = ()

    def wants(self, message: Message) -> bool:
        return (
            fnmatchcase(message.receiver, self.receiver)
            and (not self.roles or (message.role or "") in self.roles)
            and (not self.reasons or any(item.reason in self.reasons for item in message.items))
        )


class Settings(_Setting):
    """The whole file."""

    channels: Mapping[Code, Channel]
    receivers: tuple[Receiver, ...] = ()
    keep_trying: Annotated[Duration, Field(description="a message that could not be sent for so long is given up")] = (
        timedelta(hours=24)
    )

    @model_validator(mode="after")
    def _channels_exist(self) -> "Settings":
        for each in self.receivers:
            if unknown := [name for name in each.channels if name not in self.channels]:
                raise ValueError(f"receiver {each.receiver!r} names channel {unknown[0]!r}, which is not there")
        return self

    def ways(self, message: Message) -> dict[str, Language]:
        """The channels by which a message goes out, each once, and in which language."""
        found: dict[str, Language] = {}
        for each in self.receivers:
            if each.wants(message):
                found |= {name: each.language for name in each.channels if name not in found}
        return found


def load(path: Path) -> Settings:
    """Read a channels file. Raises BadChannels."""
    said = toml_file.read(path, BadChannels, "no such file; `ioc notifier --help` shows what belongs into it")
    try:
        return Settings.model_validate(said)
    except ValidationError as error:
        raise BadChannels(f"{path}: {complaint(error)}") from None
