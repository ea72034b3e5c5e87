"""The process that decodes one video and hands frames over, small, through its standard output.

Run as a script by :mod:`streams.cameras.capture`, so that a video that crashes the decoder crashes nothing
else. The request comes in on standard input, because an address may hold a password and a command line is
public. A message is two lengths, a JSON head and, for a frame, its pixels; nothing is ever unpickled. Any further
line on standard input asks for the next frame in a larger size, as evidence.
"""

import io
import json
import math
import os
import struct
import sys
import threading
import time
from typing import Any, BinaryIO, TextIO

HEAD = struct.Struct(">II")

#: Longer side of a picture that is kept as evidence, at most.
EVIDENCE_SIDE = 1280
#: A frame rate that a header may be believed on.
SANE_FPS = (0.5, 240.0)


class Cadence:
    """Which frames are analysed: evenly, and at least ``wanted`` a second where there are so many."""

    def __init__(self, fps: float, wanted: float) -> None:
        self._interval, self._wanted = 1 / fps, wanted
        self._before: float | None = None
        self._passed = 0

    def takes(self, seconds: float) -> bool:
        """Whether the frame at this time is one; to be asked for each frame in turn."""
        if self._before is not None and 0 < seconds - self._before < 1:
            self._interval += 0.1 * (seconds - self._before - self._interval)
        first, self._before = self._before is None, seconds
        self._passed += 1
        if first or self._passed >= max(1, math.floor(1 / (self._interval * self._wanted) + 0.05)):
            self._passed = 0
            return True
        return False


class Stamps:
    """Seconds since the first frame: the stream's own time where it runs forward, else counted by frame rate.

    ``wall`` (live sources) holds the stream's time to the clock's: where they part by two seconds, the clock
    counts from there on.
    """

    def __init__(self, fps: float) -> None:
        self._step = 1 / fps
        self._offset = 0.0
        self._own: float | None = None
        self._last: float | None = None

    def at(self, own: float, wall: float | None = None) -> float:
        """The time of the next frame; ``own`` and ``wall`` in seconds from any origin."""
        if self._last is None or self._own is None:
            self._offset, seconds = -own, 0.0
            if wall is not None:
                self._offset += wall
                seconds = wall
        else:
            seconds = own + self._offset
            if not (math.isfinite(own) and own > self._own and seconds - self._last < 3600):
                seconds = self._last + self._step
            if wall is not None and abs(seconds - wall) > 2:
                seconds = max(wall, self._last)
            self._offset = seconds - own if math.isfinite(own) else self._offset
        self._own = own if math.isfinite(own) else (self._own or 0.0)
        self._last = seconds
        return seconds


class Line:
    """The way to the parent: for a file the decoder waits until a frame is taken; live or paced, the newest wins."""

    def __init__(self, out: BinaryIO, live: bool) -> None:
        self._out, self._live = out, live
        self._slot: tuple[dict[str, Any], bytes] | None = None
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        if live:
            threading.Thread(target=self._pump, daemon=True).start()

    def frame(self, head: dict[str, Any], pixels: bytes) -> None:
        if not self._live:
            self._write(head, pixels)
            return
        with self._changed:
            if self._slot:
                missed = self._slot[0]
                head["received"] += missed["received"]
                head["skipped"] += missed["skipped"] + 1
            self._slot = head, pixels
            self._changed.notify()

    def tell(self, head: dict[str, Any], pixels: bytes = b"") -> None:
        """Anything that is not a frame to be watched, after the frames before it."""
        with self._changed:
            self._changed.wait_for(lambda: self._slot is None, timeout=10)
            self._write(head, pixels)

    def _pump(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._slot is not None)
                assert self._slot is not None
                head, pixels = self._slot
                self._slot = None
            try:
                self._write(head, pixels)
            except OSError:
                os._exit(0)
            with self._changed:
                self._changed.notify_all()

    def _write(self, head: dict[str, Any], pixels: bytes) -> None:
        text = json.dumps(head).encode()
        with self._writing:
            self._out.write(HEAD.pack(len(text), len(pixels)) + text)
            self._out.write(pixels)
            self._out.flush()


class Asked:
    """Whether the parent wants a larger picture; asked for through standard input, answered once."""

    def __init__(self, source: TextIO) -> None:
        self._wanted = threading.Event()
        threading.Thread(target=self._listen, args=(source,), daemon=True).start()

    def _listen(self, source: TextIO) -> None:
        for _ in source:
            self._wanted.set()

    def taken(self) -> bool:
        wanted = self._wanted.is_set()
        self._wanted.clear()
        return wanted


def decode(request: dict[str, Any], line: Line, asked: Asked) -> None:
    """Open, hand over frames until there are none, and say how it ended."""
    import cv2

    cv2.setNumThreads(1)
    live, side = request["live"], request["side"]
    options = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 10_000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 10_000]
    capture = cv2.VideoCapture(request["source"], cv2.CAP_FFMPEG, [*options, cv2.CAP_PROP_N_THREADS, 1])
    if not capture.isOpened():
        line.tell({"kind": "failed", "reason": request["unopened"]})
        return
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    fps = fps if SANE_FPS[0] <= fps <= SANE_FPS[1] else 25.0
    expected = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    expected = int(expected) if not live and 0 < expected < 1e9 else 0
    line.tell({"kind": "opened", "fps": fps, "frames": expected, **_stream(capture, cv2)})
    cadence, stamps = Cadence(fps, request["fps"]), Stamps(fps)
    index = received = 0
    seconds, begun = 0.0, time.monotonic()
    while capture.grab():
        own = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        seconds = stamps.at(own, time.time() if live else None)
        received += 1
        if request["paced"]:
            time.sleep(max(0.0, begun + seconds - time.monotonic()))
        if cadence.takes(seconds):
            got, frame = capture.retrieve()
            if got and frame.size:
                small = _shrunk(frame, side)
                head = {"kind": "frame", "index": index, "seconds": seconds, "shape": small.shape}
                line.frame({**head, "received": received, "skipped": 0}, small.tobytes())
                received = 0
                if asked.taken():
                    large = _shrunk(frame, EVIDENCE_SIDE)
                    line.tell({"kind": "picture", "seconds": seconds, "shape": large.shape}, large.tobytes())
        index += 1
    lost = missing(expected, fps, index, seconds)
    line.tell({"kind": "ended", "index": index, "seconds": seconds, "missing": lost})


def _stream(capture: Any, cv2: Any) -> dict[str, Any]:
    """Size and codec, as the header says."""
    letters = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(8, "little", signed=True)[:4]
    codec = "".join(chr(letter) if 32 < letter < 127 else "" for letter in letters)
    width, height = (int(capture.get(side)) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    return {"width": width, "height": height, "codec": codec}


def _shrunk(frame: Any, side: int) -> Any:
    import cv2

    scale = min(1.0, side / max(frame.shape[:2]))
    size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA) if scale < 1 else frame


def missing(expected: int, fps: float, got: int, seconds: float) -> int:
    """How many frames the file's header promises but does not have; 0 within its precision."""
    length = expected / fps
    whole = not expected or got >= expected or seconds + 1 / fps >= length - max(0.3, 0.02 * length)
    return 0 if whole else expected - got


def main() -> None:
    request = json.loads(sys.stdin.readline())
    out = io.BufferedWriter(io.FileIO(os.dup(1), "wb"), 1 << 20)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a codec prints must not get among the messages
    line = Line(out, request["live"] or request["paced"])
    try:
        decode(request, line, Asked(sys.stdin))
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:
        line.tell({"kind": "failed", "reason": f"the decoder gave up: {type(error).__name__}"})


if __name__ == "__main__":
    main()
