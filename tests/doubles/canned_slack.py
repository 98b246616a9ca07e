"""A Web API that gives the answers it was told to give, for what the local Slack knows nothing of."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from slack_sdk import WebClient

from sandbox.child import LIMIT_S

Answers = dict[str, Any]  # method (or path) -> JSON, or (status, headers, body)


class CannedSlack:
    """Listens on a free port while it is entered; `asked` has the methods, `tokens` the tokens that came."""

    def __init__(self, **answers: Any) -> None:
        self.answers: Answers = dict(answers)
        self.asked: list[str] = []
        self.tokens: list[str] = []
        canned = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # http.server's name
                self.do_POST()

            def do_POST(self) -> None:  # http.server's name
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                method = self.path.partition("?")[0].removeprefix("/api/")
                canned.asked.append(method)
                canned.tokens.append(self.headers.get("Authorization") or "")
                answer = canned.answers.get(method, {"ok": False, "error": "unknown_method"})
                status, headers, body = answer if isinstance(answer, tuple) else (200, {}, json.dumps(answer).encode())
                self.send_response(status)
                for name, value in ({"Content-Type": "application/json"} | headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> CannedSlack:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def client(self) -> WebClient:
        return WebClient(token="xoxb-test", base_url=f"{self.url}/api/", retry_handlers=[], timeout=int(LIMIT_S))
