"""A film cut for a bus screen: exactly 15 or 30 seconds, subtitles burnt in, loudness measured first, then signed."""

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from jobs.runs import Run
from media import ass, glyphs
from media.captions import Cue
from media.errors import FilmProblem
from media.ffmpeg import Source
from media.models import BusCut, State
from media.models.bus import APPROVAL_STEP
from media.pipeline import AUDIO, NO_METADATA, limits_for, progress_of, transcode
from media.probe import probe
from media.storage import fetch, private_storage, sha256_of, store, work_folder
from trust import release
from trust.approvals import approvals_of, approve
from trust.audit import record
from trust.models import Approval

FAMILY = "Noto Sans SC"
FONT = Path("700Bold") / "NotoSansSC_700Bold.ttf"
SHORTFALL_S = 0.2  # a last frame held this long is not seen; more is a film that is too short
#: Louder than the web: engines and voices are louder than a living room. −14 LUFS, peaks at −2 dBTP.
TARGET = "I=-14:TP=-2:LRA=7"


class ChangedBytes(FilmProblem):
    """The file is not what its digest says."""


def make(cut: BusCut, run: Run) -> None:
    """Make the file of `cut`. Deterministic for the same original, captions and profile on one machine."""
    spec = cut.profile.specification
    version, captions = cut.version, cut.wanted_captions()
    with work_folder(f"cut-{cut.pk}") as folder:
        fetch(version.file, folder / "original")
        run.progress(2, _("Examining the file"))
        facts = probe(folder / "original")
        start_s, length_s = float(cut.start_s), spec["seconds"]
        if facts["duration_s"] - start_s < length_s - SHORTFALL_S:
            raise FilmProblem(
                _("From second %(start).1f on the film has only %(left).1f seconds left; the cut needs %(needed)d.")
                % {"start": start_s, "left": max(0.0, facts["duration_s"] - start_s), "needed": length_s}
            )
        cues = within(captions.cues(), start_s, length_s) if captions else []
        cut.mark(state=State.PROCESSING, message="")
        subtitles = write_subtitles(folder, cues, spec)
        sound = sound_filter(folder, facts, spec, start_s, run)
        encode(folder, facts, spec, run, start_s=start_s, subtitles=subtitles, sound=sound)
        check(folder / "cut.mp4", spec)
        keep(cut, folder / "cut.mp4", spec, captions)


def within(cues: list[Cue], start_s: float, length_s: float) -> list[Cue]:
    """The cues that are seen during the cut, counted from its start; slivers under 0.3 s are dropped."""
    start_ms, length_ms = round(start_s * 1000), round(length_s * 1000)
    found = []
    for cue in cues:
        first, last = max(0, cue.start_ms - start_ms), min(length_ms, cue.end_ms - start_ms)
        if last - first >= 300:
            found.append(Cue(first, last, cue.text, cue.who))
    return found


def write_subtitles(folder: Path, cues: list[Cue], spec: dict[str, Any]) -> str:
    """The filter that burns `cues` in, or nothing. A character that the font lacks is an error, never a hole."""
    if not cues:
        return ""
    font = Path(settings.VENDOR_FONTS) / FONT
    if not font.is_file():
        raise FilmProblem(_("The subtitle font is not installed. Run the set-up again."))
    if lacking := glyphs.missing("".join(cue.text for cue in cues), font):
        raise FilmProblem(
            _("The subtitle font has no glyph for: %(characters)s. Change these characters in the captions.")
            % {"characters": "、".join(lacking[:20])}
        )
    frame = ass.Frame(spec["width"], spec["height"], spec["safe_area_percent"] / 100)
    try:
        document = ass.document(cues, frame, font, family=FAMILY)
    except ass.TooLong as error:
        raise FilmProblem(
            _("The caption at %(time)s is too long for two lines on this screen: “%(text)s”. Split it.")
            % {"time": error.cue.clock, "text": error.cue.line}
        ) from error
    (folder / "subtitles.ass").write_text(document, encoding="utf-8")
    (folder / "fonts").mkdir()
    (folder / "fonts" / font.name).symlink_to(font)
    return "ass=filename=subtitles.ass:fontsdir=fonts"


def sound_filter(folder: Path, facts: dict[str, Any], spec: dict[str, Any], start_s: float, run: Run) -> str:
    """The filter chain that ends in [sound], or "" for none. Loudness is measured in a pass of its own."""
    length_s = spec["seconds"]
    if spec["audio"] == "none":
        return ""
    if spec["audio"] == "silent" or not facts["audio"]:
        return f"anullsrc=r=48000:cl=stereo,atrim=0:{length_s}[sound]"
    run.progress(8, _("Measuring loudness"))
    source = Source("original", facts["container"], options=("-ss", f"{start_s:.3f}", "-t", str(length_s)))
    measure = ["-map", "0:a:0", "-af", f"loudnorm={TARGET}:print_format=json", "-f", "null", "-"]
    log = transcode([source], measure, folder, limits=limits_for(length_s), tick=lambda seconds: run.check())
    found = re.search(r"\{[^{}]*\"input_i\"[^{}]*\}", log)
    measured = json.loads(found.group()) if found else {}
    level = "" if silent(measured) else f"{second_pass(measured)},aresample=48000,"
    return f"[0:a:0]{level}apad,atrim=0:{length_s},asetpts=N/SR/TB[sound]"


def silent(measured: dict[str, str]) -> bool:
    """Digital silence has no loudness (−inf) that could be raised."""
    return not measured or not -70 <= float(measured["input_i"]) <= 0


def second_pass(measured: dict[str, str]) -> str:
    return (
        f"loudnorm={TARGET}:linear=true:measured_I={measured['input_i']}:measured_TP={measured['input_tp']}"
        f":measured_LRA={measured['input_lra']}:measured_thresh={measured['input_thresh']}"
        f":offset={measured['target_offset']}"
    )


def encode(
    folder: Path,
    facts: dict[str, Any],
    spec: dict[str, Any],
    run: Run,
    *,
    start_s: float,
    subtitles: str,
    sound: str,
) -> None:
    width, height, fps, length_s = spec["width"], spec["height"], spec["fps"], spec["seconds"]
    picture = [
        f"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2",
        f"pad={width}:{height}:(ow-iw)/2:(oh-ih)/2",
        "setsar=1",
        "setpts=PTS-STARTPTS",
        f"fps={fps}",
        "tpad=stop_mode=clone:stop_duration=1",
        *([subtitles] if subtitles else []),
        "format=yuv420p",
    ]
    graph = f"[0:V:0]{','.join(picture)}[picture]" + (f";{sound}" if sound else "")
    rate = spec["video_kbps"]
    output = ["-filter_complex", graph, "-map", "[picture]", "-frames:v", str(fps * length_s)]
    output += ["-c:v", "libx264", "-profile:v", "main", "-preset", "medium", "-threads", "2", "-g", str(2 * fps)]
    output += ["-b:v", f"{rate}k", "-maxrate", f"{rate}k", "-bufsize", f"{2 * rate}k", "-flags:v", "+bitexact"]
    output += ["-map", "[sound]", *AUDIO, "-flags:a", "+bitexact", "-t", str(length_s)] if sound else ["-an"]
    output += ["-sn", "-dn", *NO_METADATA, "-movflags", "+faststart", "-f", "mp4", "cut.mp4"]
    transcode(
        [Source("original", facts["container"], options=("-ss", f"{start_s:.3f}"))],
        output,
        folder,
        limits=limits_for(10 * length_s),
        tick=progress_of(run, length_s, 10, 92, _("Cutting")),
    )


def check(path: Path, spec: dict[str, Any]) -> None:
    """Exact length, size and shape, read from the finished file."""
    made = probe(path)
    exact = made["frames"] == spec["seconds"] * spec["fps"] and abs(made["duration_s"] - spec["seconds"]) < 0.001
    shape = (made["width"], made["height"], made["pixel_format"]) == (spec["width"], spec["height"], "yuv420p")
    if not exact or not shape:
        raise RuntimeError(f"the cut came out as {made}")
    if made["size_bytes"] > spec["size_cap_mb"] * 1_000_000:
        raise FilmProblem(
            _("The cut has %(size).1f MB; this screen takes %(cap)d MB. Lower the bit rate of the profile.")
            % {"size": made["size_bytes"] / 1e6, "cap": spec["size_cap_mb"]}
        )


def keep(cut: BusCut, path: Path, spec: dict[str, Any], captions: Any) -> None:
    sha256, size = sha256_of(path)
    storage, before = private_storage(), cut.file.name
    name = store(storage, path, f"films/bus/{cut.pk}-{sha256[:16]}.mp4")
    with transaction.atomic():
        cut.mark(
            state=State.READY,
            message="",
            file=name,
            sha256=sha256,
            size_bytes=size,
            specification=spec,
            captions=captions,
            captions_sha256=captions.sha256 if captions else "",
        )
        if before and before != name:
            transaction.on_commit(lambda: storage.delete(before))


def require_same_bytes(cut: BusCut) -> None:
    """Raise ChangedBytes unless the stored file still has the digest that was recorded."""
    with cut.file.open("rb") as file:
        sha256, _size = sha256_of(file)
    if sha256 != cut.sha256:
        record("bus_cut.changed_bytes", subject=cut, outcome="failed", detail={"found": sha256, "expected": cut.sha256})
        raise ChangedBytes(_("The file on the server is not the one that was made. Make the cut again."))


def sign(cut: BusCut, *, sha256: str, user: Any) -> Approval:
    """Approve the bytes that `user` has seen (`sha256` comes from the page they looked at).

    Raises trust.approvals.OwnWork or AlreadyApproved; ChangedBytes where page, record and file do not agree;
    FilmProblem for a cut that is not ready or out of date.
    """
    if cut.state != State.READY or cut.stale:
        raise FilmProblem(_("This cut is not ready, or the film has changed since. Make it again."))
    if sha256 != cut.sha256:
        raise ChangedBytes(_("The cut was made again while you looked at it. Watch the new one first."))
    require_same_bytes(cut)
    if missing := release.why_not(cut):
        record("approval", actor=user, subject=cut, outcome="refused", detail={"why": "not released"})
        raise FilmProblem(" ".join(missing))
    return approve(cut, sha256=cut.sha256, step=APPROVAL_STEP, person=user, makers=cut.makers())


def signatures(cut: BusCut) -> list[Approval]:
    """Who approved exactly these bytes."""
    return list(approvals_of(cut, sha256=cut.sha256, step=APPROVAL_STEP).select_related("person"))
