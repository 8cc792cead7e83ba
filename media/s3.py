"""The public and the private files in an S3-compatible storage, for an installation of several machines.

Nothing in the bucket is public and no address of it is ever given out: public files have the same addresses as on a
disk (`media.serving`), private ones leave through the views that ask who is there. So pages, policies and finished
pages are the same on both storages. Needs the extra `s3`.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin

from botocore.config import Config
from botocore.exceptions import ClientError
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

BLOCK_BYTES = 1024 * 1024
SPOOL_BYTES = 8 * BLOCK_BYTES  # an opened file of more goes to a temporary file, not into memory
SHA256 = "sha256"  # under this name every object carries its digest; backups read it there
CLIENT = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 4},
    # Newer check sums of AWS's own are refused by some servers that speak S3.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@dataclass(frozen=True)
class Facts:
    """What the storage says of one object; `sha256` is "" where somebody else has put it there."""

    size: int
    modified: datetime
    tag: str
    sha256: str


class S3Files(S3Storage):
    """One folder of the bucket. `base_url` is where the site serves it, None for files without an address."""

    base_url: str | None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config: Config = self.client_config.merge(CLIENT)

    def get_default_settings(self) -> dict[str, Any]:
        ours = {
            "base_url": None,
            "default_acl": None,  # the bucket's own: whoever holds its keys
            "file_overwrite": False,
            "max_memory_size": SPOOL_BYTES,
            "signature_version": "s3v4",
        }
        return super().get_default_settings() | ours

    def url(self, name: str, *args: Any, **options: Any) -> str:
        """Where the site serves the file, as on a disk; ValueError for private ones."""
        if self.base_url is None:
            raise ValueError("This file is not accessible via a URL.")
        return urljoin(self.base_url, filepath_to_uri(name).lstrip("/"))

    def facts(self, name: str) -> Facts:
        """Raises FileNotFoundError."""
        try:
            held = self._client.head_object(Bucket=self.bucket_name, Key=self._key(name))
        except ClientError as error:
            raise _missing(error, name) from error
        return Facts(held["ContentLength"], held["LastModified"], held["ETag"], held["Metadata"].get(SHA256, ""))

    def read(self, name: str, first: int = 0, last: int | None = None) -> IO[bytes]:
        """A stream of the bytes from `first` to `last`, both included; to the end where `last` is None."""
        if last is not None and last < first:
            return io.BytesIO()
        wanted = {} if (first, last) == (0, None) else {"Range": f"bytes={first}-{'' if last is None else last}"}
        try:
            body: IO[bytes] = self._client.get_object(Bucket=self.bucket_name, Key=self._key(name), **wanted)["Body"]
        except ClientError as error:
            raise _missing(error, name) from error
        return body

    def download(self, name: str, target: Path) -> None:
        """Straight into a file, without a copy in between."""
        try:
            self.bucket.Object(self._key(name)).download_file(str(target), Config=self.transfer_config)
        except ClientError as error:
            target.unlink(missing_ok=True)
            raise _missing(error, name) from error

    def names(self) -> Iterator[str]:
        """Every file, in order."""
        inside = f"{self.location.strip('/')}/"
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=inside):
            for entry in page.get("Contents", ()):
                if not entry["Key"].endswith("/"):
                    yield entry["Key"].removeprefix(inside)

    def forget_unfinished(self, before: datetime) -> int:
        """Give back the room of uploads that a killed process began; how many."""
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket_name)
        prefix = f"{self.location.strip('/')}/"
        old = [
            part
            for page in pages
            for part in page.get("Uploads", ())
            if part["Initiated"] < before and part["Key"].startswith(prefix)
        ]
        for part in old:
            self._client.abort_multipart_upload(Bucket=self.bucket_name, Key=part["Key"], UploadId=part["UploadId"])
        return len(old)

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        key: str = self._normalize_name(name)
        return key

    def _get_write_parameters(self, name: str, content: Any = None) -> dict[str, Any]:
        """Every object carries its digest, so that a backup can name it without reading films."""
        parameters: dict[str, Any] = super()._get_write_parameters(name, content)
        if content is not None and content.seekable():
            parameters["Metadata"] = {**parameters.get("Metadata", {}), SHA256: _digest(content)}
        return parameters


def _digest(content: Any) -> str:
    digest = hashlib.sha256()
    content.seek(0, io.SEEK_SET)
    while block := content.read(BLOCK_BYTES):
        digest.update(block.encode() if isinstance(block, str) else block)
    content.seek(0, io.SEEK_SET)
    return digest.hexdigest()


def _missing(error: ClientError, name: str) -> Exception:
    """FileNotFoundError for a missing object, as a disk would say it; anything else as it is."""
    return FileNotFoundError(name) if error.response["Error"]["Code"] in {"NoSuchKey", "404"} else error
