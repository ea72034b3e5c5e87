"""The events of the dossiers: each :class:`ioc.demo.cases.Case` told step by step by its commune's desk."""

from collections.abc import Iterator
from datetime import datetime

from ioc.demo.cases import Case, appointed, cases
from ioc.demo.chance import Random, chance
from ioc.demo.times import Times, minutes
from ioc.events.base import AnyEvent, Event
from ioc.events.dossiers import (
    DossierData,
    DossierFiled,
    DossierForwarded,
    DossierReceived,
    DossierRefused,
    DossierResolved,
    DossierReturned,
    DossierWithdrawn,
    FeeDue,
    FeePaid,
    SupplementRequested,
    SupplementSupplied,
)

Step = tuple[datetime, DossierData]
#: Why a dossier filed online is not received.
REFUSALS = (
    "Bản chụp giấy tờ không đọc được, đề nghị nộp lại bản rõ nét.",
    "Thiếu tờ khai theo mẫu.",
    "Hồ sơ không thuộc thẩm quyền giải quyết của xã.",
)
MISSING = (
    "Đề nghị bổ sung giấy tờ chứng minh nơi cư trú.",
    "Đề nghị bổ sung bản sao giấy tờ tùy thân còn giá trị sử dụng.",
    "Thông tin trong tờ khai chưa khớp với cơ sở dữ liệu, đề nghị khai lại.",
)


def events(times: Times, seed: int) -> Iterator[AnyEvent]:
    """Every step of every dossier."""
    for case in cases(times, seed):
        draw = chance(seed, "steps", case.code)
        for number, (at, data) in enumerate(_steps(times, case, draw), 1):
            yield Event(at, f"/one-stop/{case.commune}", f"{case.code}/{number}", data)


def _steps(times: Times, case: Case, draw: Random) -> Iterator[Step]:
    dossier, commune, desk = case.code, case.commune, f"mot-cua-{case.commune}"
    procedure, service = case.procedure.code, case.procedure.service
    if case.filed:
        filed = DossierFiled(
            dossier=dossier, commune=commune, desk=desk, procedure=procedure, service=service,
            channel=case.channel,
        )  # fmt: skip
        yield case.filed, filed
    if case.ending == "refused":
        reason = draw.choice(REFUSALS)
        yield case.received, DossierRefused(dossier=dossier, commune=commune, desk=desk, reason=reason)
        return
    received = DossierReceived(
        dossier=dossier, commune=commune, desk=desk, procedure=procedure, service=service,
        channel=case.channel, due=appointed(times, case.procedure, case.received),
    )  # fmt: skip
    yield case.received, received
    yield from _middle(case, draw)
    if case.ending == "withdrawn":
        yield case.resolved, DossierWithdrawn(dossier=dossier, commune=commune, desk=desk)
        return
    yield case.resolved, DossierResolved(dossier=dossier, commune=commune, desk=desk)
    fetched = times.work(case.resolved, draw.expovariate(0.7) + 0.05)
    yield fetched, DossierReturned(dossier=dossier, commune=commune, desk=desk)


def _middle(case: Case, draw: Random) -> Iterator[Step]:
    """Between reception and result: the fee, the way through the office, papers that were missing."""
    dossier, commune, desk = case.code, case.commune, f"mot-cua-{case.commune}"
    if fee := case.procedure.fee_vnd:
        yield case.received, FeeDue(dossier=dossier, commune=commune, desk=desk, amount_vnd=fee)
        paid = FeePaid(dossier=dossier, commune=commune, desk=desk, amount_vnd=fee, online=case.channel == "online")
        yield min(case.received + minutes(draw.uniform(0.5, 2)), case.resolved), paid
    if case.supplement:
        asked, supplied = case.supplement
        reason = draw.choice(MISSING)
        yield asked, SupplementRequested(dossier=dossier, commune=commune, desk=desk, reason=reason)
        yield supplied, SupplementSupplied(dossier=dossier, commune=commune, desk=desk, due=case.due)
    else:
        share = draw.uniform(0.3, 0.7)
        forwarded = case.received + minutes((case.resolved - case.received).total_seconds() / 60 * share)
        step = "tham-tra" if case.procedure.term_days else "trinh-ky"
        yield forwarded, DossierForwarded(dossier=dossier, commune=commune, desk=desk, step=step)
