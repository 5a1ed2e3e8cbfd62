"""A server on loopback that takes posts: a push service, a chat, or one that answers as it is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PostServer:
    status: int = 200
    text: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)
    # Seconds between having the message and saying so.
    wait: float = 0
    taken: list[Taken] = field(default_factory=list)
    url: str = ""


@contextmanager
def post_server(status: int = 200, text: str = "ok", *, wait: float = 0, **headers: str) -> Iterator[PostServer]:
    server = PostServer(status, text, headers, wait)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.taken.append(Taken(self.path, {name.lower(): v for name, v in self.headers.items()}, body))
            time.sleep(server.wait)
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(server.text.encode())

        def log_message(self, *_words: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(OSError):  # whoever asked did not wait
                super().handle()

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}/door?key=secret"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)
