"""Pictures as files: painted, kept for a while, found again by nothing but their name."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from octopus.backends.pictures import KEPT, MOST_PIXELS, PictureFiles, png
from octopus.core.drawing import Dot, Drawing, Label, Line
from octopus.core.graph import Neighbour, Neighbourhood
from octopus.obsidian.picture import picture

DRAWING = Drawing(
    200,
    100,
    (Line(20, 20, 180, 20, "#ff0000", 4),),
    (Dot(50, 70, 10, "#0000ff", "#0000ff"),),
    (Label(100, 70, "Лампа", 15, "start", "#000000"),),
)


def test_what_is_drawn_is_where_it_should_be() -> None:
    data = png(DRAWING)
    assert data is not None
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.size == (400, 200)
    assert image.getpixel((200, 40)) == (255, 0, 0)
    assert image.getpixel((100, 140)) == (0, 0, 255)
    assert image.getpixel((5, 195)) == (255, 255, 255)
    words = image.crop((200, 120, 320, 160)).convert("L")
    assert words.getextrema() == (0, 255)  # there are letters
    assert png(DRAWING) == data


def test_a_large_picture_stays_within_what_telegram_takes() -> None:
    nodes = [Neighbour("Hub.md", 0), *(Neighbour(f"N{n}.md", 1) for n in range(900))]
    drawing = picture(Neighbourhood(tuple(nodes), tuple((0, n) for n in range(1, 901))))
    data = png(drawing)
    assert data is not None
    width, height = Image.open(io.BytesIO(data)).size
    assert width + height <= MOST_PIXELS + 2


async def test_it_is_kept_for_a_while(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path / "pictures")
    enclosure = await files.draw(DRAWING, "Lamp")
    assert (enclosure.kind, enclosure.name, enclosure.mime) == ("photo", "Lamp.png", "image/png")
    assert await files.read(enclosure.ref) == png(DRAWING)
    path = tmp_path / "pictures" / enclosure.ref
    assert path.stat().st_mode & 0o077 == 0
    assert await files.draw(DRAWING, "Lamp") == enclosure
    os.utime(path, (0, 0))
    assert files.sweep(KEPT - 1) == 0
    assert files.sweep() == 1
    assert await files.read(enclosure.ref) is None


@pytest.mark.parametrize("ref", ["", "../octopus.db", "x.png", "/etc/passwd", "a" * 32 + ".db"])
async def test_nothing_else_is_read(tmp_path: Path, ref: str) -> None:
    (tmp_path / "octopus.db").write_text("secret")
    (tmp_path / "x.png").write_text("secret")
    assert await PictureFiles(tmp_path).read(ref) is None


async def test_without_pillow_it_is_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    files = PictureFiles(tmp_path)
    enclosure = await files.draw(DRAWING, "Lamp")
    assert (enclosure.kind, enclosure.name) == ("document", "Lamp.svg")
    assert "Лампа" in (await files.read(enclosure.ref) or b"").decode()
