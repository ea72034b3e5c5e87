"""The built page: the same document under the address of each screen, and its assets."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

#: The screens, as the page itself knows them (`web/src/main.ts`). None of them holds data: that is asked for.
SCREENS = ("/", "/desk", "/leader", "/targets", "/handover", "/silences", "/signin", "/enrol")
#: Assets have the hash of their content in their names.
FOREVER = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    def file_response(self, *args: object, **kwargs: object) -> FileResponse:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # whatever starlette gives its own method
        answer.headers["Cache-Control"] = FOREVER
        return answer  # type: ignore[return-value]  # or a 304, which starlette's own type leaves out


def add(app: FastAPI, static: Path) -> None:
    """Serve the page from where it was built."""

    async def page() -> FileResponse:
        return FileResponse(static / "index.html", headers={"Cache-Control": "no-cache"})

    for path in SCREENS:
        app.add_api_route(path, page, include_in_schema=False)
    app.mount("/assets", Assets(directory=static / "assets"))
    app.mount("/", StaticFiles(directory=static))
