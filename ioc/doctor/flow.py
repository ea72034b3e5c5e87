"""Kafka, the topics of a space, its workers, what waits, and what could not be read."""

from collections.abc import Sequence

from ioc.doctor.finding import Finding, broken, watch, well
from ioc.text import Text, number

#: Records of a fold that may wait, as they always do for a moment; and how many are a worry even if no more come.
FEW, MANY = 500, 10_000


def kafka_away(bootstrap: str, reason: str) -> Finding:
    return broken(
        "kafka",
        Text(f"Kafka ở {bootstrap} không trả lời ({reason}).", f"Kafka at {bootstrap} does not answer ({reason})."),
        Text(
            "Khởi động Kafka; nếu địa chỉ sai thì sửa --bootstrap hoặc IOC_KAFKA. Sự kiện không mất, chỉ đến chậm.",
            "Start Kafka; if the address is wrong, mend --bootstrap or IOC_KAFKA. No event is lost, they come late.",
        ),
    )


def kafka(bootstrap: str, brokers: int, without_leader: Sequence[str], behind: Sequence[str]) -> Finding:
    """``without_leader`` and ``behind`` name partitions: nobody serves them, or copies of them are missing."""
    if without_leader:
        return broken(
            "kafka",
            Text(
                f"{len(without_leader)} phân vùng không có broker nào phục vụ, ví dụ {without_leader[0]}.",
                f"{len(without_leader)} partitions are served by no broker, {without_leader[0]} among them.",
            ),
            Text("Khởi động lại broker đã dừng.", "Start the broker that has stopped."),
        )
    if behind:
        return watch(
            "kafka",
            Text(
                f"{len(behind)} phân vùng thiếu bản sao, ví dụ {behind[0]}: mất thêm một broker là dừng.",
                f"{len(behind)} partitions lack a copy, {behind[0]} among them: with one broker less all stands.",
            ),
            Text(
                "Khởi động lại broker đã dừng, hoặc xem ổ đĩa của nó.",
                "Start the broker that has stopped, or look at its disk.",
            ),
        )
    return well(
        "kafka",
        f"Kafka ở {bootstrap} trả lời; số broker: {brokers}.",
        f"Kafka at {bootstrap} answers; brokers: {brokers}.",
    )


def topics(space: str, declared: int, problem: str | None) -> Finding:
    """``problem`` is the first difference between the topics and their declarations."""
    if problem is None:
        said = f"{declared} topic của không gian {space} đúng như khai báo."
        return well(f"topics {space}", said, f"The {declared} topics of space {space} are as declared.")
    return broken(
        f"topics {space}",
        Text(
            f"Topic của không gian {space} không như khai báo: {problem}.",
            f"Topics of space {space} are not as declared: {problem}.",
        ),
        Text(
            f"Chạy `ioc topics apply --space {space}`; nếu số phân vùng khác thì không sửa tại chỗ được.",
            f"Run `ioc topics apply --space {space}`; another number of partitions cannot be mended in place.",
        ),
    )


def workers(space: str, members: int, state: str) -> Finding:
    """``members`` and ``state`` of the space's consumer group."""
    about = f"workers {space}"
    if members == 0:
        return broken(
            about,
            Text(
                f"Không có worker nào chạy cho không gian {space}: sự kiện đến mà không ai xét.",
                f"No worker runs for space {space}: events arrive and nobody judges them.",
            ),
            Text(
                f"Chạy `ioc worker --space {space} --district …`, hoặc xem vì sao nó đã dừng.",
                f"Run `ioc worker --space {space} --district …`, or see why the last one ended.",
            ),
        )
    if state != "Stable":
        return watch(
            about,
            Text(
                f"{members} worker của không gian {space} đang chia lại phân vùng ({state}).",
                f"The {members} workers of space {space} are sharing out partitions ({state}).",
            ),
            Text(
                "Chạy lại lệnh này sau một phút; nếu vẫn vậy, khởi động lại từng worker.",
                "Run this again in a minute; if it lasts, restart the workers one by one.",
            ),
        )
    return well(
        about, f"Worker của không gian {space} đang chạy: {members}.", f"Workers of space {space} that run: {members}."
    )


def lag(space: str, waiting: Sequence[tuple[str, int, int]]) -> Finding:
    """``waiting``: of each fold, how many records wait, and how many did some seconds before."""
    about = f"lag {space}"
    worst = max(waiting, key=lambda each: each[1], default=("", 0, 0))
    fold, now, before = worst
    if now <= FEW:
        return well(about, f"Không gian {space} không có hàng chờ.", f"Nothing waits in space {space}.")
    growing = now > before
    trend = Text("vẫn tăng", "still growing") if growing else Text("đang giảm", "shrinking")
    says = Text(
        f"{number(now, 'vi')} bản ghi chờ xét ở luồng {fold} của không gian {space}, {trend.vi}.",
        f"{number(now, 'en')} records wait in fold {fold} of space {space}, {trend.en}.",
    )
    do = Text(
        "Chạy thêm worker (đến số phân vùng của topic), hoặc xem nguồn nào gửi quá nhiều."
        if growing
        else "Chờ; chạy lại lệnh này sau vài phút.",
        "Start another worker (up to the topic's partitions), or see which source sends so much."
        if growing
        else "Wait, and run this again in some minutes.",
    )
    return (broken if growing and now > MANY else watch)(about, says, do)


def dead_letters(space: str, today: int) -> Finding:
    """``today``: dead letters of the last 24 hours."""
    about = f"dead letters {space}"
    if not today:
        return well(
            about,
            f"24 giờ qua không gian {space} không có sự kiện hỏng.",
            f"No dead letter in space {space} within 24 hours.",
        )
    return watch(
        about,
        Text(
            f"{today} sự kiện của không gian {space} không đọc được trong 24 giờ qua.",
            f"{today} events of space {space} could not be taken within 24 hours.",
        ),
        Text(
            f"Xem `ioc dead-letters list --space {space}`: nêu rõ lý do và nơi gửi.",
            f"See `ioc dead-letters list --space {space}`: it names the reason and the sender.",
        ),
    )
