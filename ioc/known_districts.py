"""The district files, by the id that a space names."""

import re
from collections.abc import Iterable

import structlog

from ioc.district import BadDistrict, District, load

log = structlog.get_logger()


class Districts:
    """Those shipped, and those given by path. One that cannot be read is said once, and left out."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._known: dict[str, District | None] = {}
        for path in paths:
            district = load(path)
            self._known[district.id] = district

    def get(self, id_: str | None) -> District | None:
        """The district of that id. The id comes from a record: it is a plain name or nothing."""
        if id_ is None or not re.fullmatch(r"\w{1,64}", id_, re.ASCII):
            return None
        if id_ not in self._known:
            try:
                self._known[id_] = load(id_)
            except BadDistrict as reason:
                log.warning("district file is not at hand", district=id_, reason=str(reason))
                self._known[id_] = None
        return self._known[id_]
