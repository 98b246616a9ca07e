"""Reads and writes a dataset in an S3 bucket."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
)
from botocore.exceptions import (
    ConnectionError as ConnectionFailed,
)

from bot.datasets.dataset import ALL_FILES, MANIFEST, manifest_in, name_in
from bot.errors import PlaceDenied, PlaceRefused, PlaceUnavailable

PIECE = 1 << 20
PARTS = TransferConfig(multipart_threshold=16 << 20, multipart_chunksize=16 << 20, max_concurrency=2)
# Characters that Bedrock allows in an s3Uri.
_PLACE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[-!_*'().a-zA-Z0-9]+)*)/?")
_SLOW = {
    "SlowDown",
    "ServiceUnavailable",
    "InternalError",
    "RequestTimeout",
    "Throttling",
    "ThrottlingException",
    "503",
}
_MISSING = {"NoSuchKey", "404", "NotFound"}


def client(region: str | None) -> Any:
    """Returns a client for S3, in boto3's own Region if none is given."""
    config = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 4})
    try:
        return boto3.client("s3", region_name=region, config=config)
    except BotoCoreError as error:
        raise PlaceRefused("AWS is not set up here: set AWS_REGION, and credentials or a profile.") from error


class Bucket:
    """A place for a dataset whose files are directly under the prefix. `region` is where the bucket must be; None: anywhere.

    Encrypts files with `kms_key`, or else as the bucket is set. Leaves access control to the bucket.
    """

    def __init__(self, client: Any, place: str, region: str | None, kms_key: str | None) -> None:
        found = _PLACE.fullmatch(place)
        if not found:
            raise PlaceRefused(f"{place} isn't a place that Bedrock can read. Write s3://bucket/prefix without spaces.")
        self._client, self._region = client, region
        self._bucket, self._prefix = found[1], found[2].lstrip("/")
        self._extra = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}

    @property
    def place(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def check(self) -> None:
        with self._told():
            stands = self._client.head_bucket(Bucket=self._bucket).get("BucketRegion")
        if self._region and stands and stands != self._region:
            raise PlaceRefused(
                f"The bucket {self._bucket} is in {stands}, and the base model is fine-tuned in {self._region}, where "
                f"a job reads its data: name a bucket in {self._region}."
            )

    def name(self) -> str:
        return name_in(next(self.read(MANIFEST), b""))

    def manifest(self) -> Mapping[str, Any]:
        text = b"".join(self.read(MANIFEST))
        if not text:
            raise PlaceRefused(
                f"{self.place} has no {MANIFEST}, so it isn't a Wrapup dataset. Name the folder of an export."
            )
        return manifest_in(text, self.place)

    def read(self, name: str) -> Iterator[bytes]:
        with self._told():
            try:
                body = self._client.get_object(Bucket=self._bucket, Key=self._key(name))["Body"]
            except ClientError as error:
                if error.response["Error"]["Code"] in _MISSING:
                    return
                raise
            yield from body.iter_chunks(PIECE)

    def write(self, files: Mapping[str, Iterator[bytes]]) -> None:
        """Deletes the old manifest first and writes the new one last. Files without a manifest don't count as a dataset."""
        with self._told():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(MANIFEST))
            for name in sorted(files, key=lambda name: name == MANIFEST):
                stream = io.BufferedReader(_Pieces(files[name]), PIECE)
                self._client.upload_fileobj(stream, self._bucket, self._key(name), self._extra, Config=PARTS)
            for name in ALL_FILES:
                if name not in files:
                    self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{name}" if self._prefix else name

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise self._translated(error.response["Error"]["Code"]) from error
        except S3UploadFailedError as error:  # boto3 has the code only in its text
            code = re.search(r"\((\w+)\) when calling", str(error))
            raise self._translated(code[1] if code else "") from error
        except (ConnectionFailed, HTTPClientError) as error:
            raise PlaceUnavailable("S3 does not answer, or is too slow: try again in a minute.") from error
        except (NoCredentialsError, NoRegionError, BotoCoreError) as error:
            raise PlaceRefused("AWS is not set up here: set AWS_REGION, and credentials or a profile.") from error

    def _translated(self, code: str) -> PlaceRefused | PlaceUnavailable:
        """Returns Wrapup's error for one of S3's, without S3's own words."""
        if code in _SLOW:
            return PlaceUnavailable("S3 asks us to slow down, or is down: try again in a minute.")
        if code in ("NoSuchBucket", *_MISSING):
            return PlaceRefused(f"There is no bucket {self._bucket}: check its name, or create it.")
        if code in ("AccessDenied", "403", "AllAccessDisabled"):
            return PlaceDenied(
                f"AWS does not let us use {self.place}: the credentials need s3:ListBucket on the bucket, "
                "s3:GetObject, s3:PutObject and s3:DeleteObject below it, and kms:GenerateDataKey and kms:Decrypt "
                "on its key where it has one."
            )
        if code.startswith("KMS."):
            return PlaceRefused(
                "The KMS key of WRAPUP_KMS_KEY or of the bucket cannot be used: see that it is enabled."
            )
        return PlaceRefused(f"S3 refuses {self.place} ({code or 'for no reason that it names'}).")


class _Pieces(io.RawIOBase):
    """Makes a stream of pieces of bytes, so that no file is in memory at once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
