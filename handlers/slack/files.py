"""Downloads the files that people share, and sends the bot's token to Slack only."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import IO
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot.errors import ReadError, SlackRefused, SlackUnavailable
from bot.queue.request import FileRef
from handlers.slack.api import REMEDIES, TIMEOUT_S, ask

SLACK_HOSTS = (".slack.com", ".slack-files.com", ".slack-edge.com")


def download(client: WebClient, file: FileRef, most_bytes: int) -> bytes:
    """The bytes of a file, at most one more than `most_bytes`, so that a reader can see that it is too large.

    Raises ReadError if Slack doesn't give us the file, SlackRefused or SlackUnavailable.
    """
    url = file.url or _address(client, file)
    if not _is_slacks(url, client.base_url):
        raise ReadError("the file is stored outside Slack", accepted="Upload it here, or paste its text.")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310  # checked
    try:
        with urllib.request.build_opener(_StayWithSlack(client.base_url)).open(request, timeout=TIMEOUT_S) as response:
            return _body(response, file, most_bytes)
    except urllib.error.HTTPError as error:
        if error.code == 429 or error.code >= 500:
            raise SlackUnavailable("Slack can't give me the file at the moment.") from error
        raise ReadError("Slack didn't give me the file", accepted=REMEDIES["file_not_found"]) from error
    except (OSError, http.client.HTTPException) as error:
        raise SlackUnavailable("I can't download the file at the moment.") from error


def _address(client: WebClient, file: FileRef) -> str:
    found = ask(client.files_info, file=file.id).get("file") or {}
    return str(found.get("url_private_download") or found.get("url_private") or "")


def _body(response: http.client.HTTPResponse, file: FileRef, most_bytes: int) -> bytes:
    data = response.read(most_bytes + 1)
    signing_in = response.headers.get_content_type() == "text/html" and not file.name.lower().endswith(
        (".html", ".htm")
    )
    if signing_in and data.lstrip()[:9].lower() == b"<!doctype":  # Slack's sign-in page, with status 200
        raise SlackRefused("missing_scope", REMEDIES["missing_scope"])
    return data


def _is_slacks(url: str, api_url: str) -> bool:
    """Whether the address belongs to Slack and uses TLS, or has the same host and port as the Web API."""
    asked, api = urlsplit(url), urlsplit(api_url)
    if (asked.scheme, asked.netloc) == (api.scheme, api.netloc):
        return True
    return asked.scheme == "https" and f".{asked.hostname or ''}".endswith(SLACK_HOSTS) and asked.port in (None, 443)


class _StayWithSlack(urllib.request.HTTPRedirectHandler):
    """Follows redirects within Slack only, because urllib would send the token to any other address, too."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _is_slacks(newurl, self._api_url):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)
