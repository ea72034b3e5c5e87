"""A paper as one HTML page, to look at before it is edited: nothing is loaded from elsewhere, no script runs."""

from base64 import b64encode
from html import escape

from dashboards.reports.paper import Block, Heading, Paper, Picture, Table, Words

STYLE = """
body { margin: 0; background: #e9e9e6; color: #111; font: 17px/1.45 "Times New Roman", "Liberation Serif", serif; }
main { max-width: 46rem; margin: 1.5rem auto; padding: 3rem 3.2rem; background: #fff; box-shadow: 0 1px 6px #0003; }
.two { display: grid; grid-template-columns: 2fr 3fr; text-align: center; gap: 1rem; }
.two p, .foot p { margin: .1rem 0; }
.line { display: inline-block; border-top: 1px solid #111; width: 40%; }
h1 { font-size: 1.15rem; text-align: center; margin: 1.6rem 0 0; }
h1 + p { font-weight: bold; text-align: center; margin: .2rem 0 1.4rem; }
h2 { font-size: 1.02rem; margin: 1.3rem 0 .4rem; }
p { margin: .35rem 0; text-align: justify; }
.quiet { font-style: italic; font-size: .9rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: .6rem 0 1rem; }
th, td { border: 1px solid #444; padding: .2rem .4rem; text-align: left; vertical-align: top; }
th { text-align: center; }
td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
img { max-width: 100%; display: block; margin: .5rem auto 0; }
figure { margin: 1rem 0; } figcaption { text-align: center; font-style: italic; font-size: .9rem; }
.foot { display: grid; grid-template-columns: 1fr 1fr; margin-top: 2rem; }
.foot > :last-child { text-align: center; } .foot .space { height: 5rem; }
.warning { text-align: center; font-weight: bold; border: 3px double #a00; color: #a00; padding: .3rem; }
@media print { body { background: none; } main { box-shadow: none; margin: 0; padding: 0; max-width: none; } }
"""


def page(paper: Paper) -> str:
    """The page."""
    said = paper.district.paper
    office = said.office.upper() or f"TRUNG TÂM ĐIỀU HÀNH {paper.district.name.upper()}"
    receivers = paper.receivers or said.receivers or ("……………", "……………")
    warning = f'<p class="warning">{escape(paper.warning)}</p>' if paper.warning else ""
    given = "".join(f"<p>- {escape(each.rstrip(';.'))};</p>" for each in receivers)
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(paper.about)}</title><style>{STYLE}</style></head><body><main>{warning}
<div class="two"><div><p>{escape(said.parent.upper() or "…………………")}</p><p><b>{escape(office)}</b></p>
<span class="line"></span><p>{escape(paper.number)}</p></div>
<div><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p><p><b>Độc lập - Tự do - Hạnh phúc</b></p>
<span class="line"></span><p><i>{escape(paper.dated)}</i></p></div></div>
<h1>{escape(paper.kind)}</h1><p>{escape(paper.about)}</p>
{"".join(map(_block, paper.blocks))}
<div class="foot"><div><p><b><i>Nơi nhận:</i></b></p>{given}<p>- Lưu: VT.</p></div>
<div><p><b>{escape(said.signs.upper() or "………………")}</b></p><div class="space"></div>
<p><b>{escape(said.signer or "………………………")}</b></p></div></div>
</main></body></html>
"""


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h2>{escape(block.text)}</h2>"
        case Words():
            quiet = ' class="quiet"' if block.quiet else ""
            return f"<p{quiet}>{'- ' if block.item else ''}{escape(block.text)}</p>"
        case Picture():
            data = b64encode(block.png).decode()
            says = escape(block.says)
            return (
                f'<figure><img alt="{says}" src="data:image/png;base64,{data}"><figcaption>{says}</figcaption></figure>'
            )
        case Table():
            titles = "".join(f"<th>{escape(title)}</th>" for title in block.head)
            head = f"<thead><tr>{titles}</tr></thead>" if titles else ""
            rows = "".join(f"<tr>{_cells(row, block.numbers)}</tr>" for row in block.rows)
            return f"<table>{head}<tbody>{rows}</tbody></table>"


def _cells(row: object, numbers: frozenset[int]) -> str:
    assert isinstance(row, tuple | list)
    return "".join(
        f"<td{' class=n' if column in numbers else ''}>{escape(text)}</td>" for column, text in enumerate(row)
    )
