"""Returns as offices write them: a sheet (CSV or XLSX) with a row for each area and indicator. Checked row by row."""

from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from ioc.district import District
from ioc.events.returns import Entry, ReturnFiled
from ioc.sheet import Cells, cells, day, folded, number, text
from ioc.targets.checks import Doubt, doubts
from ioc.targets.entries import Form, Indicator
from ioc.targets.printed import decimals
from ioc.text import complaint, plain

#: Column titles, folded: what offices write, Vietnamese or English.
COLUMNS: dict[str, str] = {
    "bieu": "form", "form": "form", "xa": "area", "don vi": "area", "dia ban": "area", "area": "area",
    "tu ngay": "first", "from": "first", "den ngay": "last", "to": "last",
    "chi tieu": "indicator", "indicator": "indicator", "gia tri": "value", "so lieu": "value", "value": "value",
    "don vi tinh": "unit", "unit": "unit", "nguoi bao cao": "filed_by", "filed by": "filed_by",
    "can cu": "based_on", "nguon": "based_on", "based on": "based_on",
    "nguoi duyet": "approved_by", "approved by": "approved_by",
}  # fmt: skip
WANTED = ("form", "area", "first", "last", "indicator", "value", "filed_by")
NEEDS = (
    "form (biểu), area (xã), from (từ ngày), to (đến ngày), indicator (chỉ tiêu), value (giá trị), filed by (người báo "
    "cáo), and may have unit (đơn vị tính), based on (căn cứ), approved by (người duyệt)"
)
Key = tuple[str, str, date, date]


@dataclass
class Returns:
    """What a sheet says: returns that can be filed, what is doubtful in each, and each row that is wrong."""

    filed: list[tuple[ReturnFiled, list[Doubt]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(content: bytes, name: str, district: District) -> Returns:
    """Returns by form, area and period. A wrong row spoils the return that it belongs to. Raises BadSheet."""
    sheet = _Sheet(district)
    for at, row in cells(content, name, COLUMNS, WANTED, NEEDS):
        sheet.take(at, row)
    return sheet.done()


class _Sheet:
    """Gathers the rows of each return."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._forms = {folded(name): form for form in district.returns for name in (form.id, form.name, form.name_en)}
        self._indicators = {each.id: each for each in district.indicators}
        self._areas = {commune.code: commune.code for commune in district.communes}
        self._areas |= {plain(commune.name): commune.code for commune in district.communes}
        self._areas |= {
            each: district.code or district.id for each in (district.code or district.id, plain(district.name))
        }
        self._entries: dict[Key, dict[str, Entry]] = {}
        self._said: dict[Key, dict[str, str]] = {}
        self._spoiled: set[Key] = set()
        self._problems: list[str] = []

    def take(self, at: int, row: Cells) -> None:
        key: Key | None = None
        try:
            form, area = self._form(row), self._area(row)
            key = (form.id, area, day(row["first"]), day(row["last"]))
            entry = self._entry(form, row)
            if entry.indicator in self._entries.setdefault(key, {}):
                raise ValueError(f"{entry.indicator} is there twice for {area}")
            self._entries[key][entry.indicator] = entry
            said = {what: text(row.get(what)) for what in ("filed_by", "based_on", "approved_by")}
            self._said.setdefault(key, {}).update({what: words for what, words in said.items() if words})
        except ValueError as error:
            why = complaint(error) if isinstance(error, ValidationError) else str(error)
            self._problems.append(f"row {at}: {why}")
            self._spoiled |= {key} if key else set()

    def done(self) -> Returns:
        found = Returns(problems=self._problems)
        for key, entries in sorted(self._entries.items()):
            if key in self._spoiled:
                continue
            form, area, first, last = key
            said = self._said[key]
            if not said.get("filed_by"):
                found.problems.append(f"{area}, {form}: nobody is named who files it (người báo cáo)")
                continue
            filed = ReturnFiled(
                form=form, area=area, first=first, last=last, entries=tuple(entries.values()),
                filed_by=said["filed_by"], based_on=said.get("based_on", ""), approved_by=said.get("approved_by"),
            )  # fmt: skip
            form_of = next(each for each in self._district.returns if each.id == form)
            found.filed.append((filed, doubts(filed, form_of, self._indicators, {})))
        return found

    def _form(self, row: Cells) -> Form:
        form = self._forms.get(folded(row["form"]))
        if form is None:
            known = ", ".join(form.id for form in self._district.returns)
            raise ValueError(f"form {text(row['form'])!r} is not in the district file; it has {known}")
        return form

    def _area(self, row: Cells) -> str:
        written = text(row["area"])
        area = self._areas.get(written) or self._areas.get(plain(written))
        if area is None:
            raise ValueError(f"area {written!r} is no commune of {self._district.name}: write its code")
        return area

    def _entry(self, form: Form, row: Cells) -> Entry:
        known = {folded(name): each for each in self._of(form) for name in (each.id, each.name, each.name_en)}
        indicator = known.get(folded(row["indicator"]))
        if indicator is None:
            raise ValueError(f"indicator {text(row['indicator'])!r} is not on form {form.id!r}")
        value = number(row["value"])
        if decimals(value) > indicator.decimals:
            raise ValueError(f"{indicator.name}: {text(row['value'])} has more than {indicator.decimals} decimals")
        return Entry(indicator=indicator.id, value=value, unit=text(row.get("unit")))

    def _of(self, form: Form) -> list[Indicator]:
        return [self._indicators[id_] for id_ in form.indicators]
