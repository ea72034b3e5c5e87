"""How one message is sent once: by a signed webhook, or by apprise. What fails raises, in words without secrets."""

import hashlib
import hmac
import json
import logging
import time
from typing import Any, Protocol

import apprise
import httpx

from ioc.agencies.roster import Officer
from ioc.notices.events import Message
from ioc.notices.words import Rendered
from ioc.text import Language
from streams.notifier.actual import Actual
from streams.notifier.settings import BadChannels, Channel, Settings

#: A gateway that has not answered after so many seconds has failed.
PATIENCE = 15.0
#: Answers that say that the message itself is wrong: sending it again would change nothing.
NEVER = frozenset({400, 413, 415, 422})
#: Done before: the gateway knows the key.
KNOWN = 409
IDEMPOTENCY, TIMESTAMP, SIGNATURE = "Idempotency-Key", "X-IOC-Timestamp", "X-IOC-Signature"
logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines hold addresses


class Failed(Exception):
    """Not sent: to be tried again."""


class Refused(Exception):
    """The gateway will never take this message."""


class Way(Protocol):
    """One channel, ready to send."""

    async def send(self, key: str, message: Message, said: Rendered, language: Language, to: Officer | None) -> None:
        """Send once. Raises Failed or Refused."""


def open_all(actual: Actual, settings: Settings) -> dict[str, Way]:
    """Every channel of the settings, for a space that is real."""
    return {name: _open(actual, name, channel) for name, channel in settings.channels.items()}


def _open(actual: Actual, name: str, channel: Channel) -> Way:
    if channel.webhook is not None and channel.secret is not None:
        return Webhook(actual, channel.webhook.get_secret_value(), channel.secret.get_secret_value())
    assert channel.apprise is not None
    return Apprise(actual, name, channel.apprise.get_secret_value())


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``v1=`` and the HMAC-SHA256, in hex, of ``timestamp.body``: a receiver refuses what is old or does not match."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook:
    """Signed JSON to a gateway of SMS, Zalo OA or anything else."""

    def __init__(self, actual: Actual, url: str, secret: str) -> None:
        assert isinstance(actual, Actual)
        self._space, self._url, self._secret = actual.space, url, secret
        self._client = httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False)

    async def send(self, key: str, message: Message, said: Rendered, language: Language, to: Officer | None) -> None:
        content = {
            "id": str(message.message_id), "space": self._space, "receiver": message.receiver, "role": message.role,
            "to": to.model_dump() if to else None, "language": language, "subject": said.subject, "text": said.text,
            "short": said.short, "items": [item.model_dump(mode="json", exclude_none=True) for item in message.items],
        }  # fmt: skip
        body = json.dumps(content, ensure_ascii=False).encode()
        now = str(int(time.time()))
        heads = {IDEMPOTENCY: key, TIMESTAMP: now, SIGNATURE: signature(self._secret, now, body)}
        try:
            reply = await self._client.post(
                self._url, content=body, headers=heads | {"Content-Type": "application/json; charset=utf-8"}
            )
        except httpx.HTTPError as error:
            raise Failed(type(error).__name__) from None  # its words may hold the address
        if reply.status_code in NEVER:
            raise Refused(f"HTTP {reply.status_code}")
        if not reply.is_success and reply.status_code != KNOWN:
            raise Failed(f"HTTP {reply.status_code}")


class Apprise:
    """Whatever an apprise URL names. A message id goes along as a header where the service has any."""

    def __init__(self, actual: Actual, name: str, url: str) -> None:
        assert isinstance(actual, Actual)
        self._url = url
        if apprise.Apprise.instantiate(url, suppress_exceptions=True) is None:
            raise BadChannels(f"channel {name}: apprise does not understand its URL")

    async def send(self, key: str, message: Message, said: Rendered, language: Language, to: Officer | None) -> None:
        service: Any = apprise.Apprise.instantiate(self._url)
        if isinstance(heads := getattr(service, "headers", None), dict):
            service.headers = heads | {"X-IOC-Message": key}
        out = apprise.Apprise()
        out.add(service)
        called = f"\n☎ {to.name} {to.phone}" if to else ""
        if not await out.async_notify(
            title=said.subject, body=said.text + called, body_format=apprise.NotifyFormat.TEXT
        ):
            raise Failed("not accepted")
