"""The page that shows how two versions of the rules differ on the same events: sums first, then every alert's time."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from html import escape

from ioc.district import District
from ioc.replay.difference import CHANGES, Change, Difference, Episode, Pair
from ioc.text import Text

#: So many alerts have a line of time; all are counted.
SHOWN = 500
STYLE = """
:root { --a: #2b6cb0; --b: #c05621; --quiet: #5b6770; --line: #d5dbe0; color-scheme: light; }
* { box-sizing: border-box; }
body { font: 16px/1.45 "Noto Sans", system-ui, sans-serif; color: #14202b; background: #f5f7f8; margin: 0; }
main { max-width: 1280px; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
small, .en { color: var(--quiet); font-weight: 400; }
.versions span { display: inline-block; padding: .1rem .6rem; color: #fff; border-radius: .3rem; font-weight: 700; }
.a { background: var(--a); } .b { background: var(--b); }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; }
.tile { background: #fff; border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; min-width: 8rem; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; }
table { border-collapse: collapse; background: #fff; width: 100%; border: 1px solid var(--line); }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: right; }
th:first-child, td:first-child { text-align: left; }
th { font-size: .85rem; vertical-align: bottom; } td.zero { color: #aab4bb; } td.plus { font-weight: 700; }
.row { display: grid; grid-template-columns: minmax(15rem, 26rem) 1fr; gap: .8rem; padding: .35rem .6rem; }
.row { background: #fff; border-bottom: 1px solid var(--line); align-items: center; }
.row .what { overflow-wrap: anywhere; }
.chip { font-size: .78rem; background: #e8edf0; border-radius: .25rem; padding: 0 .35rem; margin-right: .25rem; }
.track { position: relative; height: 2.4rem; }
.track { background: linear-gradient(90deg, #eef2f4 1px, transparent 1px) 0 0 / 12.5%; }
.bar { position: absolute; height: .95rem; min-width: 3px; border-radius: .2rem; }
.bar.a { top: .15rem; } .bar.b { top: 1.3rem; }
.bar.open { border-radius: .2rem 0 0 .2rem; -webkit-mask: linear-gradient(90deg, #000 75%, transparent); }
.axis { display: flex; justify-content: space-between; color: var(--quiet); font-size: .8rem; padding: 0 .6rem; }
.axis { margin-left: calc(min(26rem, 40%) + .8rem); }
"""


def page(found: Difference, district: District, a: str, b: str) -> str:
    """The whole page; ``a`` and ``b`` name the two versions."""
    pairs = found.differs
    title = "So sánh hai phiên bản quy tắc"
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style><main>'
        f"<h1>{title} <small>Two versions of the rules on the same events</small></h1>"
        f'<p class="versions"><span class="a">A</span> {escape(a)} &nbsp; <span class="b">B</span> {escape(b)}'
        f" &nbsp; · {escape(district.name)}</p>"
        + _tiles(found)
        + _table(Text("Theo loại cảnh báo", "By kind of alert"), found, lambda each: each.title.get("vi", each.kind))
        + _table(Text("Theo xã", "By commune"), found, lambda each: district.commune_name(each.commune) or "—")
        + _table(Text("Theo giờ bắt đầu", "By hour of opening"), found, lambda each: _hour(each, district))
        + _timeline(pairs, district)
        + "</main></html>\n"
    )  # fmt: skip


def _hour(episode: Episode, district: District) -> str:
    return f"{district.local(episode.opened_at):%H}:00"


def _both(text: Text) -> str:
    return f'{escape(text.vi)} <span class="en">{escape(text.en)}</span>'


def _tiles(found: Difference) -> str:
    counts = Counter(change for pair in found.pairs for change in pair.changes)
    notices_a = sum(pair.a.notices for pair in found.pairs if pair.a)
    notices_b = sum(pair.b.notices for pair in found.pairs if pair.b)
    same = sum(not pair.changes for pair in found.pairs)
    tiles = [(f"{same:,}", Text("cảnh báo như nhau", "alerts alike"))]
    tiles += [(f"{counts[change]:,}", words) for change, words in CHANGES.items()]
    tiles.append((f"{notices_b - notices_a:+,}", Text("lượt báo tin ở B so với A", "notices in B against A")))
    shown = (f'<div class="tile"><b>{number}</b>{_both(words)}</div>' for number, words in tiles)
    return f'<div class="tiles">{"".join(shown)}</div>'


def _table(title: Text, found: Difference, by: Callable[[Episode], str]) -> str:
    rows = found.counts(by)
    heads = [Text("cảnh báo A", "alerts A"), Text("cảnh báo B", "alerts B"), *CHANGES.values(),
             Text("thêm/bớt báo tin", "notices added or saved")]  # fmt: skip
    lines = (
        f"<tr><td>{escape(label)}</td>" + "".join(_cell(number, signed) for number, signed in _numbers(row)) + "</tr>"
        for label, row in rows.items()
    )
    head = "".join(f"<th>{escape(text.vi)}<br><small>{escape(text.en)}</small></th>" for text in heads)
    return f"<h2>{_both(title)}</h2><table><tr><th></th>{head}</tr>{''.join(lines)}</table>"


def _numbers(row: Counter[str]) -> Iterator[tuple[int, bool]]:
    yield row["a"], False
    yield row["b"], False
    for change in CHANGES:
        yield row[change], False
    yield row["notices_b"] - row["notices_a"], True


def _cell(number: int, signed: bool) -> str:
    return f'<td class="{"plus" if number else "zero"}">{f"{number:+,}" if signed else f"{number:,}"}</td>'


def _timeline(pairs: Sequence[Pair], district: District) -> str:
    title = f"<h2>{_both(Text('Từng cảnh báo khác nhau theo thời gian', 'Every alert that differs, in time'))}</h2>"
    if not pairs:
        return title + f"<p>{_both(Text('Không có khác biệt.', 'No difference.'))}</p>"
    start, end = _span(pairs)
    local = district.local
    axis = "".join(f"<span>{local(start + (end - start) * part / 4):%H:%M %d/%m/%Y}</span>" for part in range(5))
    more = len(pairs) - SHOWN
    rest = f"<p>{_both(Text(f'và {more:,} cảnh báo nữa', f'and {more:,} more alerts'))}</p>" if more > 0 else ""
    rows = "".join(_row(pair, start, end, district) for pair in pairs[:SHOWN])
    return f'{title}<div class="axis">{axis}</div>{rows}<div class="axis">{axis}</div>{rest}'


def _span(pairs: Iterable[Pair]) -> tuple[datetime, datetime]:
    sides = [side for pair in pairs for side in (pair.a, pair.b) if side]
    start = min(side.opened_at for side in sides)
    end = max(side.cleared_at or side.opened_at for side in sides)
    return start, max(end, start + timedelta(minutes=1)) + (end - start) / 50


def _row(pair: Pair, start: datetime, end: datetime, district: District) -> str:
    one = pair.either
    chips = "".join(
        f'<span class="chip">{escape(CHANGES[c].vi)} · {escape(CHANGES[c].en)}</span>' for c in pair.changes
    )
    place = f" · {escape(district.commune_name(one.commune))}" if one.commune else ""
    bars = "".join(_bar(side, name, start, end, district) for name, side in (("a", pair.a), ("b", pair.b)) if side)
    what = f"{escape(one.title.get('vi', one.kind))} <small>{escape(one.about)}{place}</small>"
    return f'<div class="row"><div class="what">{what}<br>{chips}</div><div class="track">{bars}</div></div>'


def _change(pair: Pair, change: Change) -> str:
    words, a, b = CHANGES[change], pair.a, pair.b
    said = f"{escape(words.vi)} · {escape(words.en)}"
    if a and b and change == "moved":
        said += f" {(b.opened_at - a.opened_at) / timedelta(minutes=1):+,.0f} min"
    if a and b and change == "severity":
        said += f" {a.severity} → {b.severity}"
    return said


def _bar(side: Episode, name: str, start: datetime, end: datetime, district: District) -> str:
    left = (side.opened_at - start) / (end - start) * 100
    width = ((side.cleared_at or end) - side.opened_at) / (end - start) * 100
    until = f"{district.local(side.cleared_at):%H:%M %d/%m}" if side.cleared_at else "chưa hết / still firing"
    words = f"{name.upper()}: {district.local(side.opened_at):%H:%M %d/%m} – {until}, {side.severity}"
    still = "" if side.cleared_at else " open"
    return f'<div class="bar {name}{still}" style="left:{left:.2f}%;width:{width:.2f}%" title="{escape(words)}"></div>'
