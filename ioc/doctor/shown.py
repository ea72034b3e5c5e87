"""Redis, what people see of a space, and Prometheus, which watches all of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ioc.doctor.finding import Finding, broken, watch, well
from ioc.events.figures import Mode
from ioc.text import Text

OLDEST_REDIS = (6, 2)
#: What people see may be so much behind Kafka, records, and a wall space's time behind the clock.
BEHIND, LATE = 1000, timedelta(minutes=1)


def redis_away(where: str, reason: str) -> Finding:
    return broken(
        "redis",
        Text(
            f"Redis ở {where} không trả lời ({reason}): màn hình không có tin mới.",
            f"Redis at {where} does not answer ({reason}): the wall has no news.",
        ),
        Text(
            "Khởi động Redis; không cần khôi phục gì, mô hình đọc tự điền lại từ Kafka.",
            "Start Redis; nothing needs to be restored, the read model fills it again from Kafka.",
        ),
    )


def redis(where: str, version: str, policy: str | None, used: int, limit: int) -> Finding:
    """``policy``: what it does when full, None where it does not say; ``used`` and ``limit`` in bytes, 0: no limit."""
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_REDIS:
        return broken(
            "redis",
            Text(f"Redis ở {where} là bản {version}, cũ quá.", f"Redis at {where} is version {version}: too old."),
            Text("Nâng lên 6.2 trở lên, hoặc dùng Valkey.", "Upgrade it to 6.2 or newer, or use Valkey."),
        )
    if policy not in (None, "noeviction"):
        return broken(
            "redis",
            Text(
                f"Khi đầy, Redis ở {where} tự bỏ dữ liệu ({policy}): màn hình có thể thiếu cảnh báo.",
                f"When full, Redis at {where} throws data away ({policy}): the wall may lack alerts.",
            ),
            Text(
                "Đặt `maxmemory-policy noeviction`, rồi chạy `ioc rebuild`.",
                "Set `maxmemory-policy noeviction`, then run `ioc rebuild`.",
            ),
        )
    if limit and used > 0.8 * limit:
        return watch(
            "redis",
            Text(
                f"Redis ở {where} đã dùng {used / limit:.0%} bộ nhớ cho phép.",
                f"Redis at {where} has used {used / limit:.0%} of the memory that it may.",
            ),
            Text(
                "Nâng `maxmemory`; khi đầy, Redis từ chối ghi và màn hình đứng lại.",
                "Raise `maxmemory`; when full, it refuses writes and the wall stands still.",
            ),
        )
    return well("redis", f"Redis {version} ở {where} trả lời.", f"Redis {version} at {where} answers.")


def read_model(space: str, complete: bool, behind: int) -> Finding:
    """``behind``: records of the space in Kafka that are not in Redis."""
    about = f"read model {space}"
    if not complete:
        return broken(
            about,
            Text(
                f"Redis chưa có đủ nhật ký của không gian {space}: màn hình còn thiếu.",
                f"Redis does not hold the whole log of space {space}: the wall lacks some of it.",
            ),
            Text(
                f"Để `ioc read-model --space {space}` chạy; nếu nó đang chạy thì chờ nó điền xong.",
                f"Let `ioc read-model --space {space}` run; if it runs, wait until it has filled it.",
            ),
        )
    if behind > BEHIND:
        return broken(
            about,
            Text(
                f"Màn hình của không gian {space} chậm {behind} bản ghi so với Kafka.",
                f"What people see of space {space} is {behind} records behind Kafka.",
            ),
            Text(
                "Xem nhật ký của `ioc read-model`: Redis đầy, chỉ đọc hoặc quá chậm.",
                "Read the log of `ioc read-model`: Redis is full, read-only or slow.",
            ),
        )
    return well(
        about,
        f"Màn hình của không gian {space} theo kịp Kafka.",
        f"What people see of space {space} keeps up with Kafka.",
    )


def time_of(space: str, mode: Mode, now: datetime | None, clock: datetime) -> Finding:
    """``now``: the space's newest tick, in the district's own time; ``clock``: the machine's."""
    about = f"time {space}"
    if now is None:
        return broken(
            about,
            Text(
                f"Không gian {space} chưa có giờ: chưa có gì chạy.", f"Space {space} has no time yet: nothing has run."
            ),
            Text(
                "Chạy worker (không gian wall) hoặc `ioc publish` (không gian driven).",
                "Run a worker (a wall space) or `ioc publish` (a driven one).",
            ),
        )
    if mode != "wall":
        said = f"Không gian {space} theo giờ của người phát: {now:%H:%M:%S %d/%m/%Y} (mô phỏng)."
        return well(about, said, f"Space {space} has its publisher's time, {now:%F %T} (a simulation).")
    late = clock - now
    if late > LATE:
        return broken(
            about,
            Text(
                f"Giờ của không gian {space} đứng lại từ {now:%H:%M:%S %d/%m/%Y}: hạn không được nhắc.",
                f"The time of space {space} stands at {now:%F %T}: no deadline is noticed.",
            ),
            Text(
                "Xem worker của không gian này còn chạy không, và `ioc read-model` có theo kịp không.",
                "See whether its worker runs, and whether `ioc read-model` keeps up.",
            ),
        )
    return well(
        about, f"Giờ của không gian {space} theo kịp đồng hồ.", f"The time of space {space} keeps up with the clock."
    )


def prometheus_away(where: str, reason: str) -> Finding:
    return watch(
        "prometheus",
        Text(
            f"Prometheus ở {where} không trả lời ({reason}): không ai theo dõi nền tảng.",
            f"Prometheus at {where} does not answer ({reason}): nobody watches the platform.",
        ),
        Text(
            "Khởi động Prometheus với tệp trong dashboards/generated/prometheus, hoặc sửa --prometheus.",
            "Start it with the files of dashboards/generated/prometheus, or mend --prometheus.",
        ),
    )


def prometheus(where: str, missing: Sequence[str], failing: Sequence[str], down: Sequence[str]) -> Finding:
    """``missing`` and ``failing`` name our rules, ``down`` the processes that do not answer it."""
    if down:
        return broken(
            "prometheus",
            Text(
                f"Prometheus không hỏi được: {', '.join(down)}.", f"Prometheus gets no answer from: {', '.join(down)}."
            ),
            Text(
                "Xem tiến trình đó còn chạy không, và cổng /metrics của nó.",
                "See whether that process runs, and its /metrics port.",
            ),
        )
    if missing or failing:
        wrong = ", ".join((*missing, *failing)[:5])
        return broken(
            "prometheus",
            Text(
                f"Luật cảnh báo nền tảng chưa chạy: {wrong}.", f"Rules about the platform are missing or fail: {wrong}."
            ),
            Text(
                "Nạp dashboards/generated/prometheus/rules.yml của đúng bản này rồi tải lại Prometheus.",
                "Load dashboards/generated/prometheus/rules.yml of this version and reload Prometheus.",
            ),
        )
    return well(
        "prometheus",
        f"Prometheus ở {where} theo dõi mọi tiến trình, luật đầy đủ.",
        f"Prometheus at {where} watches every process, with all rules.",
    )


def firing(alerts: Sequence[tuple[str, str, str]]) -> list[Finding]:
    """The platform's own alerts that ring: name, severity and sentence of each."""
    return [
        (broken if severity == "critical" else watch)(
            f"alert {name}",
            Text(f"Cảnh báo nền tảng {name}: {says}", f"Platform alert {name}: {says}"),
            Text(f"Xem dashboards/RUNBOOK.md, mục {name}.", f"See dashboards/RUNBOOK.md, section {name}."),
        )
        for name, severity, says in alerts
    ]
