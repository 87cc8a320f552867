"""Several processes that live and die together: started as one, stopped as one."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Part:
    """``name`` is said to the person when this part stops by itself; it is then started again up to ``restarts`` times."""

    name: str
    command: Sequence[str]
    restarts: int = 0


class Together:
    """Starts its parts in order; ``wait`` returns when one dies for good or when asked to stop; ``stop`` leaves none behind."""

    def __init__(self, parts: Sequence[Part], environment: Mapping[str, str]) -> None:
        self._parts = parts
        self._environment = environment
        self._running: list[tuple[Part, subprocess.Popen[bytes]]] = []
        self._restarts = {part.name: part.restarts for part in parts}
        self.asked_to_stop = False

    def start(self) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._hear)
        for part in self._parts:
            self._running.append((part, self._started(part)))

    def _started(self, part: Part) -> subprocess.Popen[bytes]:
        # a session of its own: Ctrl-C reaches us alone, and we stop everyone in order
        return subprocess.Popen(  # noqa: S603 (our own commands)
            part.command, env=dict(self._environment), start_new_session=True, preexec_fn=_die_with_parent
        )

    def _start_again(self, fallen: Part) -> None:
        self._restarts[fallen.name] -= 1
        print(f"→ « {fallen.name} » s’est arrêté : il est relancé.", file=sys.stderr, flush=True)
        self._running = [(part, self._started(part) if part is fallen else process) for part, process in self._running]

    def fallen(self) -> Part | None:
        """The first part that stopped by itself, if any."""
        return next((part for part, process in self._running if process.poll() is not None), None)

    def wait(self) -> Part | None:
        """Block until a part falls (returned) or a stop signal comes (None)."""
        while not self.asked_to_stop:
            if part := self.fallen():
                if not self._restarts[part.name]:
                    return part
                self._start_again(part)
            time.sleep(0.2)
        return None

    def stop(self, grace_seconds: float = 8.0) -> None:
        """Ask all parts to stop, insist, then force: no part survives this call."""
        for number, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
            for _, process in self._running:
                if process.poll() is None:
                    process.send_signal(number)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and any(process.poll() is None for _, process in self._running):
                time.sleep(0.05)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True


def _die_with_parent() -> None:
    """In the child: if the parent is killed without a chance to speak, the kernel tells us to stop."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:
            os.kill(os.getpid(), signal.SIGTERM)
