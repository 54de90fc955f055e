"""Logs: readable, parseable, and without a secret wherever one may stand."""

from __future__ import annotations

import io
import json
import logging
import stat
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from octopus import log

TOKEN = "987654321:AAHcanary_canary-canary_canary-canary"
PASSWORD = 'p"ss wörd/canary\\x'


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Neither sinks nor secrets are left to other tests."""
    known = log._secrets.copy(), log._known
    yield
    log.tear_down()
    log._secrets, log._known = known


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def entries(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


class TestLines:
    def test_one_line_an_entry(self, out: io.StringIO) -> None:
        log.set_up(stream=out)
        logger.info("started in {} ms", 5)
        logger.bind(job=7).warning("slow")
        first, second = out.getvalue().splitlines()
        assert first.endswith(f"INFO     {__name__}: started in 5 ms")
        assert second.endswith(f"WARNING  {__name__} job=7: slow")

    def test_level(self, out: io.StringIO) -> None:
        log.set_up("WARNING", stream=out)
        logger.info("quiet")
        logger.warning("loud")
        assert "quiet" not in out.getvalue()
        assert "loud" in out.getvalue()

    def test_a_text_cannot_pass_for_an_entry_or_move_the_cursor(self, out: io.StringIO) -> None:
        log.set_up(stream=out)
        logger.info("{}", "a\n2026-01-01 ERROR forged\r\x1b[2J\x9b\u2028\u202e")
        first, second = out.getvalue().splitlines()
        assert second == "  2026-01-01 ERROR forged\\x0d\\x1b[2J\\x9b\\u2028\\u202e"
        assert first.endswith(": a")

    def test_braces_in_arguments_are_only_text(self, out: io.StringIO) -> None:
        log.set_up(stream=out)
        logger.info("{}", "{record} {0} <red>x</red> \\<")
        assert "{record} {0} <red>x</red> \\<" in out.getvalue()

    def test_set_up_again_replaces(self, out: io.StringIO) -> None:
        log.set_up(stream=io.StringIO())
        log.set_up(stream=out)
        logger.info("once")
        logging.getLogger("lib").warning("bridged")
        assert out.getvalue().count("\n") == 2


class TestJson:
    def test_an_object_a_line(self, out: io.StringIO) -> None:
        log.set_up(as_json=True, stream=out)
        logger.bind(job=7, path=Path("a/b"), done=None).info("two\nlines {}", "é")
        (entry,) = entries(out)
        assert entry["message"] == "two\nlines é"
        assert (entry["job"], entry["path"], entry["done"]) == (7, "a/b", None)
        assert entry["level"] == "INFO"
        assert entry["time"].startswith("20")

    def test_exceptions(self, out: io.StringIO) -> None:
        log.set_up(as_json=True, stream=out)
        try:
            raise KeyError("missing")
        except KeyError:
            logger.exception("it\nfailed")
        (entry,) = entries(out)
        assert entry["message"] == "it\nfailed"
        assert entry["exception"].startswith("Traceback")
        assert entry["exception"].endswith("KeyError: 'missing'")

    def test_extra_cannot_replace_what_is_ours(self, out: io.StringIO) -> None:
        log.set_up(as_json=True, stream=out)
        logger.bind(level="none", time="never").info("x")
        assert entries(out)[0]["level"] == "INFO"


class TestLibraries:
    def test_warnings_and_worse_are_passed_on(self, out: io.StringIO) -> None:
        log.set_up(as_json=True, stream=out)
        logging.getLogger("aiogram.event").warning("retry in %d s", 5)
        logging.getLogger("aiogram.event").info("Update id=1 is handled")
        (entry,) = entries(out)
        assert entry["logger"] == "aiogram.event"
        assert entry["message"] == "retry in 5 s"

    def test_debug_opens_them(self, out: io.StringIO) -> None:
        log.set_up("DEBUG", stream=out)
        logging.getLogger("lib").debug("detail")
        logging.getLogger("lib").log(25, "own level")
        assert "detail" in out.getvalue()
        assert "own level" in out.getvalue()

    def test_formats_that_do_not_fit(self, out: io.StringIO) -> None:
        log.set_up(stream=out)
        logging.getLogger("lib").warning("%d items", "no number")
        assert "%d items ('no number',)" in out.getvalue()

    def test_exceptions(self, out: io.StringIO) -> None:
        log.set_up(stream=out)
        logging.getLogger("lib").error("x", exc_info=True)
        assert "NoneType" not in out.getvalue()
        try:
            raise OSError("disk")
        except OSError:
            logging.getLogger("lib").exception("failed")
        assert "OSError: disk" in out.getvalue()

    def test_warnings_module(self, out: io.StringIO) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            log.set_up(stream=out)
            warnings.warn("old thing", DeprecationWarning, stacklevel=1)
            log.tear_down()
        assert "DeprecationWarning: old thing" in out.getvalue()


class ClientResponseError(Exception):
    """As an HTTP client raises it for a failed download: the whole address is in its text."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        return f"404, message='Not Found', url='{self.url}'"


class Holder:
    """An object whose description holds a secret."""

    def __repr__(self) -> str:
        return f"Bot(token={TOKEN!r})"


def plain() -> None:
    logger.info("token " + TOKEN)


def argument() -> None:
    logger.info("calling {} with {}", TOKEN, {"token": TOKEN})


def extra() -> None:
    logger.bind(token=TOKEN, bot=Holder()).info("x")


def described() -> None:
    logger.warning("{}", Holder())


def download() -> None:
    try:
        raise ClientResponseError(f"https://api.telegram.org/file/bot{TOKEN}/photos/1.jpg")
    except ClientResponseError:
        logger.exception("download failed")


def quoted_address() -> None:
    logger.error("GET /bot{}/getMe", TOKEN.replace(":", "%3A"))


def chained() -> None:
    try:
        try:
            raise ClientResponseError(f"http://127.0.0.1:8081/bot{TOKEN}/getUpdates")
        except ClientResponseError as error:
            raise RuntimeError(f"poll failed: {error}") from error
    except RuntimeError:
        logger.exception("giving up")


def grouped() -> None:
    try:
        raise ExceptionGroup("two", [ValueError(TOKEN), OSError(2, "gone", f"/x/{TOKEN}")])
    except ExceptionGroup:
        logger.exception("both failed")


def source_line() -> None:
    try:
        int("987654321:AAHcanary_canary-canary_canary-canary")
    except ValueError:
        logger.exception("the line of source is shown in the traceback")


def library() -> None:
    logging.getLogger("aiohttp.client").error("url=%s", f"https://h/bot{TOKEN}/x")


def library_exception() -> None:
    try:
        raise ClientResponseError(f"https://h/file/bot{TOKEN}/x")
    except ClientResponseError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")


def headers() -> None:
    logger.info("Authorization: Bearer canary0123456789")
    logger.info("{}", {"Authorization": "Bearer canary0123456789", "Accept": "x"})
    logger.info("{}", [(b"authorization", b"Bearer canary0123456789")])
    logger.info("authorization=Basic canary0123456789==")
    logger.info("sent bearer canary0123456789.abc")


def addresses() -> None:
    logger.info("GET http://127.0.0.1:8321/api/events?after=1&token=canary123&types=x")
    logger.info("connecting to https://me:canary@example.org/x")


def registered() -> None:
    logger.info("the password {} in text", PASSWORD)
    logger.info("{}", [PASSWORD])
    logger.info(json.dumps({"password": PASSWORD}))
    logger.info("http://h/?q=p%22ss%20w%C3%B6rd%2Fcanary%5Cx")


LEAKS = [
    plain, argument, extra, described, download, quoted_address, chained, grouped, source_line,
    library, library_exception, headers, addresses, registered,
]  # fmt: skip


class TestSecrets:
    @pytest.mark.parametrize("as_json", [False, True])
    @pytest.mark.parametrize("leak", LEAKS)
    def test_no_canary_gets_out(
        self, out: io.StringIO, tmp_path: Path, leak: Callable[[], None], as_json: bool
    ) -> None:
        log.register_secret(PASSWORD)
        file = tmp_path / "octopus.log"
        log.set_up("DEBUG", as_json=as_json, stream=out, file=file)
        leak()
        log.tear_down()
        written = file.read_text(encoding="utf-8")
        assert log.MASK in out.getvalue()
        assert "canary" not in out.getvalue()
        assert written == out.getvalue()

    def test_traceback_shows_no_values_of_variables(self, out: io.StringIO) -> None:
        def fails(secret: str) -> int:
            return 1 // len(secret[:0])

        log.set_up(stream=out)
        try:
            fails("yranac :depahs ron nwonk rehtien"[::-1])
        except ZeroDivisionError:
            logger.exception("x")
        assert "ZeroDivisionError" in out.getvalue()
        assert "canary" not in out.getvalue()

    def test_argument_that_cannot_be_described(
        self, out: io.StringIO, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Bad:
            def __str__(self) -> str:
                raise RuntimeError(TOKEN)

        log.set_up(stream=out)
        logger.bind(bad=Bad()).info("x " + TOKEN)
        assert out.getvalue() == "an entry could not be written: RuntimeError\n"
        assert "canary" not in "".join(capsys.readouterr())

    def test_closed_stream_prints_no_raw_record(self, capsys: pytest.CaptureFixture[str]) -> None:
        closed = io.StringIO()
        log.set_up(stream=closed)
        closed.close()
        logger.info(TOKEN)
        assert "canary" not in "".join(capsys.readouterr())

    def test_short_values_are_not_masked(self) -> None:
        log.register_secret("")
        log.register_secret("abc")
        assert log.redact("abc is the alphabet") == "abc is the alphabet"

    @pytest.mark.parametrize(
        "text",
        [
            "12:30 note added",
            "https://example.org/a?b=c",
            "2026-11-21T10:00:00 job 123456 done",
            "ratio 123456:789",
            "http://127.0.0.1:8321/health",
        ],
    )
    def test_what_is_no_secret_stays(self, text: str) -> None:
        assert log.redact(text) == text

    def test_longer_secrets_first(self) -> None:
        log.register_secret("canary-one")
        log.register_secret("canary-one-and-more")
        assert log.redact("x canary-one-and-more y") == f"x {log.MASK} y"


class TestFile:
    def test_private_and_appended(self, tmp_path: Path, out: io.StringIO) -> None:
        file = tmp_path / "state" / "octopus.log"
        for word in ("first", "second"):
            log.set_up(stream=out, file=file)
            logger.info(word)
            log.tear_down()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_text(encoding="utf-8").count("\n") == 2

    def test_rotated_and_bounded(
        self, tmp_path: Path, out: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(log, "FILE_BYTES", 1000)
        monkeypatch.setattr(log, "FILES_KEPT", 2)
        file = tmp_path / "octopus.log"
        log.set_up(stream=out, file=file)
        for number in range(200):
            logger.info("entry {}", number)
        log.tear_down()
        files = sorted(tmp_path.iterdir())
        assert [found.name for found in files] == ["octopus.log", "octopus.log.1", "octopus.log.2"]
        assert sum(found.stat().st_size for found in files) <= 3000
        assert {stat.S_IMODE(found.stat().st_mode) for found in files} == {0o600}
        assert "entry 199" in file.read_text(encoding="utf-8")

    def test_broken_characters(self, tmp_path: Path, out: io.StringIO) -> None:
        file = tmp_path / "octopus.log"
        log.set_up(stream=out, file=file)
        logger.info("half a pair \ud83d")
        log.tear_down()
        assert "half a pair \\ud83d" in file.read_text(encoding="utf-8")
