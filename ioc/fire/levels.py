"""The five levels (cấp dự báo cháy rừng) of Nghị định 156/2018/NĐ-CP, Điều 46, and how they are told.

Words after Hải Phòng's decision 32/2021/QĐ-UBND; other provinces word them alike. The decree gives a sign with a
white ground and a red rim and no colour a level, so colours are the wall's own choice and the numeral is always
shown.
"""

from dataclasses import dataclass

from ioc.text import Text


@dataclass(frozen=True)
class Level:
    """One level: its number from 1 to 5, its Roman numeral, its name, and what it says of fire."""

    number: int
    roman: str
    name: Text
    meaning: Text


LEVELS = (
    Level(
        1, "I", Text("thấp", "low"),
        Text("Ít có khả năng cháy rừng.", "Forest fire is unlikely."),
    ),
    Level(
        2, "II", Text("trung bình", "moderate"),
        Text("Khả năng cháy rừng ở mức trung bình.", "Forest fire is possible."),
    ),
    Level(
        3, "III", Text("cao", "high"),
        Text("Thời tiết khô hanh kéo dài, dễ xảy ra cháy rừng, có thể cháy lan trên diện rộng.",
             "Dry weather lasts; fires start easily and may spread over a wide area."),
    ),
    Level(
        4, "IV", Text("nguy hiểm", "dangerous"),
        Text("Hanh khô, hạn kéo dài, nguy cơ cháy rừng lớn, lửa lan nhanh.",
             "Dry weather and drought last; the danger of fire is great and it spreads fast."),
    ),
    Level(
        5, "V", Text("cực kỳ nguy hiểm", "extremely dangerous"),
        Text("Khô hạn kiệt kéo dài, có thể cháy lớn ở tất cả các loại rừng, lửa lan rất nhanh.",
             "Severe drought lasts; great fires are possible in every kind of forest and spread very fast."),
    ),
)  # fmt: skip
