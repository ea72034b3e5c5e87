"""Errors as RFC 9457 says them: ``application/problem+json``, with nothing of the inside in it."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from dashboards.wall.store import Unavailable

log = structlog.get_logger()


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

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> Response:
        log.error("request failed", path=request.url.path, exc_info=error)
        return problem(500, "an error of ours; it is in the log")
