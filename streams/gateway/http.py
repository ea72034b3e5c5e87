"""The gateway over HTTP: ``POST /v1/senml`` and ``POST /v1/ttn``, with a token."""

import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiokafka.errors import KafkaError

from streams.gateway.intake import MAX_BYTES, Intake, Kind

#: What a token must have, so that nobody guesses it.
SHORTEST_TOKEN = 16
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def check(token: str) -> None:
    """Raises ValueError for a token that could be guessed."""
    if len(token) < SHORTEST_TOKEN:
        raise ValueError(
            f"a token of {SHORTEST_TOKEN} characters or more is needed: in the environment as IOC_GATEWAY_TOKEN, or by "
            "--token-file"
        )


def application(intake: Intake, token: str) -> web.Application:
    """The routes. A wrong token is refused before anything is read; Kafka's absence asks the device to come again."""

    def route(kind: Kind) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            if not _knows(request, token):
                return _json({"error": "a token is needed: Authorization: Bearer …"}, 401)
            try:
                body = await request.read()
                answer = await intake.take(kind, body, "http")
            except web.HTTPRequestEntityTooLarge:
                return _json({"error": f"more than {MAX_BYTES:,} bytes"}, 413)
            except (KafkaError, TimeoutError):
                return _json({"error": "Kafka does not take it now: send it again"}, 503, {"Retry-After": "10"})
            status = 202 if answer.accepted else 422
            return _json({"accepted": answer.accepted, "refused": list(answer.refused)}, status)

        return handle

    app = web.Application(client_max_size=MAX_BYTES)
    app.add_routes([web.post("/v1/senml", route("senml")), web.post("/v1/ttn", route("ttn"))])
    return app


def _knows(request: web.Request, token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _json(data: dict[str, object], status: int, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response(data, status=status, headers=headers)
