"""How declared returns (số liệu báo cáo) are counted: by the last day of the period that a value is of."""

from ioc.detector import Tally
from ioc.text import Text

#: The values, in units of the indicator times ten to its decimals, on the last day of the period they are of.
VALUES = Tally(
    "returns_values", Text("Số liệu báo cáo", "Values of declared returns"), ("indicator", "area"), metric=False
)
FILED = Tally(
    "returns_filed", Text("Số liệu báo cáo đã gửi", "Indicators filed, by area"), ("indicator", "area"), metric=False
)
DOUBTED = Tally(
    "returns_doubted",
    Text("Số liệu báo cáo cần kiểm tra", "Values of declared returns that are in doubt"),
    ("indicator", "area", "doubt"),
    metric=False,
)
