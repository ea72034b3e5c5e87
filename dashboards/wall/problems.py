"""Errors as RFC 9457 says them: ``application/problem+json``, with nothing of the inside in it."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from dashboards.wall.store import NotSent, Unavailable

log = structlog.get_logger()


class Problem(BaseModel):
    """What went wrong (RFC 9457). Some problems say more, each in fields of its own."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


def _documented(status: int, words: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": words}
    content = {"application/problem+json": {"schema": Problem.model_json_schema(), "example": example}}
    return {"description": words, "content": content}


#: The problems that every path may answer with, for the OpenAPI document.
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: _documented(status, words)
    for status, words in {
        400: "the request cannot be read",
        401: "sign in first, or send a token",
        403: "your role may not do this",
        404: "there is no such space, alert, …",
        409: "refused by the system, with `code` and `reason` in both languages",
        422: "the request has values that cannot be used",
        429: "too many attempts have failed",
        503: "the read model or Kafka does not answer",
    }.items()
}


def problem(status: int, detail: str, **extra: object) -> Response:
    """One problem, its title the status's own words."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse({**body, **extra}, status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        answer = problem(error.status_code, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        wrong = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()]
        return problem(422, "the request has values that cannot be used", errors=wrong)

    @app.exception_handler(Unavailable)
    async def _unavailable(_: Request, error: Unavailable) -> Response:
        answer = problem(503, str(error))
        answer.headers["Retry-After"] = "2"
        return answer

    @app.exception_handler(NotSent)
    async def _not_sent(_: Request, error: NotSent) -> Response:
        return problem(503, str(error), not_sent=True)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> Response:
        log.error("request failed", path=request.url.path, exc_info=error)
        return problem(500, "an error of ours; it is in the log")
