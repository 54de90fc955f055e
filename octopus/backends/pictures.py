"""Draws pictures, and keeps them for as long as it takes to send them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib
import io
import re
import time
from pathlib import Path
from typing import Any

from octopus.core.drawing import Drawing
from octopus.core.message import Enclosure
from octopus.obsidian.picture import svg

KEPT = 2 * 24 * 3600.0  # seconds that a picture waits to be sent
MOST_PIXELS = 9_000  # width and height together; Telegram takes 10,000 (Bot API: sendPhoto)

#: Fonts that a system may have, for the scripts that the ones before lack.
FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "Arial Unicode.ttf",
)
_REF = re.compile(r"[0-9a-f]{32}\.(?:png|svg)")


class PictureFiles:
    """Fills the ``Pictures`` port with files in ``folder``.

    PNG where Pillow is installed (the extra ``picture``), else SVG.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def draw(self, drawing: Drawing, name: str) -> Enclosure:
        """Draw it, and keep it for a while."""
        return await asyncio.to_thread(self._draw, drawing, name)

    async def read(self, ref: str) -> bytes | None:
        """The bytes of one that was drawn; None when it is not kept any more."""
        return await asyncio.to_thread(self._read, ref)

    def sweep(self, now: float | None = None) -> int:
        """Remove those that nobody sends any more; returns how many."""
        now = time.time() if now is None else now
        gone = 0
        for path in self._folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if now - path.stat().st_mtime > KEPT:
                    path.unlink()
                    gone += 1
        return gone

    def _draw(self, drawing: Drawing, name: str) -> Enclosure:
        data = png(drawing)
        ending, mime = ("png", "image/png") if data is not None else ("svg", "image/svg+xml")
        data = data if data is not None else svg(drawing).encode()
        ref = f"{hashlib.sha256(data).hexdigest()[:32]}.{ending}"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep()
        path = self._folder / ref
        path.touch(mode=0o600)
        path.write_bytes(data)
        kind = "photo" if ending == "png" else "document"
        return Enclosure(kind, f"{name}.{ending}", mime, ref)

    def _read(self, ref: str) -> bytes | None:
        if not _REF.fullmatch(ref):
            return None
        try:
            return (self._folder / ref).read_bytes()
        except FileNotFoundError:
            return None


def png(drawing: Drawing) -> bytes | None:
    """The drawing as PNG; None where Pillow is not installed."""
    try:
        # An extra of a few megabytes that only pictures need.
        pillow = importlib.import_module("PIL.Image")
        draw = importlib.import_module("PIL.ImageDraw")
    except ImportError:
        return None
    scale = min(2.0, MOST_PIXELS / (drawing.width + drawing.height))
    size = (round(drawing.width * scale), round(drawing.height * scale))
    image = pillow.new("RGB", size, drawing.ground)
    _paint(draw.Draw(image), drawing, scale, _Letters())
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _paint(pen: Any, drawing: Drawing, scale: float, letters: _Letters) -> None:
    for line in drawing.lines:
        ends = tuple(scale * at for at in (line.x1, line.y1, line.x2, line.y2))
        pen.line(ends, fill=line.color, width=max(1, round(line.width * scale)))
    for dot in drawing.dots:
        box = (dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)
        edge = max(1, round(1.5 * scale))
        pen.ellipse([scale * at for at in box], fill=dot.fill, outline=dot.edge, width=edge)
    for label in drawing.labels:
        runs = letters.runs(label.text, round(label.size * scale))
        width = sum(font.getlength(text) for text, font in runs)
        x = label.x * scale - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor]
        for text, font in runs:
            halo = max(1, round(2 * scale))
            spot = (x, label.y * scale)
            pen.text(
                spot, text, label.color, font, "lm", stroke_width=halo, stroke_fill=drawing.ground
            )
            x += font.getlength(text)


class _Letters:
    """Fonts for whatever script a name is written in."""

    def __init__(self) -> None:
        self._module = importlib.import_module("PIL.ImageFont")
        self._fonts: dict[tuple[str, int], Any] = {}
        self._masks: dict[tuple[str, int, str], bytes] = {}

    def runs(self, text: str, size: int) -> list[tuple[str, Any]]:
        """The text in pieces, each with a font that has its letters."""
        fonts = [font for name in FONTS if (font := self._font(name, size)) is not None]
        fonts = fonts or [self._module.load_default(size)]
        found: list[tuple[str, Any]] = []
        for char in text:
            font = next((font for font in fonts if char == " " or self._has(font, char)), fonts[0])
            if found and found[-1][1] is font:
                found[-1] = (found[-1][0] + char, font)
            else:
                found.append((char, font))
        return found

    def _font(self, name: str, size: int) -> Any:
        if (name, size) not in self._fonts:
            try:
                self._fonts[name, size] = self._module.truetype(name, size)
            except OSError:
                self._fonts[name, size] = None
        return self._fonts[name, size]

    def _has(self, font: Any, char: str) -> bool:
        """Whether the font has a letter of its own for this: all others look like one of none."""
        return self._mask(font, char) != self._mask(font, "\U0010fffd")

    def _mask(self, font: Any, char: str) -> bytes:
        key = (font.path, font.size, char)
        if key not in self._masks:
            self._masks[key] = bytes(font.getmask(char))
        return self._masks[key]
