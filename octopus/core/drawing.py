"""A drawing of lines, dots and words, whatever it is shown with. Lengths are in pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """From one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str  # "#rrggbb"
    width: float = 1.5


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle with an edge."""

    x: float
    y: float
    radius: float
    fill: str
    edge: str


@dataclass(frozen=True, slots=True)
class Label:
    """One line of words on a ground of its own, its middle at the height ``y``."""

    x: float
    y: float
    text: str
    size: float  # of the letters
    anchor: str  # start, middle or end: what of the words is at ``x``
    color: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything, painted in this order: lines, dots, labels."""

    width: int
    height: int
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    ground: str = "#ffffff"
