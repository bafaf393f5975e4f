"""A mail server in the test process: it takes messages over a real socket, and refuses them as it is told to."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Inbox:
    """What came, and how to answer: `refusals` by address, `data_answer` to a whole message, `hangs_up` after DATA."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 taken"
    hangs_up: bool = False

    def text(self, number: int = -1) -> str:
        """The plain part of a message."""
        return str(self.messages[number].get_body(("plain",)).get_content())  # type: ignore[union-attr]

    def html(self, number: int = -1) -> str:
        """The HTML part of a message."""
        return str(self.messages[number].get_body(("html",)).get_content())  # type: ignore[union-attr]


class _Talk(socketserver.StreamRequestHandler):
    """One SMTP session (RFC 5321), as much as a client needs."""

    timeout = 20

    def handle(self) -> None:
        inbox: Inbox = self.server.inbox  # type: ignore[attr-defined]
        self._say("220 test")
        recipient = ""
        while line := self.rfile.readline():
            word = line[:4].upper().decode()
            if word == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                self._say(inbox.refusals.get(recipient, "250 ok" if "@" in recipient else "501 no address"))
            elif word == "DATA":
                self._take(inbox, recipient)
            elif word == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _take(self, inbox: Inbox, recipient: str) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if inbox.hangs_up:
            return self.connection.shutdown(socket.SHUT_RDWR)
        if inbox.data_answer.startswith("2"):
            inbox.to.append(recipient)
            inbox.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        return self._say(inbox.data_answer)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def serving() -> Iterator[Inbox]:
    """A server on a port of this machine."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        inbox = server.inbox = Inbox(port=server.server_address[1])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield inbox
        server.shutdown()
        thread.join()
