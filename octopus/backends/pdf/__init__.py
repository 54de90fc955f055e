"""The text of PDF files, read by a process that may fail."""

from octopus.backends.pdf.texts import Limits, PdfTexts

__all__ = ["Limits", "PdfTexts"]
