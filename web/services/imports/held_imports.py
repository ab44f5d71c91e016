"""Files between a look and taking in: each in a private folder of its own, for a day at most.

All that is known of one lies beside it, so that nothing of it is in the store before it goes in,
and nothing anywhere once its folder is gone. Who works on one holds its claim, a file that only
one process can make.
"""

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import IO, Any

from geodata.core import private_files
from geodata.core.errors import NotFoundError, RefusedError
from geodata.people.audit import Actor
from web.services.imports.import_choices import Choices, choices_of
from web.services.imports.import_looks import Looked, looked_of

KEPT = timedelta(days=1)
DIED = timedelta(minutes=15)
"""No single step of the work takes so long: who has said nothing since then ended."""
MOST_BYTES = 50 * 1024 * 1024
MOST_OF_ONE = 5
"""Files that one account may have lying here."""
MOST_TOGETHER = 1_000_000_000
_TOKEN = re.compile(r"[0-9a-f]{32}")
_STATE, _LOOKED, _CLAIM, REJECTS = "state.json", "looked.json", "claim.json", "rejected.csv"
_PIECE = 1 << 20


class State(Enum):
    """Where a held file stands."""

    READY = "Looked at"
    WAITING = "Waits for the background work"
    RUNNING = "Is being worked on"
    STOPPED = "Was cut off"
    TAKEN = "Taken in"


@dataclass(frozen=True)
class Held:
    """A file that waits.

    Attributes
    ----------
    folder
        Where it lies.
    task
        What the background work is to do with it: look, take or nothing.
    fault
        Why the last task came to nothing; empty where it did not.
    in_shell
        Which of a command's options would do about it: the page has choices instead.
    batch
        As what it was taken in; None as long as it is not, or where nothing was new.
    """

    folder: Path
    name: str
    kind: str
    user_id: int
    held_at: str
    choices: Choices = field(default_factory=Choices)
    task: str = ""
    fault: str = ""
    in_shell: str = ""
    profile_name: str = ""
    is_taken: bool = False
    batch: int | None = None

    @property
    def token(self) -> str:
        """What its address ends with."""
        return self.folder.name

    @property
    def path(self) -> Path:
        return self.folder / "file" / self.name

    @property
    def rejects(self) -> Path:
        return self.folder / REJECTS

    def state(self, now: datetime) -> State:
        if self.is_taken:
            return State.TAKEN
        if not self.task:
            return State.READY
        claim = progress(self)
        if claim is None:
            return State.WAITING
        heard_at = datetime.fromisoformat(claim["at"])
        return State.STOPPED if now - heard_at > DIED else State.RUNNING


def hold(root: Path, file: IO[bytes], name: str, kind: str, by: Actor) -> Held:
    """Keep a file that was sent.

    Raises
    ------
    RefusedError
        It is too large, one has too many here, or there is no room.
    """
    if len(of_account(root, by.user_id)) >= MOST_OF_ONE:
        raise RefusedError(
            f"{MOST_OF_ONE} files of yours wait here: take them in or throw them away first"
        )
    if _bytes_below(root) > MOST_TOGETHER:
        raise RefusedError("too many files wait here: try again tomorrow, or use the command line")
    held = Held(root / secrets.token_hex(16), name, kind, by.user_id or 0, by.now.isoformat())
    try:
        root.mkdir(mode=0o700, exist_ok=True)
        held.path.parent.mkdir(mode=0o700, parents=True)
        held.folder.chmod(0o700)
        _copy(file, held)
        keep(held)
    except OSError as error:
        drop(held)
        raise RefusedError(
            f"the file cannot be kept on the server ({error.strerror}): tell whoever runs it"
        ) from None
    except RefusedError:
        drop(held)
        raise
    return held


def _copy(file: IO[bytes], held: Held) -> None:
    private_files.create(held.path)
    size = 0
    with held.path.open("wb") as kept:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > MOST_BYTES:
                raise RefusedError(
                    f"the file is larger than {MOST_BYTES // 1024**2} MB: split it, or let whoever "
                    "runs the server import it by the command line"
                )
            kept.write(piece)
    if not size:
        raise RefusedError("the file is empty")


def _bytes_below(root: Path) -> int:
    return sum(path.stat().st_size for path in root.glob("*/file/*"))


def keep(held: Held) -> None:
    """Write down where a file stands."""
    document = {name: value for name, value in vars(held).items() if name != "folder"}
    _write(held.folder / _STATE, document | {"choices": asdict(held.choices)})


def find(root: Path, token: str, user_id: int | None) -> Held:
    """A file that an account itself has sent.

    Raises
    ------
    NotFoundError
        There is none: it is gone after a day, or somebody else sent it.
    """
    held = _read(root / token) if _TOKEN.fullmatch(token) else None
    if held is None or held.user_id != user_id:
        raise NotFoundError("there is no such file of yours: it is kept for a day, send it again")
    return held


def of_account(root: Path, user_id: int | None) -> list[Held]:
    """The files that an account has here and has not taken in, the oldest first."""
    return [held for held in every(root) if held.user_id == user_id and not held.is_taken]


def every(root: Path) -> list[Held]:
    """All that lies here, the oldest first."""
    read = (_read(folder) for folder in root.glob("*") if _TOKEN.fullmatch(folder.name))
    return sorted((held for held in read if held), key=lambda held: (held.held_at, held.token))


def _read(folder: Path) -> Held | None:
    try:
        document = json.loads((folder / _STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Held(folder, **document | {"choices": choices_of(document["choices"])})


def looked(held: Held) -> Looked:
    """What the last look showed; nothing where there was none."""
    try:
        return looked_of(json.loads((held.folder / _LOOKED).read_text("utf-8")))
    except (OSError, ValueError):
        return Looked()


def keep_look(held: Held, shown: Looked) -> None:
    _write(held.folder / _LOOKED, shown.document())


def claim(held: Held, now: datetime) -> bool:
    """Whether the work on it is this process's from now on."""
    try:
        private_files.create(held.folder / _CLAIM)
    except OSError:  # another has it, or it was thrown away
        return False
    tell(held, now)
    return True


def tell(held: Held, now: datetime, done: int = 0, of: int = 0) -> None:
    """Say how far the work is."""
    _write(held.folder / _CLAIM, {"at": now.isoformat(), "done": done, "of": of})


def progress(held: Held) -> dict[str, Any] | None:
    """How far the work is; None where nobody is at it."""
    try:
        words: dict[str, Any] = json.loads((held.folder / _CLAIM).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):  # its first words are being written
        return {"at": held.held_at, "done": 0, "of": 0}
    return words


def let_go(held: Held) -> None:
    """End the work on it."""
    (held.folder / _CLAIM).unlink(missing_ok=True)


def settle(held: Held, **changed: Any) -> Held:
    """Write down what came of a task."""
    settled = replace(held, task="", **changed)
    keep(settled)
    let_go(settled)
    return settled


def forget_content(held: Held) -> None:
    """Delete the file itself, once it is in the store."""
    held.path.unlink(missing_ok=True)


def drop(held: Held) -> None:
    """Delete a file and all that was known of it."""
    shutil.rmtree(held.folder, ignore_errors=True)


def sweep(root: Path, now: datetime) -> int:
    """Delete what lies here for longer than a day, and nobody works on; how many that were."""
    old = [held for held in every(root) if now - datetime.fromisoformat(held.held_at) > KEPT]
    over = [held for held in old if held.state(now) is not State.RUNNING]
    for held in over:
        drop(held)
    _sweep_broken(root, now)
    return len(over)


def _sweep_broken(root: Path, now: datetime) -> None:
    """Folders whose writing was cut off before anything was known of them."""
    broken = (folder for folder in root.glob("*") if not (folder / _STATE).exists())
    for folder in broken:
        is_old = now.timestamp() - folder.stat().st_mtime > KEPT.total_seconds()
        if is_old and _TOKEN.fullmatch(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    with private_files.written(path, replaces=True) as half:
        half.write_text(json.dumps(document), "utf-8")
