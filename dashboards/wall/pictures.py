"""``/api/v1``: the pictures that cameras kept of what an alert rests on.

A picture is asked for as part of an alert: who may not see the alert, or not people, sees none, and a name that the
alert does not name leads nowhere. Names come from devices: whatever they say, only a plain file of the folder is read.
"""

import asyncio
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from dashboards.wall.access import gate
from dashboards.wall.access.principal import Principal
from dashboards.wall.asking import Space, StoreOf
from dashboards.wall.sight import Sight

router = APIRouter(prefix="/api/v1")
#: A picture of a camera is far smaller, bytes.
LARGEST = 5_000_000
JPEG = b"\xff\xd8\xff"


@router.get("/alerts/{alert_id}/picture", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
async def picture(
    request: Request,
    store: StoreOf,
    space: Space,
    asking: Annotated[Principal, Depends(gate.who_may("read_people"))],
    alert_id: UUID,
    name: Annotated[str, Query(max_length=250, description="`snapshot` of one of the alert's evidence")],
) -> Response:
    """One picture. 404 too where it is kept no longer."""
    found = await store.alert(space, str(alert_id))
    if found is None or not Sight.of(asking).sees_alert(found[0][-1]):
        raise HTTPException(404, "there is no such alert in this space")
    lines, evidence = found
    named = {one.snapshot for one in evidence} | {one.snapshot for line in lines for one in line.evidence}
    folder: Path | None = request.app.state.settings.evidence
    kept = await asyncio.to_thread(read, folder, name) if folder and name in named else None
    if kept is None:
        raise HTTPException(404, "this picture is not, or no longer, kept")
    return Response(kept, media_type="image/jpeg")


def read(folder: Path, name: str) -> bytes | None:
    """The JPEG of that name; None for what is not a plain file of the folder, or not a picture."""
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()) or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        content = path.read_bytes()
    except (OSError, ValueError):  # not there, not ours to read, or no name at all
        return None
    return content if content.startswith(JPEG) else None
