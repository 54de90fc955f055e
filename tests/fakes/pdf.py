"""PDF files written by hand: as small as the format allows (ISO 32000-1, 7.5)."""

from __future__ import annotations

import zlib


def pdf(*pages: str, packed: bool = False, trailer: bytes = b"") -> bytes:
    """A file with one line of Latin text on each page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(stream(_drawn(text), packed=packed))
    return assembled(objects, trailer)


def _drawn(text: str) -> bytes:
    shown = text.encode("cp1252").replace(b"\\", b"\\\\")
    shown = shown.replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 12 Tf 72 720 Td (" + shown + b") Tj ET"


def stream(data: bytes, *, packed: bool = False, more: bytes = b"") -> bytes:
    """A stream object."""
    if packed:
        data, more = zlib.compress(data), more + b" /Filter /FlateDecode"
    return b"<< /Length %d%s >>\nstream\n" % (len(data), more) + data + b"\nendstream"


def assembled(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """The objects, numbered from 1, with their table; the first is the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def encrypted() -> bytes:
    """A file that wants a password which nobody has (standard handler, revision 2)."""
    keys = b"/O <%s> /U <%s>" % (b"ab" * 32, b"cd" * 32)
    return pdf(
        "secret words",
        trailer=b"/ID [<%s> <%s>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 %s >>"
        % (b"01" * 16, b"01" * 16, keys),
    )


def bomb(size: int = 3 * 10**9) -> bytes:
    """A page whose content is zeros, packed several times over."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()
    head = pdf("before the bomb")
    assert head
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << >> /Contents 4 0 R >>"
    body = stream(packed, more=b" /Filter /FlateDecode")
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            body,
        ]
    )


def loop() -> bytes:
    """Pages that are their own children."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99 >>",
        ]
    )


def nested(depth: int = 200_000) -> bytes:
    """An array in an array in an array."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * depth + b"]" * depth + b" >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
        ]
    )


def endless(count: int = 2_000_000) -> bytes:
    """A page that draws text for longer than anybody waits."""
    drawn = b"BT /F1 12 Tf " + b"(a) Tj 1 0 0 1 0 0 Tm " * count + b"ET"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]"
        b" /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>"
    )
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            font,
            page,
            stream(drawn, packed=True),
        ]
    )
