"""What every question to the API names: the store, the districts, and a space that is there."""

from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request

from dashboards.wall.store import Store
from ioc.district import District
from ioc.known_districts import Districts


def _store(request: Request) -> Store:
    return request.app.state.store  # type: ignore[no-any-return]  # starlette's state is untyped


def _districts(request: Request) -> Districts:
    return request.app.state.districts  # type: ignore[no-any-return]  # as above


async def district_of(store: Store, districts: Districts, space: str) -> District | None:
    """The district that a space is about, if it has said so."""
    state = (await store.present(space)).state
    return districts.get(state.district if state else None)


StoreOf = Annotated[Store, Depends(_store)]
DistrictsOf = Annotated[Districts, Depends(_districts)]


async def _known(
    store: StoreOf, space: Annotated[str, Query(max_length=64, description="name of the space", examples=["wall"])]
) -> str:
    if space not in await store.spaces():
        raise HTTPException(404, "there is no such space")
    return space


Space = Annotated[str, Depends(_known)]
