"""Recordings of what Kafka held: a header, blocks of records with a checksum each, and an end that counts them.

Each block is a compressed frame of its own, so that a damaged one costs no other. ``Writer`` writes them,
:class:`Recorded` reads and checks them; with ``salvage``, it reads what can be read and says what was lost.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
import zstandard
from pydantic import BaseModel, ConfigDict, ValidationError

from ioc.events.codec import Unreadable
from ioc.events.figures import Mode
from ioc.recording.files import DAMAGED, BadRecording, open_text, pack
from ioc.recording.records import TOPICS, Record, chosen
from ioc.text import complaint

SCHEMA = 1
#: So many records are a block.
BLOCK = 4096
#: A line is at most so long: the largest record that Kafka takes, in base64, and its frame.
LONGEST = 2 * 1024 * 1024
NO_HEADER = (
    "no header: a recording by `ioc record` begins with one; "
    "if lines were cut from it, record anew or keep its first line"
)
_HEADER, _BLOCK, _END = b'{"iocrecording":', b'{"iocblock":', b'{"iocend":'


class Header(BaseModel):
    """What a recording holds, said in its first line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    space: str
    mode: Mode
    #: Name of the district that the space shows, and the digest of the rules that it ran with ("" where unknown).
    district: str = ""
    rules: str = ""
    #: Partitions of every topic of the space, and the first offset of each that is recorded: "topic/partition".
    partitions: Mapping[str, int]
    first: Mapping[str, int]
    #: Version of the schema of each recorded topic's events.
    schemas: Mapping[str, int]
    recorded_at: datetime
    since: datetime | None = None
    until: datetime | None = None

    @property
    def topics(self) -> list[str]:
        return sorted({place.rpartition("/")[0] for place in self.first})


class End(BaseModel):
    """The last line: how many records, the offset after the last one of each partition, a sum over all blocks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    records: int
    next: Mapping[str, int]
    sum: str


class Writer:
    """Writes a recording block by block. Whatever was flushed can be read, also after a kill (``salvage``)."""

    def __init__(self, path: Path, header: Header) -> None:
        self._file, self._suffix = path.open("xb"), path.suffix
        self._lines = [_HEADER + b"%d," % SCHEMA + header.model_dump_json(exclude_none=True).encode()[1:]]
        self._all, self.records, self._next = blake2b(digest_size=16), 0, dict(header.first)

    def add(self, line: bytes, place: str, offset: int) -> None:
        self._lines.append(line)
        self._next[place] = offset + 1
        self.records += 1
        if len(self._lines) >= BLOCK:
            self.flush()

    def flush(self) -> None:
        """End the block at hand, if there is one."""
        if self._lines:
            sum_ = sum_of(self._lines)
            self._all.update(sum_.encode())
            self._write([*self._lines, _BLOCK + orjson.dumps({"records": self.records, "sum": sum_}) + b"}"])
            self._lines = []

    def close(self) -> None:
        """Without it the recording is cut off."""
        self.flush()
        end = End(records=self.records, next=self._next, sum=self._all.hexdigest())
        self._write([_END + end.model_dump_json().encode() + b"}"])
        self._file.close()

    def _write(self, lines: list[bytes]) -> None:
        self._file.write(pack(b"\n".join(lines) + b"\n", self._suffix))
        self._file.flush()


def sum_of(lines: Iterable[bytes]) -> str:
    return blake2b(b"\n".join(lines), digest_size=16).hexdigest()


def is_recorded(path: Path) -> bool:
    """Does the file begin as a recording of Kafka does? False for events written by hand or an import.

    Raises BadRecording for what is left of one without its header.
    """
    try:
        with open_text(path, "rb") as file:
            begins = file.readline(LONGEST)
    except DAMAGED:
        return False
    if not begins.startswith(_HEADER) and (b'"iocposition":"' in begins or begins.startswith((_BLOCK, _END))):
        raise BadRecording(f"{path}:1: {NO_HEADER}")
    return begins.startswith(_HEADER)


@dataclass
class Recorded:
    """A recording and its header. ``lost`` gathers what could not be read, where that is to be salvaged."""

    path: Path
    salvage: bool = False
    lost: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        try:
            with open_text(self.path, "rb") as file:
                self.header = self._header(file.readline(LONGEST))
        except DAMAGED as error:
            raise BadRecording(f"{self.path}: its first block is damaged: {error}; without it nothing fits") from None

    def _header(self, line: bytes) -> Header:
        try:
            whole = orjson.loads(line)
            if (version := whole.pop("iocrecording")) != SCHEMA:
                raise BadRecording(f"{self.path}:1: schema version {version!r}: this program reads {SCHEMA}; update it")
            header = Header.model_validate_json(orjson.dumps(whole))
        except (orjson.JSONDecodeError, KeyError, AttributeError):
            raise BadRecording(f"{self.path}:1: {NO_HEADER}") from None
        except ValidationError as error:
            raise BadRecording(f"{self.path}:1: its header: {complaint(error)}") from None
        if unknown := sorted(set(header.topics) - TOPICS.keys()):
            raise BadRecording(f"{self.path}:1: topic {unknown[0]!r} is unknown to this version; there are {known()}")
        return header

    def end(self) -> End | None:
        """The last line, if there is one: what the recording holds up to where."""
        last = deque(self._whole_lines(), maxlen=1)
        try:
            return End.model_validate(orjson.loads(last[0])["iocend"]) if last and last[0].startswith(_END) else None
        except (orjson.JSONDecodeError, ValidationError):
            return None

    def _bad(self, what: str) -> None:
        """Damage: the end, or a sentence."""
        if not self.salvage:
            raise BadRecording(f"{self.path}: {what}; --salvage reads what can be read and says what was lost")
        self.lost.append(f"{self.path}: {what}")

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Every record's line with its number, once the block that it lies in has been checked."""
        told, block, sums, end = 0, list[bytes](), blake2b(digest_size=16), None
        for number, line in enumerate(self._whole_lines(), 1):
            if not line.startswith((_BLOCK, _END)):
                block.append(line)
            elif line.startswith(_END):
                end = self._mark(line, _END, number)
            else:
                mark, first = self._mark(line, _BLOCK, number), number - len(block)
                sums.update(mark.get("sum", "").encode())
                if mark and mark["sum"] != sum_of(block):
                    self._bad(f"lines {first}–{number - 1} are damaged: their sum is wrong")
                head = 1 if block and block[0].startswith(_HEADER) else 0
                told += len(block) - head
                if mark and told != mark["records"]:
                    self._bad(f"line {number}: {mark['records'] - told:,} records are missing before it")
                    told = mark["records"]
                yield from enumerate(block[head:], first + head)
                block = []
        if block:
            first = number - len(block) + 1
            if block[0].startswith(_HEADER):
                first, block = first + 1, block[1:]
            self._bad(f"{len(block):,} records from line {first} on have no end of block")
            yield from enumerate(block, first)
        if end is None:
            self._bad(f"it is cut off after {told + len(block):,} records: its last line is missing")
        elif end and (end["sum"] != sums.hexdigest() or end["records"] != told):
            self._bad(f"it ends with {end['records']:,} records, {told:,} were read: blocks are missing or swapped")

    def _mark(self, line: bytes, kind: bytes, number: int) -> dict[str, Any]:
        try:
            found = orjson.loads(line)[kind[2:-2].decode()]
            return found if isinstance(found, dict) and {"sum", "records"} <= found.keys() else {}
        except (orjson.JSONDecodeError, KeyError, TypeError):
            self._bad(f"line {number}: a mark that cannot be read")
            return {}

    def _whole_lines(self) -> Iterator[bytes]:
        """Lines without their breaks, over damage where that is salvaged."""
        try:
            with open_text(self.path, "rb") as file:
                while line := file.readline(LONGEST):
                    yield line.rstrip(b"\n")
        except DAMAGED as error:
            self._bad(f"a compressed block is damaged or cut off: {error}")
            if self.path.suffix == ".zst":
                yield from self._frames_after_damage()

    def _frames_after_damage(self) -> Iterator[bytes]:
        """Frames that can be unpacked after the first that cannot."""
        whole, at, broken = self.path.read_bytes(), 0, False
        data = memoryview(whole)
        while 0 <= at < len(data):
            lines, after = _frame(data, at)
            if after is None:
                broken, at = True, whole.find(zstandard.FRAME_HEADER, at + 1)
            else:
                at = after
                if broken:
                    yield from lines

    def records(self) -> Iterator[Record]:
        """Every record. What is no event is one too, with its reason, as it is live."""
        return (record for record in self.chosen(lambda _topic, _partition: True) if record is not None)

    def chosen(self, wanted: Callable[[str, int], bool]) -> Iterator[Record | None]:
        """The records of wanted topics and partitions; the others are not read: None stands for each."""
        for number, line in self.lines():
            try:
                yield chosen(line, wanted)
            except Unreadable as why:
                self._bad(f"line {number}: {why}")


def _frame(data: memoryview, start: int) -> tuple[list[bytes], int | None]:
    """The lines of the frame that starts here, and where it ends; None where it is none or broken."""
    unpacker, out, at = zstandard.ZstdDecompressor().decompressobj(), [], start
    try:
        while not unpacker.eof and at < len(data):
            out.append(unpacker.decompress(data[at : at + 65536]))
            at += 65536
    except zstandard.ZstdError:
        return [], None
    if not unpacker.eof:
        return [], None
    return b"".join(out).split(b"\n")[:-1], min(at, len(data)) - len(unpacker.unused_data)


def known() -> str:
    return ", ".join(sorted(TOPICS))
