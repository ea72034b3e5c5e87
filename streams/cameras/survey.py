"""What a new camera gives, measured for some seconds: size, rate, evenness, light, and what to set for it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import cv2
import numpy as np

from detectors.vision.foreground import Image, coloured
from detectors.vision.health import HealthWatch
from ioc.text import Text
from streams.cameras.capture import Decoder, Frame, Opened, Picture, Stopped, is_live, shown, unusable


@dataclass
class Survey:
    """What was measured; sizes in pixels, times in seconds."""

    source: str
    live: bool
    problem: str | None = None
    width: int = 0
    height: int = 0
    codec: str = ""
    declared_fps: float = 0.0
    fps: float = 0.0
    opened_after: float = 0.0
    longest_gap: float = 0.0
    behind: float | None = None
    brightness: float = 0.0
    contrast: float = 0.0
    noise: float = 0.0
    in_colour: bool = True
    status: str = "ok"
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)

    def sentences(self) -> list[Text]:
        """What an installer should know, most important first."""
        if self.problem:
            return [Text(f"Không đọc được: {self.problem}", f"Cannot be read: {self.problem}")]
        said = [
            Text(
                f"Hình {self.width}×{self.height}, {self.codec or 'không rõ mã hóa'}, {self.fps:.1f} hình/giây"
                f" (khai báo {self.declared_fps:.1f}); mở sau {self.opened_after:.1f} giây.",
                f"{self.width}×{self.height}, {self.codec or 'unknown codec'}, {self.fps:.1f} frames/s"
                f" ({self.declared_fps:.1f} declared); opened after {self.opened_after:.1f} s.",
            )
        ]
        if self.live and self.fps < 0.7 * self.declared_fps:
            said.append(Text("Hình về thiếu so với khai báo: mạng hoặc camera quá tải.",
                             "Fewer frames than declared: the network or the camera is overloaded."))  # fmt: skip
        if self.longest_gap > 1.0:
            said.append(Text(f"Có lúc ngắt {self.longest_gap:.1f} giây giữa hai hình.",
                             f"At worst {self.longest_gap:.1f} s between two frames."))  # fmt: skip
        if self.behind is not None and self.behind > 1.0:
            said.append(Text(f"Độ trễ tăng {self.behind:.1f} giây trong lúc đo: máy giải mã không kịp.",
                             f"Latency grew by {self.behind:.1f} s: decoding does not keep up."))  # fmt: skip
        return [*said, *self._light(), *self._proposals()]

    def _light(self) -> list[Text]:
        said = []
        if self.status != "ok":
            said.append(Text(f"Tình trạng hình: {self.status}. Kiểm tra ống kính và góc đặt.",
                             f"The picture is {self.status}: check lens and mounting."))  # fmt: skip
        elif self.brightness < 45:
            said.append(Text("Hình rất tối: cần đèn hoặc hồng ngoại để canh giữ ban đêm.",
                             "Very dark: guarding at night needs a lamp or infrared."))  # fmt: skip
        if not self.in_colour:
            said.append(Text("Hình đen trắng (hồng ngoại): không nhận được lửa theo màu, bóng đổ dễ nhầm.",
                             "Grey picture (infrared): no flames by colour, shadows pass for objects."))  # fmt: skip
        if self.noise > 6:
            said.append(Text("Hình nhiễu nhiều: tăng ánh sáng hoặc giảm khuếch đại.",
                             "Much noise: more light or less gain would help."))  # fmt: skip
        if self.contrast < 40 and self.status == "ok":
            said.append(Text("Cảnh ít chi tiết: khó phát hiện bị che hoặc bị xoay.",
                             "Little detail in view: covering or turning will be hard to notice."))  # fmt: skip
        return said

    def _proposals(self) -> list[Text]:
        said = []
        if max(self.width, self.height) > 1280:
            said.append(Text("Đề nghị dùng luồng phụ (640×360): tốn ít hơn 5–10 lần và đủ để phân tích.",
                             "Use the sub-stream (640×360): 5 to 10 times cheaper, and enough."))  # fmt: skip
        if self.fps < 8:
            said.append(Text("Dưới 8 hình/giây: không đếm được xe nhanh qua vạch.",
                             "Below 8 frames/s: fast vehicles cannot be counted at a line."))  # fmt: skip
        said.append(Text(f"Cấu hình: health = {{ fps = {max(1, round(self.fps))} }}",
                         f"Settings: health = {{ fps = {max(1, round(self.fps))} }}"))  # fmt: skip
        return said


def survey(source: str, seconds: float = 10.0) -> Survey:
    """Watch the source for so long. Never raises for what it is or does: that is ``problem``."""
    made = Survey(shown(source), is_live(source))
    made.problem = unusable(source)
    if made.problem:
        return made
    begun, first, light = time.monotonic(), None, _Light()
    watch = HealthWatch()
    with Decoder(source, 30.0) as decoder:
        for message in decoder:
            now = time.monotonic() - begun
            match message:
                case Opened():
                    made.opened_after, made.declared_fps = round(now, 2), round(message.fps, 2)
                    made.width, made.height, made.codec = message.width, message.height, message.codec
                case Frame():
                    first = (now, message.seconds) if first is None else first
                    made.times.append(message.seconds)
                    light.add(message.image)
                    if len(made.times) > 1:
                        made.longest_gap = max(made.longest_gap, made.times[-1] - made.times[-2])
                    made.seconds = made.times[-1] - made.times[0]
                    made.fps += message.received
                    if made.live:
                        made.behind = round((now - first[0]) - (message.seconds - first[1]), 2)
                    report = watch.frame(message.image, datetime.fromtimestamp(message.seconds, UTC))
                    made.status = report.status if report else made.status
                case Stopped() if not made.times:
                    made.problem = message.reason
                case Picture() | Stopped() | None:
                    pass
            if made.seconds >= seconds or now > seconds + 35:
                break
    made.fps = round(made.fps / made.seconds, 2) if made.seconds else made.declared_fps
    light.into(made)
    return made


class _Light:
    """Brightness, contrast and noise over the frames."""

    def __init__(self) -> None:
        self._levels: list[tuple[float, float, float, bool]] = []
        self._before: Image | None = None

    def add(self, picture: Image) -> None:
        grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        low, high = np.percentile(grey, (2, 98))
        noise = 0.0
        if self._before is not None and self._before.shape == grey.shape:
            change = cv2.absdiff(grey, self._before).astype(np.float32)
            noise = float(np.percentile(cv2.resize(change, (16, 9), interpolation=cv2.INTER_AREA), 25))
        self._before = grey
        self._levels.append((float(grey.mean()), float(high - low), noise, coloured(picture)))

    def into(self, made: Survey) -> None:
        if self._levels:
            light, contrast, noise, colour = np.median(np.array(self._levels, float), axis=0)
            made.brightness, made.contrast, made.noise = round(light, 1), round(contrast, 1), round(noise, 2)
            made.in_colour = bool(colour >= 0.5)
