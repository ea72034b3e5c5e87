"""What a district file says of figures: indicators and forms of returns, figures over them, plans and targets."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ioc.events.base import Code
from ioc.office.periods import Every
from ioc.text import Text


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Named(_Entry):
    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="what people call it, as it is printed")]
    name_en: Annotated[str, Field(description="the same in English")]

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)


class Indicator(_Named):
    """One value that an office declares (chỉ tiêu báo cáo)."""

    unit: Annotated[str, Field(description="what is counted, as the form prints it: hộ, người, thôn")]
    decimals: Annotated[int, Field(ge=0, le=6, description="so many decimals count")] = 0
    kind: Annotated[
        Literal["stock", "flow"], Field(description="stock: as it stands, the newest counts; flow: periods add up")
    ] = "stock"
    part_of: Annotated[Code | None, Field(description="the indicator that it is a part of: never more than that")] = (
        None
    )
    sum_of: Annotated[tuple[Code, ...], Field(description="the indicators that it is the sum of")] = ()
    most: Annotated[float | None, Field(description="never more than this")] = None
    jump: Annotated[
        float | None, Field(gt=0, description="a change by more than this share since the last return is doubted")
    ] = None


class Form(_Named):
    """A form (biểu mẫu) that offices file, once or every period."""

    indicators: Annotated[tuple[Code, ...], Field(min_length=1, description="what it asks for")]
    areas: Annotated[
        Literal["communes", "district"] | tuple[Code, ...],
        Field(description="who files it: every commune, the district's own office, or these areas"),
    ] = "communes"
    every: Annotated[
        Every | None,
        Field(description="it is due after every such period; none: when somebody asks"),
    ] = None
    cut_off: Annotated[Code | None, Field(description="how its periods are cut; none: the district's first rule")] = (
        None
    )
    due_days: Annotated[int, Field(ge=0, description="due so many days after the period's last")] = 5


class Part(_Entry):
    """What is counted: some of a tally, the different values of one of its labels, a declared indicator, or areas."""

    tally: Annotated[Code | None, Field(description="a tally that some detector counts, by its name")] = None
    where: Annotated[
        Mapping[Code, tuple[Code, ...]],
        Field(description="only with these values of labels; @district, @communes: its own offices, its communes"),
    ] = {}
    distinct: Annotated[Code | None, Field(description="count different values of this label, not how often")] = None
    indicator: Annotated[Code | None, Field(description="a declared indicator; all its areas together")] = None
    areas: Annotated[Literal["communes"] | None, Field(description="how many communes there are")] = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Part":
        if sum(each is not None for each in (self.tally, self.indicator, self.areas)) != 1:
            raise ValueError("name one of tally, indicator, areas")
        return self


class Figure(_Named):
    """A number (số liệu) or, with ``out_of``, a share in per cent (tỷ lệ)."""

    of: Annotated[tuple[Part, ...], Field(min_length=1, description="what is counted: these add up")]
    out_of: Annotated[tuple[Part, ...], Field(description="the whole of a share: these add up")] = ()
    unit: Annotated[str, Field(description="what a number counts; a share's is %")] = ""
    a_month: Annotated[bool, Field(description="on average a month of the period")] = False


class Plan(_Named):
    """A plan or resolution (kế hoạch, nghị quyết) that sets targets."""

    reported: Annotated[
        Code | None, Field(description="indicator by which an office reports how many are done; shown beside ours")
    ] = None


class Target(_Named):
    """One target."""

    plan: Annotated[Code | None, Field(description="the plan that sets it")] = None
    figure: Annotated[Code, Field(description="the figure that it is about")]
    goal: Annotated[float, Field(description="what is to be reached, in the figure's unit")]
    direction: Annotated[
        Literal["at_least", "at_most"], Field(description="at_least: more is better; at_most: less is")
    ] = "at_least"
    period: Annotated[str, Field(description="the days that it is judged over: 2023, 2026-Q3, 2022-01-01..2022-09-20")]
    cut_off: Annotated[Code | None, Field(description="how the period is cut; none: the district's first rule")] = None
    due: Annotated[date | None, Field(description="the day by which it is to be reached; none: the period's last")] = (
        None
    )


class Criterion(_Named):
    """One criterion: points for a figure of the commune."""

    figure: Annotated[Code, Field(description="the figure, computed of one commune alone")]
    points: Annotated[float, Field(gt=0, description="the most that it gives")]
    full: Annotated[float, Field(description="from this value on it gives all points")]
    zero: Annotated[float, Field(description="up to this value it gives none")] = 0

    @model_validator(mode="after")
    def _a_span(self) -> "Criterion":
        if self.full == self.zero:
            raise ValueError("full and zero must differ")
        return self


class Group(_Named):
    """A group of criteria."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, description="its criteria")]

    @property
    def points(self) -> float:
        return sum(criterion.points for criterion in self.criteria)


class Scoring(_Entry):
    """How communes are scored (bộ tiêu chí), to 100 points."""

    name: Annotated[str, Field(description="what it is called, as reports print it")]
    name_en: Annotated[str, Field(description="the same in English")]
    basis: Annotated[str, Field(description="by which decision, or that it is an example")] = ""
    groups: Annotated[tuple[Group, ...], Field(min_length=1, description="groups of criteria")]
    reported: Annotated[Code | None, Field(description="indicator by which communes score themselves")] = None

    @model_validator(mode="after")
    def _a_hundred(self) -> "Scoring":
        total = sum(group.points for group in self.groups)
        if abs(total - 100) > 1e-9:
            raise ValueError(f"the points of all criteria make {total:g}, not 100")
        return self


class Head(_Entry):
    """The head and foot of this office's papers; what is empty is left as dots for the office to fill in."""

    parent: Annotated[str, Field(description="cơ quan chủ quản, above the office's own name")] = ""
    office: Annotated[str, Field(description="cơ quan ban hành")] = ""
    mark: Annotated[str, Field(description="the office's letters in the number: UBND, TTĐH")] = ""
    place: Annotated[str, Field(description="where it is dated")] = ""
    signs: Annotated[str, Field(description="who signs, as an office: TM. ỦY BAN NHÂN DÂN")] = ""
    signer: Annotated[str, Field(description="who signs, by name")] = ""
    receivers: Annotated[tuple[str, ...], Field(description="nơi nhận")] = ()


def unknown_names(
    indicators: Iterable[Indicator], forms: Iterable[Form], figures: Iterable[Figure], plans: Iterable[Plan],
    targets: Iterable[Target], scoring: Scoring | None,
) -> str:  # fmt: skip
    """What refers to nothing, or is there twice, in a sentence with its place; empty where all is well."""
    known: dict[str, set[str]] = {}
    named: tuple[tuple[str, Iterable[_Named]], ...] = (
        ("indicators", indicators), ("returns", forms), ("figures", figures), ("plans", plans), ("targets", targets),
    )  # fmt: skip
    for what, entries in named:
        known[what] = set()
        for entry in entries:
            if entry.id in known[what]:
                return f"[[{what}]] {entry.id!r} is there twice"
            known[what].add(entry.id)
    wanted = [
        *((f"[[indicators]] {each.id!r}", "indicators", name) for each in indicators
          for name in (*each.sum_of, *([each.part_of] if each.part_of else []))),
        *((f"[[returns]] {each.id!r}", "indicators", name) for each in forms for name in each.indicators),
        *((f"[[figures]] {each.id!r}", "indicators", part.indicator) for each in figures
          for part in (*each.of, *each.out_of) if part.indicator),
        *((f"[[plans]] {each.id!r}", "indicators", each.reported) for each in plans if each.reported),
        *((f"[[targets]] {each.id!r}", "figures", each.figure) for each in targets),
        *((f"[[targets]] {each.id!r}", "plans", each.plan) for each in targets if each.plan),
    ]  # fmt: skip
    if scoring is not None:
        wanted += [("[scoring]", "figures", each.figure) for group in scoring.groups for each in group.criteria]
        wanted += [("[scoring]", "indicators", scoring.reported)] if scoring.reported else []
    return next((f"{where} names {name!r}, which is not under [[{what}]]"
                 for where, what, name in wanted if name not in known[what]), "")  # fmt: skip
