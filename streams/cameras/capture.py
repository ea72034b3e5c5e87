"""Frames of a file or a live stream, decoded by a process of its own (:mod:`streams.cameras.decoder`).

Whatever the video does to the decoder, here it is at worst a :class:`Stopped` with its reason.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from detectors.vision.foreground import SIDE, Image
from streams.cameras import decoder

LIVE = ("rtsp", "rtsps", "rtmp", "http", "https", "udp", "srt")
#: A decoder that says nothing for so long is ended; its own timeouts (10 s to open, 10 s to read) come first.
STALLED = 30.0
_HEAD_BYTES, _PIXEL_BYTES = 64 * 1024, decoder.EVIDENCE_SIDE**2 * 3


class Opened(NamedTuple):
    """The video can be read; ``frames`` as its header says, 0 where that is unknown."""

    fps: float
    frames: int
    width: int
    height: int
    codec: str


class Frame(NamedTuple):
    """A small picture; ``seconds`` from the start of a file, or of the epoch for a live source."""

    number: int
    seconds: float
    received: int
    skipped: int
    image: Image


class Picture(NamedTuple):
    """The newest frame in a larger size, as it was asked for."""

    seconds: float
    image: Image


class Stopped(NamedTuple):
    """There are no more frames; ``whole`` when a file was read to its proper end."""

    reason: str
    whole: bool
    frames: int
    seconds: float


class Unusable(Exception):
    """The decoder sent what it never sends."""


def is_live(source: str) -> bool:
    """Whether the source is a stream to be kept open, rather than a file with an end."""
    return source.partition("://")[0].lower() in LIVE and "://" in source


def shown(source: str) -> str:
    """The source as it may be shown: no credentials, no query, no folders, nothing unprintable."""
    if not is_live(source):
        text = Path(source).name
    else:
        try:
            parts = urlsplit(source)
            host = parts.netloc.rpartition("@")[2]
            text = f"{parts.scheme}://{'***@' if '@' in parts.netloc else ''}{host}{parts.path}"
        except ValueError:
            text = f"{source.partition('://')[0]}://***"
        text = text if "@" not in text.replace("***@", "", 1) else f"{source.partition('://')[0]}://***"
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]


def unusable(source: str) -> str | None:
    """Why a file cannot be opened at all, or None."""
    path, name = Path(source), shown(source)
    if is_live(source):
        return None
    if "://" in source:
        return f"{name}: give a file or an address that starts with {', '.join(LIVE)}"
    if not path.exists():
        return f"{name}: no such file"
    if not path.is_file():
        return f"{name}: not a file"
    if not os.access(path, os.R_OK):
        return f"{name}: may not be read"
    return f"{name}: the file is empty" if path.stat().st_size == 0 else None


class Decoder:
    """One run of the decoding process: iterate over it, and close it.

    ``paced`` plays a file at its own speed, as a camera would: frames that are not taken in time give way.

    Yields Opened, then Frames, then one Stopped; a Picture after it was asked for; in between None
        about once a second while nothing comes.
    """

    def __init__(self, source: str, fps: float, side: int = SIDE, paced: bool = False) -> None:
        self._source, self._live = source, is_live(source)
        self._frames, self._seconds = 0, 0.0
        request = {
            "source": source if self._live else str(Path(source).absolute()),
            "live": self._live,
            "paced": paced and not self._live,
            "fps": fps,
            "side": side,
            "unopened": "no answer, or not a stream that can be decoded"
            if self._live
            else "not a video that can be decoded, or cut off before its index",
        }
        script = Path(decoder.__file__)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-u", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_environment(self._live)},
        )
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it is gone already: reading says so
        self._out = self._process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self) -> None:
        """Ask for the next frame in a larger size: it comes as a Picture, if anything comes any more."""
        assert self._process.stdin
        try:
            self._process.stdin.write(b"picture\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it is gone: reading says so

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def __iter__(self) -> Iterator[Opened | Frame | Picture | Stopped | None]:
        try:
            while True:
                waited = 0.0
                while not self._poll.poll(1000):
                    waited += 1.0
                    if waited >= STALLED:
                        yield self._stopped("the decoder does not answer")
                        return
                    yield None
                message = self._message()
                yield message
                if isinstance(message, Stopped):
                    return
        except EOFError:
            yield self._stopped(self._death())
        except (Unusable, ValueError, KeyError, TypeError):
            yield self._stopped("the decoder sent something unreadable")

    def _message(self) -> Opened | Frame | Picture | Stopped:
        head_bytes, pixel_bytes = decoder.HEAD.unpack(self._read(decoder.HEAD.size))
        if head_bytes > _HEAD_BYTES or pixel_bytes > _PIXEL_BYTES:
            raise Unusable
        head: dict[str, Any] = json.loads(self._read(head_bytes))
        match head["kind"]:
            case "opened":
                codec = str(head["codec"])[:8]
                return Opened(float(head["fps"]), int(head["frames"]), int(head["width"]), int(head["height"]), codec)
            case "frame":
                pixels = np.frombuffer(self._read(pixel_bytes), np.uint8).reshape(head["shape"])
                self._frames, self._seconds = int(head["index"]) + 1, float(head["seconds"])
                return Frame(self._frames - 1, self._seconds, int(head["received"]), int(head["skipped"]), pixels)
            case "picture":
                pixels = np.frombuffer(self._read(pixel_bytes), np.uint8).reshape(head["shape"])
                return Picture(float(head["seconds"]), pixels)
            case "ended":
                return self._end(int(head["index"]), float(head["seconds"]), int(head["missing"]))
        return self._stopped(str(head["reason"])[:200])

    def _end(self, frames: int, seconds: float, missing: int) -> Stopped:
        self._frames, self._seconds = frames, seconds
        if self._live:
            return self._stopped("the stream ended")
        if not frames:
            return self._stopped("there is not one picture in it")
        if missing:
            return self._stopped(f"broke off after frame {frames}: {missing} more were announced")
        return Stopped(f"end of the recording after {frames} frames", True, frames, seconds)

    def _stopped(self, reason: str) -> Stopped:
        return Stopped(f"{shown(self._source)}: {reason}", False, self._frames, self._seconds)

    def _death(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "the decoder closed its output"
        cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"the decoder crashed ({cause}) after frame {self._frames}"

    def _read(self, size: int) -> bytes:
        parts, deadline = bytearray(), time.monotonic() + STALLED
        while len(parts) < size:
            if not self._poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise Unusable
            piece = os.read(self._out, size - len(parts))
            if not piece:
                raise EOFError
            parts += piece
        return bytes(parts)


def _environment(live: bool) -> dict[str, str]:
    """Said outright because defaults differ by release: RTSP over TCP, and for files nothing but files."""
    return {
        "OPENCV_FFMPEG_CAPTURE_OPTIONS": "rtsp_transport;tcp" if live else "protocol_whitelist;file",
        "OPENCV_FFMPEG_LOGLEVEL": "-8",
        "OPENCV_LOG_LEVEL": "OFF",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
