"""A process that cleans pictures, one after the other, within bounds of memory.

    python -m geodata.media.picture_worker

It ends where its input does. What a stranger's picture does to an image library, it does to this
process and no other; so its answers are plain bytes, and nothing that could run.
"""

import contextlib
import json
import struct
import sys
from dataclasses import astuple
from typing import IO

from geodata.media.pictures import CleanPicture, PicturePosition, PictureRefusedError, clean

MEMORY_BYTES = 1_500_000_000
"""Of addresses, those of the libraries included: a picture of the most pixels needs 0.7 GB."""
_LENGTH = struct.Struct(">Q")


def send(stream: IO[bytes], *parts: bytes) -> None:
    """Write one message: the number of its parts, then each with its length."""
    stream.write(_LENGTH.pack(len(parts)))
    for part in parts:
        stream.write(_LENGTH.pack(len(part)) + part)
    stream.flush()


def receive(stream: IO[bytes]) -> list[bytes]:
    """Read one message.

    Raises
    ------
    EOFError
        The other process has ended.
    """
    return [_exactly(stream, _number(stream)) for _ in range(_number(stream))]


def answer_of(content: bytes) -> list[bytes]:
    """A cleaned picture as parts of a message; or the words of a refusal alone."""
    try:
        picture = clean(content)
    except PictureRefusedError as error:
        return [str(error).encode()]
    position = None if picture.position is None else astuple(picture.position)
    facts = json.dumps([picture.width_px, picture.height_px, position])
    return [facts.encode(), picture.jpeg, picture.thumbnail]


def picture_of(answer: list[bytes]) -> CleanPicture:
    """The picture that an answer holds.

    Raises
    ------
    PictureRefusedError
        The answer is a refusal.
    """
    if len(answer) == 1:
        raise PictureRefusedError(answer[0].decode())
    facts, jpeg, thumbnail = answer
    width_px, height_px, position = json.loads(facts)
    at = None if position is None else PicturePosition(*position)
    return CleanPicture(jpeg, thumbnail, width_px, height_px, at)


def main() -> None:
    """Answer each content that comes, until none does."""
    _bound_memory()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            (content,) = receive(sys.stdin.buffer)
            send(sys.stdout.buffer, *answer_of(content))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the pixels and the seconds stay bounded
        return
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and may refuse it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _number(stream: IO[bytes]) -> int:
    number: int = _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0]
    return number


def _exactly(stream: IO[bytes], n_bytes: int) -> bytes:
    content = stream.read(n_bytes)
    if len(content) < n_bytes:
        raise EOFError("the other process has ended")
    return content


if __name__ == "__main__":
    main()
