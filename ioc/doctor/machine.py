"""Clocks, disks, certificates and calendars: what goes wrong by the mere passing of time."""

from datetime import date, datetime, timedelta

from ioc.calendars.days import CalendarFile
from ioc.doctor.finding import Finding, broken, watch, well
from ioc.text import Text

#: Clocks may differ so much; beyond the second, events seem to come from the future.
APART, FAR_APART = timedelta(seconds=1), timedelta(seconds=5)
#: Free shares of a disk.
LITTLE, VERY_LITTLE = 0.15, 0.05
#: Before a certificate ends.
SOON, VERY_SOON = timedelta(days=30), timedelta(days=7)
#: The State decides each autumn how the next year's days off are swapped.
DECIDED_BY = (12, 1)


def clock(whose: str, ahead: timedelta) -> Finding:
    """``ahead``: by how much another clock is ahead of this machine's; negative: behind."""
    about = f"clock {whose}"
    seconds = f"{abs(ahead).total_seconds():.1f}"
    if abs(ahead) <= APART:
        return well(
            about, f"Đồng hồ của {whose} khớp với máy này.", f"The clock of {whose} agrees with this machine's."
        )
    way = Text("nhanh hơn", "ahead of") if ahead > timedelta(0) else Text("chậm hơn", "behind")
    return (broken if abs(ahead) > FAR_APART else watch)(
        about,
        Text(
            f"Đồng hồ của {whose} {way.vi} máy này {seconds} giây.",
            f"The clock of {whose} is {seconds} s {way.en} this machine's.",
        ),
        Text(
            "Bật đồng bộ giờ (chrony hoặc systemd-timesyncd) trên cả hai máy.",
            "Let both machines follow a time server (chrony or systemd-timesyncd).",
        ),
    )


def disk(path: str, free: int, total: int) -> Finding:
    """``free`` and ``total`` in bytes."""
    about, share = f"disk {path}", free / total
    size = Text(f"{free / 1e9:.1f} GB".replace(".", ","), f"{free / 1e9:.1f} GB")
    says = Text(
        f"Ổ đĩa của {path} còn trống {size.vi} ({share:.0%}).", f"The disk of {path} has {size.en} left ({share:.0%})."
    )
    if share > LITTLE:
        return Finding(about, "well", says)
    do = Text(
        "Dọn bớt hoặc thêm ổ đĩa: Kafka dừng khi ổ đĩa đầy.",
        "Clear some of it or add a disk: Kafka stops when its disk is full.",
    )
    return (broken if share < VERY_LITTLE else watch)(about, says, do)


def certificate(where: str, until: datetime | None, problem: str, now: datetime) -> Finding:
    """``until``: when it ends, None where it cannot be used; then ``problem`` says why."""
    about = f"certificate {where}"
    do = Text("Cấp và cài chứng thư mới.", "Have a new certificate issued and install it.")
    if until is None:
        return broken(
            about,
            Text(
                f"Chứng thư của {where} không dùng được: {problem}.",
                f"The certificate of {where} cannot be used: {problem}.",
            ),
            do,
        )
    left = until - now
    says = Text(
        f"Chứng thư của {where} hết hạn ngày {until:%d/%m/%Y}, còn {left.days} ngày.",
        f"The certificate of {where} ends on {until:%F}, in {left.days} days.",
    )
    if left > SOON:
        return Finding(about, "well", says)
    return (broken if left < VERY_SOON else watch)(about, says, do)


def calendar(said: CalendarFile, today: date) -> Finding:
    """Whether what the State has decided about days off is in the calendar."""
    about = f"calendar {said.id}"
    if said.country is None:
        return well(about, f"Lịch {said.id} không theo ngày lễ.", f"Calendar {said.id} knows no public holidays.")
    decided = max((day.date for day in said.days), default=None)
    wanted = today.year + ((today.month, today.day) >= DECIDED_BY)
    if decided is not None and decided.year >= wanted:
        return well(
            about,
            f"Lịch {said.id} (bản {said.version}) có quyết định đến {decided:%d/%m/%Y}.",
            f"Calendar {said.id} (version {said.version}) has decisions up to {decided:%F}.",
        )
    known = Text("", "")
    if decided is not None:
        known = Text(f"; mới có đến {decided:%d/%m/%Y}", f"; the newest is of {decided:%F}")
    return watch(
        about,
        Text(
            f"Lịch {said.id} (bản {said.version}) chưa có quyết định nghỉ bù, làm bù của năm {wanted}{known.vi}.",
            f"Calendar {said.id} (version {said.version}) has no decision on days off made up in {wanted}{known.en}.",
        ),
        Text(
            "Bổ sung [[days]] theo thông báo mới nhất và tăng version: hạn lệch một ngày là trái quy định.",
            "Add [[days]] from the newest decision and raise its version: a term that is a day off breaks the law.",
        ),
    )
