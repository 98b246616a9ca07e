"""A small local HTTP server that speaks Bedrock's wire, scripted by tests."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any
from urllib.parse import unquote

REQUEST_ID = "11111111-2222-3333-4444-555555555555"
# An id is one percent-encoded segment: a path is taken apart before it is decoded, so an ARN stays whole.
ROUTES = {
    "Converse": ("POST", r"/model/([^/]+)/converse"),
    "CountTokens": ("POST", r"/model/([^/]+)/count-tokens"),
    "GetFoundationModel": ("GET", r"/foundation-models/([^/]+)"),
    "GetProvisionedModelThroughput": ("GET", r"/provisioned-model-throughput/([^/]+)"),
    "GetCustomModelDeployment": ("GET", r"/model-customization/custom-model-deployments/([^/]+)"),
    "GetCustomModel": ("GET", r"/custom-models/([^/]+)"),
    "GetInferenceProfile": ("GET", r"/inference-profiles/([^/]+)"),
}


@dataclass(frozen=True)
class Request:
    """What came: the operation, the decoded model id or ARN, the raw path, the headers and the JSON body."""

    operation: str
    id: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """The text of the last message."""
        return "".join(block.get("text", "") for block in self.body["messages"][-1]["content"])


@dataclass(frozen=True)
class Response:
    status: int
    body: dict[str, Any]
    error: str = ""
    delay_s: float = 0.0


def _nothing(request: Request) -> str:
    return "{}"


@dataclass
class BedrockServer:
    """Use as a context manager, with the variables of `environment` set.

    Converse answers what was scripted with `says` and `fails`, in that order, then whatever `answer` makes of a
    request. CountTokens tells `input_tokens`. The control plane knows what was given to `holds`; else it says 404.
    Every request is kept in `requests`.
    """

    answer: Callable[[Request], str] = _nothing
    input_tokens: int = 100
    requests: list[Request] = field(default_factory=list)
    _script: dict[str, deque[Response]] = field(default_factory=dict)
    _held: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def says(self, text: str, stop_reason: str = "end_turn", delay_s: float = 0.0) -> None:
        """The next Converse reply."""
        self._queue("Converse").append(Response(200, converse_body(text, stop_reason), delay_s=delay_s))

    def fails(
        self, error: str, status: int, message: str = "", *, operation: str = "Converse", delay_s: float = 0.0
    ) -> None:
        """The next reply to `operation` is this error, by its name on the wire."""
        self._queue(operation).append(Response(status, {"message": message}, error, delay_s))

    def sends(self, operation: str, body: dict[str, Any]) -> None:
        """The next reply to `operation`, as it is."""
        self._queue(operation).append(Response(200, body))

    def holds(self, operation: str, identifier: str, body: dict[str, Any]) -> None:
        """What a Get... operation answers for an id or ARN, every time."""
        self._held[operation, identifier] = body

    def forget(self) -> None:
        """Drops all that was scripted, held and recorded."""
        for kept in (self.requests, self._script, self._held):
            kept.clear()
        self.answer, self.input_tokens = _nothing, 100

    def asked(self, operation: str = "Converse") -> list[Request]:
        return [request for request in self.requests if request.operation == operation]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that lead boto3, and a command started with them, here and nowhere else."""
        return {
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": self.url,
            "AWS_ENDPOINT_URL_BEDROCK": self.url,
            "AWS_REGION": "us-west-2",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_CONFIG_FILE": "/nonexistent/config",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def __enter__(self) -> BedrockServer:
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def respond(self, request: Request) -> Response:
        self.requests.append(request)
        if queue := self._queue(request.operation):
            return queue.popleft()
        if request.operation == "Converse":
            return Response(200, converse_body(self.answer(request)))
        if request.operation == "CountTokens":
            return Response(200, {"inputTokens": self.input_tokens})
        held = self._held.get((request.operation, request.id))
        if held is None:
            return Response(404, {"message": f"no such resource: {request.id}"}, "ResourceNotFoundException")
        return Response(200, held)

    def _queue(self, operation: str) -> deque[Response]:
        return self._script.setdefault(operation, deque())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # the default of 5 makes a burst of connections wait for a second

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tells errors, but not that a client was killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def converse_body(text: str, stop_reason: str = "end_turn") -> dict[str, Any]:
    """A Converse response with one block of text."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": stop_reason,
        "usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15},
        "metrics": {"latencyMs": 1},
    }


def _handler(server: BedrockServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # the head and the body of a response leave in one packet

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            response = server.respond(_request(self.command, self.path, dict(self.headers.items()), body))
            time.sleep(response.delay_s)
            self.send(response)

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815  # the names that http.server calls

        def send(self, response: Response) -> None:
            payload = json.dumps(response.body).encode()
            self.send_response(response.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.send_header("x-amzn-RequestId", REQUEST_ID)
            if response.error:
                self.send_header("x-amzn-ErrorType", response.error)
            self.end_headers()
            try:
                self.wfile.write(payload)
                self.wfile.flush()
            except ConnectionError:
                self.close_connection = True  # the client gave up, as a test of timeouts means it to

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    return Handler


def _request(method: str, path: str, headers: dict[str, str], body: dict[str, Any]) -> Request:
    for operation, (expected, route) in ROUTES.items():
        if method == expected and (found := re.fullmatch(route, path.partition("?")[0])):
            return Request(operation, unquote(found[1]), path, headers, body)
    return Request("unknown", "", path, headers, body)
