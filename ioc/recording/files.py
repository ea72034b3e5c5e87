"""Files of lines: plain, gzip or zstd, read as far as they are whole, with a sentence where they are not."""

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, Any, Literal, cast

import zstandard

#: What reading a compressed file raises when it is cut off or damaged.
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError)


class BadRecording(Exception):
    """A recording cannot be read; the message says which, where, and what to do."""


def open_text(path: Path, mode: Literal["rb", "wb"]) -> IO[bytes]:
    """Open a plain, gzip or zstd file by its suffix, for ``rb`` or ``wb``."""
    match path.suffix:
        case ".gz":
            return cast(IO[bytes], gzip.open(path, mode))
        case ".zst" if mode == "rb":
            return io.BufferedReader(_Zstd(path.open("rb")), 1 << 17)
        case ".zst":
            return zstandard.ZstdCompressor(level=9).stream_writer(path.open("wb"), closefd=True)
        case _:
            return path.open(mode)


class _Zstd(io.RawIOBase):
    """Decompresses zstd. The library's own reader takes a file that is cut off for one that has ended."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._ready = file, memoryview(b"")
        self._frame: zstandard.ZstdDecompressionObj | None = None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        while not self._ready and (chunk := self._file.read(1024)):  # small: a chunk may grow 30,000-fold
            self._ready = memoryview(self._decompress(chunk))
        if not self._ready and self._frame is not None:
            raise EOFError("compressed file ended before the end-of-frame mark was reached")
        taken, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _decompress(self, chunk: bytes) -> bytes:
        out = b""
        while chunk:
            self._frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
            out += self._frame.decompress(chunk)
            if not self._frame.eof:
                break
            chunk, self._frame = self._frame.unused_data, None
        return out


def pack(data: bytes, suffix: str) -> bytes:
    """Bytes as one frame of a file with this suffix: frames one after the other are one file."""
    match suffix:
        case ".gz":
            return gzip.compress(data, compresslevel=6, mtime=0)
        case ".zst":
            return zstandard.ZstdCompressor(level=6, write_checksum=True).compress(data)
        case _:
            return data
