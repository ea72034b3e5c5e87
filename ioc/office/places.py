"""Where a request is, and how alike two requests are: what finding duplicates and hot spots needs, and no more.

The text itself goes no further than this: what is handed on are two-byte hashes of its words, enough to compare by and
too little to read. Area cells are squares of 0.01 degrees, 1.1 km from south to north.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import product

from ioc.events.requests import COUNTED_ONLY, RequestOpened, RequestPlaced
from ioc.text import plain

CELLS_PER_DEGREE = 100
#: What lies so near to the edge of a cell is known to the next one too, in cells; duplicates are never further apart.
EDGE = 0.2
#: More words than this say nothing new.
MOST_WORDS = 24
_COMMON = (
    "ai bi cac cai can cho chua co con cua da de den di do duoc dang gi hay khong la lai lam len mong mot nay nen nghi "
    "nhung o ra roi rat sang sau ta tai the thi toi trong tu va vao vi voi xin xuong"
)
#: What every report says, without signs: it tells no two of them apart.
COMMON = frozenset(_COMMON.split())


def placed(data: RequestOpened, commune: str | None) -> Iterable[RequestPlaced]:
    """A copy for its commune, for its cell, and for cells whose edge is near; of what may only be counted, none."""
    if data.stream in COUNTED_ONLY or commune is None:
        return
    said = {
        "request": data.request, "commune": commune, "queue": data.queue, "category": data.category,
        "latitude": data.latitude, "longitude": data.longitude, "words": words(data.text),
    }  # fmt: skip
    yield RequestPlaced(area=commune, grain="commune", **said)
    if data.latitude is not None and data.longitude is not None:
        for area, home in _cells(data.latitude, data.longitude):
            yield RequestPlaced(area=area, grain="cell" if home else "edge", **said)


def words(text: str) -> tuple[int, ...]:
    """Hashes of the words that tell a report from others, each once, without signs: *Mất nước* is *mat nuoc*."""
    found = dict.fromkeys(word for word in re.findall(r"\w+", plain(text)) if word not in COMMON)
    return tuple(sorted({_hash(word) for word in list(found)[:MOST_WORDS]}))


def alike(one: Sequence[int], other: Sequence[int]) -> float | None:
    """How many words two reports share, from 0 to 1 (Dice); None where one of them says nothing."""
    if not one or not other:
        return None
    return 2 * len(set(one) & set(other)) / (len(one) + len(other))


def centre(area: str) -> tuple[float, float]:
    """The middle of a cell: latitude, longitude."""
    south, west = (int(part) for part in area.split(","))
    return (south + 0.5) / CELLS_PER_DEGREE, (west + 0.5) / CELLS_PER_DEGREE


def _cells(latitude: float, longitude: float) -> Iterable[tuple[str, bool]]:
    spans = (_near(latitude * CELLS_PER_DEGREE), _near(longitude * CELLS_PER_DEGREE))
    for number, (south, west) in enumerate(product(*spans)):
        yield f"{south},{west}", number == 0


def _near(place: float) -> list[int]:
    """The cell in one direction, then the next one if its edge is near."""
    cell = int(place // 1)
    within = place - cell
    return [cell, *([cell - 1] if within < EDGE else []), *([cell + 1] if within > 1 - EDGE else [])]


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=2).digest(), "big")
