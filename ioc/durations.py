"""Lengths of time as people write them in files: ``90s``, ``30m``, ``2h``, ``3d``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)([smhd])", value) if isinstance(value, str) else None
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else value


#: A length of time, written ``90s``, ``30m``, ``2h`` or ``3d``.
Duration = Annotated[timedelta, BeforeValidator(_duration)]
