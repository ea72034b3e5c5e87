"""Finds out who asks, and lets pass who may. Every path of the API stands behind it but sign-in itself."""

import hmac
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from dashboards.wall.access.principal import Principal, Right
from dashboards.wall.access.registry import Registry

SESSION, SCREEN = "ioc_session", "ioc_screen"
CSRF = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

# Declared for the OpenAPI document; what they find is read below, in this order.
_bearer = HTTPBearer(auto_error=False, description="a token from `ioc access token issue`")
_session = APIKeyCookie(name=SESSION, auto_error=False, description="from POST /api/v1/session")


def registry_of(request: Request) -> Registry:
    return request.app.state.registry  # type: ignore[no-any-return]  # starlette's state is untyped


RegistryOf = Annotated[Registry, Depends(registry_of)]


def recognise(request: Request, registry: Registry) -> Principal | None:
    """Whoever the request proves to come from."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        return registry.tokens.find(token.strip()) if scheme.lower() == "bearer" else None
    if secret := request.cookies.get(cookie_name(request, SESSION)):
        return registry.sessions.find(secret)
    if secret := request.cookies.get(cookie_name(request, SCREEN)):
        return registry.screens.find(secret)
    return None


def cookie_name(request: Request, name: str) -> str:
    """Over HTTPS with the prefix that lets no other host or path set it."""
    return f"__Host-{name}" if request.app.state.settings.secure else name


def _asking(
    request: Request,
    registry: RegistryOf,
    _declared: Annotated[object, Depends(_bearer)],
    _declared_too: Annotated[object, Depends(_session)],
) -> Principal:
    """Not async: the framework runs it on a thread, and a busy disk holds up nobody else."""
    found = recognise(request, registry)
    if found is None:
        raise HTTPException(401, "sign in first, or send a token", {"WWW-Authenticate": "Bearer"})
    if request.method not in SAFE and not _meant(request, found):
        raise HTTPException(403, f"the header {CSRF} must hold what GET /api/v1/session says")
    return found


def _meant(request: Request, asking: Principal) -> bool:
    """Whether our own page sends this: another's could let the browser send the cookie, but not this word."""
    return asking.csrf is None or hmac.compare_digest(request.headers.get(CSRF, "").encode(), asking.csrf.encode())


Asking = Annotated[Principal, Depends(_asking)]


def who_may(right: Right) -> Callable[[Request, Principal], Principal]:
    """A dependency: whoever asks, if that role may."""

    def allowed(request: Request, principal: Asking) -> Principal:
        if not principal.may(right):
            note(request, principal, f"{request.method} {request.url.path}", result="not allowed")
            raise HTTPException(403, "your role may not do this")
        return principal

    return allowed


Reader = Annotated[Principal, Depends(who_may("read"))]
Insider = Annotated[Principal, Depends(who_may("read_people"))]
Auditor = Annotated[Principal, Depends(who_may("audit"))]


def address(request: Request) -> str:
    return request.client.host if request.client else ""


def note(request: Request, asking: Principal, action: str, target: str = "", result: str = "done") -> None:
    """Write to the audit what was done, or refused. It waits for the disk: not for a coroutine."""
    registry_of(request).audit.write(asking.name, asking.way, address(request), action, target, result)
