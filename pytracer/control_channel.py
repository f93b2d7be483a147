"""The connection to the debug adapter: one JSON message a line (src/protocol/controlChannel.ts).

There is no thread here.
"""

from __future__ import annotations

import _socket
import json

from .high_descriptors import high_descriptors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Message = dict[str, Any]

_CHUNK = 65536


class ControlChannel:
    """One connection to the adapter on this machine."""

    def __init__(self, port: int) -> None:
        with high_descriptors():
            self._socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self._received = b""
        self.is_open = True
        try:
            self._socket.connect(("127.0.0.1", port))
            self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        except OSError:
            self.close()

    def send(self, message: Message) -> None:
        """Send one message; a broken connection closes the channel."""
        if not self.is_open:
            return
        try:
            # Lone surrogates and everything else beyond ASCII travel as escapes.
            self._socket.settimeout(None)
            self._socket.sendall(json.dumps(message).encode("ascii") + b"\n")
        except OSError:
            self.close()

    def wait(self) -> Message | None:
        """Block until a message comes; None when the connection is closed.

        A signal handler of the program may raise out of here.
        """
        while self.is_open:
            message = self._next()
            if message is not None:
                return message
            self._read(None)
        return None

    def poll(self) -> Message | None:
        """Give a message that is there already, else None; never blocks."""
        message = self._next()
        while message is None and self.is_open and self._read(0):
            message = self._next()
        return message

    def fileno(self) -> int:
        """Give the descriptor of the socket."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the connection; what comes later is lost."""
        self.is_open = False
        self._socket.close()

    def _next(self) -> Message | None:
        line, newline, rest = self._received.partition(b"\n")
        if not newline:
            return None
        self._received = rest
        message: Message = json.loads(line)
        return message

    def _read(self, timeout: float | None) -> bool:
        """Read what there is; tells whether anything came."""
        try:
            self._socket.settimeout(timeout)
            chunk = self._socket.recv(_CHUNK)
        except (BlockingIOError, TimeoutError, _socket.timeout):
            return False
        except OSError:
            self.close()
            return False
        if not chunk:
            self.close()
            return False
        self._received += chunk
        return True
