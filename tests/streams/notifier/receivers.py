"""A real mail server and a real webhook on this machine, which can be away, hang, and refuse what is not signed."""

import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from streams.embedded.ports import free_port
from streams.notifier.channels import IDEMPOTENCY, SIGNATURE, TIMESTAMP, signature


class Mailbox:
    """What a mail server was given: (X-IOC-Message, subject, text)."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[tuple[str, str, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        body = mail.get_body(("plain", "html"))
        assert body is not None
        self.mails.append((str(mail["X-IOC-Message"]), str(mail["Subject"]), body.get_content()))
        return "250 OK"

    @contextmanager
    def open(self) -> Iterator[None]:
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()


class Gateway:
    """A gateway as the documents describe one: it checks the signature, and knows a key that it had before."""

    def __init__(self, secret: str) -> None:
        self.port, self.secret = free_port(), secret
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.hang = threading.Event()
        self.answer = 200

    @property
    def taken(self) -> dict[str, dict[str, Any]]:
        """By key: what a person would have got on the telephone."""
        return dict(self.calls)

    @contextmanager
    def open(self) -> Iterator[None]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stamp = self.headers[TIMESTAMP]
                signed = hmac.compare_digest(self.headers[SIGNATURE], signature(gateway.secret, stamp, body))
                fresh = abs(time.time() - int(stamp)) < 60
                if signed and fresh and gateway.answer == 200:
                    gateway.calls.append((self.headers[IDEMPOTENCY], json.loads(body)))
                while gateway.hang.is_set():
                    time.sleep(0.05)
                self.send_response(gateway.answer if signed and fresh else 401)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on the terminal."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.hang.clear()
            server.shutdown()
            server.server_close()
            thread.join()
