"""Pictures are cleaned apart, in bounds of number, time and memory."""

import io
import os
import signal
import sys
import threading
import time

import pytest
from PIL import Image

from geodata.media import picture_workers as module
from geodata.media.picture_workers import Bounds, BusyError, PictureWorkers, SlowPictureError
from geodata.media.pictures import PictureRefusedError, clean
from tests.pictures import encoded, exif_at, picture


@pytest.fixture
def pool():
    workers = PictureWorkers()
    yield workers
    workers.close()


def test_a_worker_gives_what_cleaning_here_gives(pool: PictureWorkers) -> None:
    content = encoded(picture(), exif=exif_at())
    assert pool.clean(content) == clean(content)
    with pytest.raises(PictureRefusedError, match="damaged"):
        pool.clean(b"no picture")


def test_many_pixels_are_refused_by_the_header_before_they_are_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 4,900 * 4,900 = 24.01 million, of which 24 are let in; of a JPEG they are few.
    content = io.BytesIO()
    Image.new("RGB", (4_900, 4_900)).save(content, "WEBP", quality=1, method=0)

    def decode(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(Image.Image, "thumbnail", decode)
    with pytest.raises(PictureRefusedError, match="24 million pixels: choose one of up to 24"):
        clean(content.getvalue())


def test_the_pool_outlives_a_worker_that_is_killed(pool: PictureWorkers) -> None:
    content = encoded(picture())
    pool.clean(content)
    (worker,) = pool._idle
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert pool.clean(content).width_px == 80


def pool_of(program: str, monkeypatch: pytest.MonkeyPatch, **bounds: float) -> PictureWorkers:
    """A pool whose workers are another program."""

    def start():
        pipe = module.subprocess.PIPE
        return module.subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe)

    monkeypatch.setattr(module, "_start", start)
    return PictureWorkers(Bounds(**bounds))


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pool_of("import time; time.sleep(60)", monkeypatch, picture_s=0.2)
    start = time.monotonic()
    with pytest.raises(SlowPictureError, match="send a screenshot"):
        pool.clean(b"x" * 1_000_000)  # more than a pipe holds: the writing ends too
    assert time.monotonic() - start < 10
    assert pool._idle == []


def test_only_so_many_wait_and_the_others_are_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bounds = {"workers": 1, "callers": 2, "queue_s": 0.01, "worker_s": 0.3, "picture_s": 1.5}
    pool = pool_of("import time; time.sleep(60)", monkeypatch, **bounds)
    ends: list[str] = []

    def ask() -> None:
        try:
            pool.clean(b"x")
        except (SlowPictureError, BusyError) as error:
            ends.append(type(error).__name__)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One is served until it is given up, one waits for it in vain, two find no place.
    assert sorted(ends) == ["BusyError", "BusyError", "BusyError", "SlowPictureError"]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel bounds a process's addresses")
def test_a_worker_cannot_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    hungry = (
        "from geodata.media import picture_worker as w\n"
        "w.answer_of = lambda content: [bytes(2_000_000_000)]\n"
        "import os; os.dup2(os.open(os.devnull, os.O_WRONLY), 2)\n"
        "w.main()"
    )
    with pytest.raises(SlowPictureError):
        pool_of(hungry, monkeypatch).clean(b"x")
