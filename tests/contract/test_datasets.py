"""Places for datasets, in a folder and in S3 alike, and what goes wrong with each."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws

from bot.adapters.bedrock import s3
from bot.adapters.bedrock.s3 import Bucket
from bot.adapters.local.folder import Folder
from bot.datasets.ports import Datasets
from bot.errors import PlaceDenied, PlaceRefused, PlaceUnavailable, ReadError
from bot.evaluation.holdout import Case
from bot.settings import read
from bot.wiring import Wiring
from tests.doubles.training_bedrock import deny

REGION, PLACE = "us-west-2", "s3://wrapup-data/exports/one"
FILES = {
    "train.jsonl": b"{}\n" * 40,
    "holdout.jsonl": b"[]\n",
    "manifest.json": b'{\n  "name": "summarize-x-1",\n  "n": 1\n}\n',
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        found = s3.client(REGION)
        found.create_bucket(Bucket="wrapup-data", CreateBucketConfiguration={"LocationConstraint": REGION})
        yield found
        found.close()


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, client: Any) -> Datasets:
    return Folder(tmp_path / "one") if request.param == "folder" else Bucket(client, PLACE, REGION, None)


def pieces(files: dict[str, bytes]) -> dict[str, Iterator[bytes]]:
    """Each file a few bytes at a time."""
    return {name: iter([text[n : n + 7] for n in range(0, len(text), 7)]) for name, text in files.items()}


def held(place: Datasets) -> dict[str, bytes]:
    names = ("train.jsonl", "validation.jsonl", "holdout.jsonl", "preference.jsonl", "manifest.json")
    found = {name: b"".join(place.read(name)) for name in names}
    return {name: text for name, text in found.items() if text}


def test_what_is_written_is_read_back(place: Datasets) -> None:
    place.check()

    place.write(pieces(FILES))

    assert (held(place), place.name(), place.manifest()["n"]) == (FILES, "summarize-x-1", 1)


def held_out(place: str) -> list[Case]:
    wiring = Wiring(read({"AWS_REGION": REGION}))
    return wiring.datasets.held_out_at(wiring.answers.task_named("moderate"), place)


def test_held_out_calls_are_found_by_their_dataset_and_by_their_file(place: Datasets) -> None:
    line = b'{"call": "c1", "task": "moderate", "transcript": "[0] other: Hi", "output": {"toxic": false, "categories": []}}'
    place.write(pieces(FILES | {"holdout.jsonl": line + b"\n"}))

    found = [held_out(at) for at in (place.place, f"{place.place}/holdout.jsonl")]

    assert [[case.call for case in cases] for cases in found] == [["c1"], ["c1"]]


def test_a_dataset_that_holds_nothing_out_has_no_calls(place: Datasets) -> None:
    place.write(pieces({name: text for name, text in FILES.items() if name != "holdout.jsonl"}))

    assert held_out(place.place) == []


def test_a_place_without_held_out_calls_is_told(place: Datasets) -> None:
    with pytest.raises(ReadError, match=r"cannot be read: there are no held-out calls"):
        held_out(place.place)


def test_a_place_with_nothing_in_it_has_no_name_and_no_manifest(place: Datasets) -> None:
    assert (place.name(), held(place)) == ("", {})
    with pytest.raises(PlaceRefused, match="isn't a Wrapup dataset"):
        place.manifest()


def test_what_the_new_dataset_has_not_goes(place: Datasets) -> None:
    place.write(pieces({"validation.jsonl": b"{}\n", **FILES}))

    place.write(pieces(FILES))

    assert held(place) == FILES


def test_a_manifest_that_was_cut_off_is_told(place: Datasets) -> None:
    place.write(pieces({"manifest.json": b'{"name": "x"'}))

    with pytest.raises(PlaceRefused, match=r"JSON\. It was changed or cut off"):
        place.manifest()


def breaking() -> Iterator[bytes]:
    yield b"{}\n"
    raise RuntimeError("the power went")


def test_what_breaks_off_leaves_no_dataset(place: Datasets) -> None:
    with pytest.raises(RuntimeError):
        place.write({"holdout.jsonl": iter([b"[]\n"]), "train.jsonl": breaking(), "manifest.json": iter([b"{}"])})

    assert place.name() == ""


def test_what_breaks_off_leaves_the_dataset_in_a_folder_as_it_was(tmp_path: Path) -> None:
    place = Folder(tmp_path / "one")
    place.write(pieces(FILES))

    with pytest.raises(RuntimeError):
        place.write({"train.jsonl": breaking(), "manifest.json": iter([b"{}"])})

    assert held(place) == FILES
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(FILES)


def test_what_breaks_off_leaves_no_new_folder(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        Folder(tmp_path / "one").write({"train.jsonl": breaking()})

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(PlaceRefused, match="is full: free some space"):
        Folder(tmp_path / "one").write(pieces(FILES))

    assert list(tmp_path.iterdir()) == []


def test_files_that_belong_to_no_dataset_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text("mine")

    with pytest.raises(PlaceRefused, match=r"has a train\.jsonl that isn't part of a complete Wrapup dataset"):
        Folder(tmp_path).check()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(PlaceRefused, match=r"is a file\. Name a folder"):
        Folder(tmp_path / "file").check()


def test_a_bucket_in_another_region_is_refused(client: Any) -> None:
    with pytest.raises(PlaceRefused, match="is in us-west-2, and the base model is fine-tuned in us-east-1"):
        Bucket(client, PLACE, "us-east-1", None).check()


def test_a_bucket_that_is_missing_is_told(client: Any) -> None:
    with pytest.raises(PlaceRefused, match="There is no bucket other-data"):
        Bucket(client, "s3://other-data/x", REGION, None).check()


@pytest.mark.parametrize("place", ["s3://", "s3://b/with space", "s3://Bucket/x", "s3://bucket/a+b", "s3://bucket/a=b"])
def test_a_place_that_bedrock_cannot_read_from_is_refused(client: Any, place: str) -> None:
    with pytest.raises(PlaceRefused, match="isn't a place that Bedrock can read"):
        Bucket(client, place, REGION, None)


def test_a_key_encrypts_what_is_written(client: Any) -> None:
    Bucket(client, PLACE, REGION, "alias/wrapup").write(pieces(FILES))

    head = client.head_object(Bucket="wrapup-data", Key="exports/one/train.jsonl")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "alias/wrapup")


def test_a_large_file_goes_up_in_parts(client: Any) -> None:
    Bucket(client, PLACE, REGION, None).write(
        {"train.jsonl": iter([b"x" * (1 << 20)] * 40), "manifest.json": iter([b"{}"])}
    )

    assert client.head_object(Bucket="wrapup-data", Key="exports/one/train.jsonl")["ContentLength"] == 40 << 20


@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "DeleteObject"])
def test_a_right_that_is_lacking_below_the_bucket_is_told(client: Any, operation: str) -> None:
    place = Bucket(client, PLACE, REGION, None)
    deny(client, operation)

    with pytest.raises(PlaceDenied, match=f"the credentials need .*s3:{operation}") as told:
        place.manifest() if operation == "GetObject" else place.write(pieces(FILES))

    assert "secret words" not in str(told.value)


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("AccessDenied", PlaceRefused, "the credentials need s3:ListBucket"),
        ("403", PlaceRefused, "the credentials need s3:ListBucket"),
        ("NoSuchBucket", PlaceRefused, "There is no bucket"),
        ("SlowDown", PlaceUnavailable, "asks us to slow down"),
        ("KMS.DisabledException", PlaceRefused, "The KMS key"),
        ("InvalidRequest", PlaceRefused, "S3 refuses"),
    ],
)
def test_what_s3_says_is_told(client: Any, code: str, error: type[Exception], said: str) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("head_bucket", code, "customer's words")
        with pytest.raises(error, match=said):
            Bucket(client, PLACE, REGION, None).check()


def test_an_s3_that_does_not_answer_is_told() -> None:
    """A port that nobody listens on."""
    config = Config(connect_timeout=1, retries={"max_attempts": 0})
    client = boto3.client(
        "s3", region_name=REGION, endpoint_url="http://127.0.0.1:9", config=config,
        aws_access_key_id="a", aws_secret_access_key="b",
    )  # fmt: skip

    with pytest.raises(PlaceUnavailable, match="does not answer, or is too slow"):
        Bucket(client, PLACE, REGION, None).check()
    client.close()
