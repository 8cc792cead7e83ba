"""tus 1.0 for films: creation, expiration, checksum, termination. https://tus.io/protocols/resumable-upload

Signed-in staff only, with the CSRF token in a header; an upload answers to its owner and to nobody else.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from media import uploads
from media.errors import FilmProblem
from media.limits import MAX_FILE_BYTES
from media.models import Upload
from media.permissions import may

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
CHECKSUMS = {"sha1": "sha1", "sha256": "sha256"}  # the name in the protocol → in hashlib
CHECKSUM_MISMATCH = 460
View = Callable[..., HttpResponse]


def answer(status: int, sentence: str = "", **headers: Any) -> HttpResponse:
    """An answer of the protocol; a sentence for the person where something is wrong."""
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    return response


def speaks_tus(view: View) -> View:
    """Who is there, which version, and which method is meant."""

    def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        method = request.method or ""
        if method == "POST":  # for proxies that let nothing else through
            method = request.headers.get("X-HTTP-Method-Override", method).upper()
        if method == "OPTIONS":
            return answer(
                204,
                Tus_Version=VERSION,
                Tus_Extension="creation,expiration,checksum,termination",
                Tus_Checksum_Algorithm=",".join(CHECKSUMS),
                Tus_Max_Size=MAX_FILE_BYTES,
            )
        if not may(request.user, "add") and not may(request.user, "change"):
            return answer(403, _("You may not upload films."))
        if request.headers.get("Tus-Resumable") != VERSION:
            return answer(412, Tus_Version=VERSION)
        try:
            return view(request, method, **kwargs)
        except uploads.NoRoom as problem:
            return answer(507, str(problem))
        except uploads.OverQuota as problem:
            return answer(403, str(problem))
        except FilmProblem as problem:
            return answer(415, str(problem))

    return inner


@speaks_tus
def collection(request: HttpRequest, method: str) -> HttpResponse:
    """POST begins an upload."""
    if method != "POST":
        return answer(405, Allow="OPTIONS, POST")
    length = _number(request, "Upload-Length")
    if length is None or "Upload-Defer-Length" in request.headers:
        return answer(400, "Upload-Length")
    if length > MAX_FILE_BYTES:
        return answer(413, _("The file is larger than %(limit)d GB.") % {"limit": MAX_FILE_BYTES // 1024**3})
    name = metadata(request.headers.get("Upload-Metadata", "")).get("filename", "")
    upload = uploads.begin(request.user, name=name, size_bytes=length)
    where = reverse("media_admin:upload", args=[upload.token])
    return answer(201, Location=where, Upload_Expires=http_date(upload.expires_at.timestamp()))


@speaks_tus
def one(request: HttpRequest, method: str, token: str) -> HttpResponse:
    """HEAD says how much has arrived, PATCH adds a piece, DELETE ends it."""
    upload = get_object_or_404(Upload, owner=request.user, token=token)
    if method == "HEAD":
        expires = http_date(upload.expires_at.timestamp())
        return answer(200, Upload_Offset=upload.offset, Upload_Length=upload.size_bytes, Upload_Expires=expires)
    if method == "DELETE":
        upload.discard()
        return answer(204)
    if method != "PATCH":
        return answer(405, Allow="OPTIONS, HEAD, PATCH, DELETE")
    return _add(request, upload)


def _add(request: HttpRequest, upload: Upload) -> HttpResponse:
    if request.content_type != PIECE_TYPE:
        return answer(415, PIECE_TYPE)
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if offset is None or length is None:
        return answer(400, "Upload-Offset, Content-Length")
    if length > uploads.PIECE_BYTES:
        return answer(413, f"Content-Length > {uploads.PIECE_BYTES}")
    checksum = None
    if stated := request.headers.get("Upload-Checksum"):
        checksum = read_checksum(stated)
        if checksum is None:
            return answer(400, "Upload-Checksum")
    try:
        after = uploads.add_piece(upload, request, offset=offset, length=length, checksum=checksum)  # type: ignore[arg-type]
    except uploads.WrongOffset:
        return answer(409)
    except uploads.Busy:
        return answer(423)
    except uploads.WrongSum:
        return answer(CHECKSUM_MISMATCH)
    upload.refresh_from_db(fields=["touched_at"])
    return answer(204, Upload_Offset=after, Upload_Expires=http_date(upload.expires_at.timestamp()))


def metadata(header: str) -> dict[str, str]:
    """Upload-Metadata: pairs of a key and a base64 value; what cannot be read is left out."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def read_checksum(header: str) -> tuple[str, bytes] | None:
    """(algorithm of hashlib, digest), or None for what we do not know."""
    name, _space, value = header.partition(" ")
    try:
        return CHECKSUMS[name], base64.b64decode(value, validate=True)
    except (KeyError, binascii.Error):
        return None


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
