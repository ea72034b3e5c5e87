"""Does a printed figure follow from a computed one: rounded, cut off (truncated), or within what its words allow?"""

import math
from decimal import Decimal
from typing import Literal

from ioc.events.returns import Bound
from ioc.text import Text

#: *trên 85 %* and *gần 90 %* name the nearest five: nobody writes *over 85* of 93.
BAND = 5.0
#: *khoảng 97 %* is anything that rounds to it.
AROUND = 0.5
Follows = Literal["yes", "truncated", "no"]
BOUNDS: dict[Bound, Text] = {
    "exactly": Text("", ""),
    "over": Text("trên ", "over "),
    "near": Text("gần ", "near "),
    "about": Text("khoảng ", "about "),
}
FOLLOWS: dict[Follows, Text] = {
    "yes": Text("khớp", "follows"),
    "truncated": Text("khớp, đã cắt số lẻ", "follows, truncated"),
    "no": Text("không khớp", "does not follow"),
}


def follows(printed: float, bound: Bound, computed: float) -> Follows:
    """How a printed number stands to a computed one."""
    match bound:
        case "over":
            return "yes" if printed < computed < printed + BAND else "no"
        case "near":
            return "yes" if printed - BAND <= computed < printed else "no"
        case "about":
            return "yes" if abs(computed - printed) <= AROUND else "no"
        case "exactly":
            places = decimals(printed)
            if math.isclose(rounded(computed, places), printed, abs_tol=1e-9):
                return "yes"
            cut = math.floor(computed * 10**places + 1e-9) / 10**places
            return "truncated" if math.isclose(cut, printed, abs_tol=1e-9) else "no"


def rounded(value: float, places: int) -> float:
    """Half up, as people round; of the number as it is written, so that 66.45 is not a little less."""
    shifted = float(Decimal(repr(value)).scaleb(places))
    return float(math.floor(shifted + 0.5) / 10**places)


def decimals(value: float) -> int:
    """So many decimals it was written with."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def told(printed: float, bound: Bound, unit: str = "") -> Text:
    """A printed figure as it is printed: ``trên 85 %``."""
    after = f" {unit}" if unit else ""
    say = BOUNDS[bound]
    return Text(f"{say.vi}{written(printed, 'vi')}{after}", f"{say.en}{written(printed, 'en')}{after}")


def written(value: float, language: Literal["vi", "en"]) -> str:
    """A number with up to two decimals, as its readers write it: 87,05."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
