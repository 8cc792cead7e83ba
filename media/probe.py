"""What a file really is, found out in a process that may crash, hang or swell without taking us along."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from media.errors import FilmProblem
from media.ffmpeg import bare_environment, confined
from media.limits import CONTAINERS, DECODERS, MAX_FPS, MAX_PIXELS, MAX_SECONDS, MAX_STREAMS, PROBE_LIMITS
from media.magic import sniff_file

CHILD = Path(__file__).with_name("probe_child.py")


def probe(path: Path) -> dict[str, Any]:
    """Facts of the film at `path`, or FilmProblem with a sentence for the uploader.

    Returns
    -------
    dict with container, duration_s, width and height (as seen: rotated, square pixels), coded_width, coded_height,
    rotation (degrees), fps, frames, pixel_format, hdr, video_codec, video_bit_rate (bit/s), size_bytes and audio
    (None, or codec, rate in Hz, channels).
    """
    demuxer = sniff_file(path)
    child = [str(CHILD), str(path.resolve()), demuxer, CONTAINERS[demuxer], DECODERS, str(MAX_STREAMS)]
    try:
        done = subprocess.run(
            confined([sys.executable, "-I", *child], PROBE_LIMITS),
            cwd=path.parent,
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_LIMITS.wall_s,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"problem": "broke_reader"}
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        answer = {"problem": "broke_reader"}
    if "ok" not in answer:
        raise FilmProblem(_sentence(answer))
    facts: dict[str, Any] = {**answer["ok"], "size_bytes": path.stat().st_size}
    _require_sane(facts)
    return facts


def _sentence(answer: dict[str, Any]) -> str:
    match answer["problem"]:
        case "no_picture":
            return _("There is no picture in this file, only sound. Upload the film.")
        case "decoder":
            return _("The film uses the codec “%(codec)s”, which we do not open. Export it as MP4 (H.264).") % {
                "codec": answer["detail"]
            }
        case "unreadable":
            return _("The film cannot be opened: the file is damaged or incomplete. Copy it again, then upload it.")
    return _("The film could not be examined within the time and memory allowed. Export it as MP4 (H.264).")


def _require_sane(facts: dict[str, Any]) -> None:
    claimed_s, held_s = facts["claimed_s"], facts["held_s"]
    if facts["duration_s"] <= 0 or facts["width"] < 16 or facts["height"] < 16:
        raise FilmProblem(_("The film has no length or no picture size."))
    if max(claimed_s, held_s) > MAX_SECONDS:
        raise FilmProblem(
            _("The film says that it lasts %(hours).1f hours; the limit is %(limit)d hours.")
            % {"hours": max(claimed_s, held_s) / 3600, "limit": MAX_SECONDS // 3600}
        )
    slack_s = max(2.0, 0.05 * claimed_s)
    if claimed_s and held_s > claimed_s + slack_s:
        raise FilmProblem(_("The film cannot be opened: its times contradict each other. Export it as MP4 (H.264)."))
    if claimed_s and held_s < claimed_s - slack_s:
        raise FilmProblem(
            _("The film says that it lasts %(claimed).0f seconds but ends after %(held).0f: it was cut off on the way.")
            % {"claimed": claimed_s, "held": held_s}
        )
    if facts["coded_width"] * facts["coded_height"] > MAX_PIXELS:
        raise FilmProblem(
            _("The picture is too large (%(width)d × %(height)d). Export it at 4K or smaller.")
            % {"width": facts["width"], "height": facts["height"]}
        )
    if facts["fps"] > MAX_FPS:
        raise FilmProblem(
            _("The film has %(fps).0f frames a second; the limit is %(limit)d.")
            % {
                "fps": facts["fps"],
                "limit": MAX_FPS,
            }
        )
