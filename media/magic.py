"""Which container a file is, by its first bytes alone. What is not certain is refused."""

from pathlib import Path

from django.utils.translation import gettext as _

from media.errors import FilmProblem

HEAD_BYTES = 4096
TS_PACKET = 188
#: The boxes that an ISO base media file may start with.
FIRST_BOXES = frozenset([b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"])
TEXT = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0D}


def sniff(head: bytes) -> str:
    """Name of the demuxer for a file that starts with `head` (at least 1 KiB where the file has it).

    Raises FilmProblem for an empty file, for text of any kind (an ffconcat or HLS list renamed .mp4 would make ffmpeg
    open other files) and for every container that is not on the list.
    """
    if not head:
        raise FilmProblem(_("The file is empty (0 bytes). Export or copy it again, then upload it."))
    if head[4:8] in FIRST_BOXES:
        return "mov"
    if head[:4] == b"\x1a\x45\xdf\xa3" and (b"webm" in head[:256] or b"matroska" in head[:256]):
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if len(head) > 3 * TS_PACKET and all(head[place] == 0x47 for place in (0, TS_PACKET, 2 * TS_PACKET)):
        return "mpegts"
    if looks_like_text(head):
        raise FilmProblem(
            _("This is a text file with a film's name, not a film. Upload the film itself (MP4, MOV, MKV, WebM).")
        )
    raise FilmProblem(_("This is not a film that we can read. Export it as MP4 (H.264), then upload it again."))


def sniff_file(path: Path) -> str:
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES))


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes are UTF-8 or UTF-16 text."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    sample = head[:512].removeprefix(b"\xef\xbb\xbf")
    readable = sum(byte in TEXT or byte >= 0x80 for byte in sample)
    return b"\x00" not in sample and readable >= 0.97 * len(sample)
