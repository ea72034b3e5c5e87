"""The shares (tỷ lệ) that reports print, each declared with its numerator, its denominator and what neither counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ioc.detector import Tally
from ioc.events.requests import Work
from ioc.office import document_figures as documents
from ioc.office import dossier_figures as dossiers
from ioc.office import request_figures as requests
from ioc.text import Text


@dataclass(frozen=True)
class Row:
    """One tally of one day and its labels."""

    tally: str
    day: date
    labels: tuple[str, ...]
    value: int


@dataclass(frozen=True)
class Part:
    """Some of a tally: those whose labels have one of the values named."""

    tally: Tally
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def count(self, rows: Iterable[Row], at: Mapping[str, str]) -> int:
        """How many, of the labels ``at`` where the tally has such a label."""
        wanted = {**self.where, **{label: (value,) for label, value in at.items() if label in self.tally.labels}}
        places = {self.tally.labels.index(label): values for label, values in wanted.items()}
        return sum(
            row.value
            for row in rows
            if row.tally == self.tally.name and all(row.labels[place] in values for place, values in places.items())
        )


@dataclass(frozen=True)
class Share:
    """A share (tỷ lệ) as a report prints it. ``excluded`` says what neither part counts."""

    name: str
    title: Text
    work: Work
    numerator: Part
    denominator: Part
    counted: Text
    out_of: Text
    excluded: Text


NOTHING = Text("không loại trừ", "nothing")
SERVICES: Mapping[str, Text] = {
    "full": Text("toàn trình", "end-to-end services"),
    "partial": Text("một phần", "partial services"),
    "level_3": Text("mức độ 3 (trước đây)", "former level 3"),
    "level_4": Text("mức độ 4 (trước đây)", "former level 4"),
}
SHARES: tuple[Share, ...] = (
    Share(
        "dossiers_online", Text("Tỷ lệ hồ sơ trực tuyến", "Dossiers filed online"), "dossier",
        Part(dossiers.RECEIVED, {"channel": ("online",)}), Part(dossiers.RECEIVED),
        Text("hồ sơ tiếp nhận trực tuyến", "dossiers received online"), Text("hồ sơ tiếp nhận", "dossiers received"),
        Text("hồ sơ không tiếp nhận", "dossiers refused"),
    ),
    *(
        Share(
            f"dossiers_online_{name}",
            Text(f"Tỷ lệ hồ sơ trực tuyến, dịch vụ {words.vi}", f"Dossiers filed online, {words.en}"), "dossier",
            Part(dossiers.RECEIVED, {"channel": ("online",), "service": (name,)}),
            Part(dossiers.RECEIVED, {"service": (name,)}),
            Text("trong đó tiếp nhận trực tuyến", "of these received online"),
            Text(f"hồ sơ của dịch vụ {words.vi}", f"dossiers of {words.en}"),
            Text("hồ sơ không tiếp nhận", "dossiers refused"),
        )
        for name, words in SERVICES.items()
    ),
    Share(
        "dossiers_resolved", Text("Tỷ lệ đã giải quyết", "Dossiers resolved, of those received"), "dossier",
        Part(dossiers.RESOLVED), Part(dossiers.RECEIVED),
        Text("hồ sơ có kết quả trong kỳ", "dossiers resolved in the period"),
        Text("hồ sơ tiếp nhận trong kỳ", "dossiers received in the period"),
        Text("không phải tỷ lệ đúng hạn; hồ sơ rút, dừng không tính là đã giải quyết",
             "not the on-time share; withdrawn and stopped dossiers are not resolved"),
    ),
    Share(
        "dossiers_on_time", Text("Tỷ lệ giải quyết trước và đúng hạn", "Dossiers resolved early or on time"), "dossier",
        Part(dossiers.RESOLVED, {"timeliness": ("early", "on_time")}),
        Part(dossiers.RESOLVED, {"timeliness": ("early", "on_time", "late")}),
        Text("có kết quả trước hoặc đúng hạn đầu tiên", "resolved by the first due time"),
        Text("hồ sơ có kết quả và có hạn", "dossiers resolved that had a due time"),
        Text("hồ sơ không có hạn, rút, dừng", "dossiers without a due time, withdrawn, stopped"),
    ),
    Share(
        "fees_online", Text("Tỷ lệ thanh toán trực tuyến", "Fees paid online"), "dossier",
        Part(dossiers.FEES, {"paid": ("online",)}), Part(dossiers.FEES),
        Text("hồ sơ đã nộp trực tuyến", "dossiers paid online"),
        Text("hồ sơ có phí, lệ phí phát sinh trong kỳ", "dossiers with a fee that fell due in the period"),
        Text("hồ sơ không có phí, lệ phí", "dossiers without a fee"),
    ),
    Share(
        "satisfied", Text("Mức độ hài lòng", "Satisfied"), "dossier",
        Part(dossiers.SURVEYS, {"answer": ("very_satisfied", "satisfied")}), Part(dossiers.SURVEYS),
        Text("trả lời hài lòng, rất hài lòng", "answers satisfied or very satisfied"),
        Text("trả lời khảo sát", "answers to the survey"),
        Text("hồ sơ không trả lời khảo sát", "those who did not answer"),
    ),
    Share(
        "papers_digitised", Text("Tỷ lệ số hóa thành phần hồ sơ", "Papers digitised at reception"), "dossier",
        Part(dossiers.DIGITISED, {"what": ("papers",), "digitised": ("yes",)}),
        Part(dossiers.DIGITISED, {"what": ("papers",)}),
        Text("hồ sơ đã số hóa thành phần", "dossiers with digitised papers"),
        Text("hồ sơ mà Một cửa có báo", "dossiers of which the desk says so"),
        Text("hồ sơ không báo", "dossiers of which it says nothing"),
    ),
    Share(
        "results_electronic", Text("Tỷ lệ kết quả điện tử", "Results issued electronically"), "dossier",
        Part(dossiers.DIGITISED, {"what": ("result",), "digitised": ("yes",)}),
        Part(dossiers.DIGITISED, {"what": ("result",)}),
        Text("kết quả điện tử", "electronic results"),
        Text("kết quả mà Một cửa có báo", "results of which the desk says so"),
        Text("kết quả không báo", "results of which it says nothing"),
    ),
    Share(
        "requests_answered_on_time", Text("Tỷ lệ trả lời đúng hạn", "Requests answered in time"), "request",
        Part(requests.ANSWERED, {"timeliness": ("on_time",)}), Part(requests.ANSWERED),
        Text("phản ánh trả lời đúng hạn", "requests answered in time"),
        Text("phản ánh được trả lời trong kỳ", "requests answered in the period"),
        Text("khiếu nại, tố cáo", "complaints and denunciations"),
    ),
    Share(
        "requests_settled_on_time", Text("Tỷ lệ giải quyết xong đúng hạn", "Requests settled in time"), "request",
        Part(requests.SETTLED, {"timeliness": ("on_time",)}), Part(requests.SETTLED),
        Text("phản ánh kết thúc đúng hạn", "requests settled in time"),
        Text("phản ánh kết thúc, có thời hạn giải quyết", "requests settled that had such a term"),
        Text("phản ánh không có thời hạn giải quyết", "requests without such a term"),
    ),
    Share(
        "documents_on_time", Text("Tỷ lệ văn bản xử lý đúng hạn", "Documents done in time"), "document",
        Part(documents.DONE, {"timeliness": ("on_time",)}), Part(documents.DONE, {"timeliness": ("on_time", "late")}),
        Text("xử lý đúng hạn", "done in time"),
        Text("văn bản đã xử lý và có hạn", "documents done that had a due time"),
        Text("văn bản không có hạn", "documents without a due time"),
    ),
    Share(
        "documents_signed_office",
        Text("Tỷ lệ văn bản phát hành có chữ ký số cơ quan", "Issued, signed by the office"),
        "document", Part(documents.SENT, {"office": ("yes",)}), Part(documents.SENT),
        Text("có chữ ký số của cơ quan", "signed by the office"),
        Text("văn bản phát hành", "documents issued"), NOTHING,
    ),
    Share(
        "documents_signed_leader",
        Text("Tỷ lệ văn bản phát hành có chữ ký số lãnh đạo", "Issued, signed by the leader"),
        "document", Part(documents.SENT, {"leader": ("yes",)}), Part(documents.SENT),
        Text("có chữ ký số của lãnh đạo", "signed by the leader"),
        Text("văn bản phát hành", "documents issued"), NOTHING,
    ),
    Share(
        "documents_electronic", Text("Tỷ lệ văn bản phát hành điện tử", "Documents issued electronically"), "document",
        Part(documents.SENT, {"electronic": ("yes",)}), Part(documents.SENT),
        Text("phát hành điện tử", "issued electronically"), Text("văn bản phát hành", "documents issued"),
        Text("văn bản mật không vào hệ thống", "secret documents never enter"),
    ),
)  # fmt: skip
