"""Captions: WebVTT and SRT files into cues with row-numbered errors, and cues back into WebVTT and plain text."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trust.errors import InputError, InputProblem, gettext_noop

TIME = re.compile(r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})")
SPEAKER_TAG = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]+)>")
TAG = re.compile(r"</?[A-Za-z0-9][^<>]*>")
SPEAKER = re.compile(r"^([\u3400-\u9fffA-Za-z]{1,8})[：:]\s*(?=\S)")
ARROW = "-->"
END_SLACK_MS = 1000  # a last cue may outlast the film by this much, as editors often leave it


@dataclass(frozen=True)
class Cue:
    """One caption: milliseconds from the start of the film, plain text (lines by \\n), who speaks or empty."""

    start_ms: int
    end_ms: int
    text: str
    who: str = ""

    @property
    def start_text(self) -> str:
        """Start in seconds as addresses have it: 66.25."""
        return f"{self.start_ms / 1000:g}"

    @property
    def clock(self) -> str:
        """Start as people read it: 1:06, or 1:02:05 past an hour."""
        return clock(self.start_ms // 1000)

    @property
    def line(self) -> str:
        """The text on one line; a break between hanzi needs no space."""
        return re.sub(r"(?<=[A-Za-z0-9,.!?])\n(?=[A-Za-z0-9])", " ", self.text).replace("\n", "")


def clock(seconds: int) -> str:
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def decode(data: bytes, file: str) -> str:
    """Text of a caption file in UTF-8, UTF-16 with its mark, or GB 18030 as Chinese editing tools still write."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(
        [InputProblem(file, 0, "encoding", data[:12].hex(" "), gettext_noop("text in UTF-8 (or GB 18030)"))]
    )


def parse(text: str, *, file: str = "captions", duration_s: float | None = None) -> list[Cue]:
    """Cues of a WebVTT or SRT text, in order of time.

    Raises InputError with every problem: a time that cannot be read, an end before its start, a start before the
    one above, an empty cue, a cue after the end of the film (`duration_s`), no cue at all.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    problems: list[InputProblem] = []
    cues: list[Cue] = []
    for row, timing, body in _blocks(lines, file, problems):
        times = _times(timing, row, file, problems)
        cue = _cue(times, body) if times else None
        if cue is None:
            continue
        if not cue.text:
            problems.append(InputProblem(file, row, "text", "", gettext_noop("text under the time line")))
        elif fault := _fault(cue, cues[-1] if cues else None, duration_s):
            problems.append(InputProblem(file, row, "time", timing, *fault))
        else:
            cues.append(cue)
    if not cues and not problems:
        problems.append(InputProblem(file, 0, "cues", "0", gettext_noop("at least one cue with a time line")))
    if problems:
        raise InputError(problems)
    return cues


def _fault(cue: Cue, above: Cue | None, duration_s: float | None) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """What a cue's times should be and are not, with the values of the sentence; None where they are right."""
    if cue.end_ms <= cue.start_ms:
        return gettext_noop("an end later than its start"), ()
    if above and cue.start_ms < above.start_ms:
        return gettext_noop("a start not before that of the cue above"), ()
    if duration_s is not None and (cue.start_ms >= duration_s * 1000 or cue.end_ms > duration_s * 1000 + END_SLACK_MS):
        return gettext_noop("a time within the film (%(length)s)"), (("length", clock(int(duration_s))),)
    return None


@dataclass(frozen=True)
class Row:
    """One line of the editor's form, as typed."""

    start: str
    end: str
    who: str
    text: str

    @property
    def is_blank(self) -> bool:
        return not any(part.strip() for part in (self.start, self.end, self.who, self.text))


def read_rows(rows: Sequence[Row], *, file: str, duration_s: float | None = None) -> list[Cue]:
    """Cues of the editor's form; blank rows are passed over. Raises InputError as `parse`, rows counted as cues."""
    problems: list[InputProblem] = []
    cues: list[Cue] = []
    for number, row in enumerate((row for row in rows if not row.is_blank), 1):
        timing = f"{row.start.strip()} {ARROW} {row.end.strip()}"
        times = _times(timing, number, file, problems)
        if times is None:
            continue
        text = "\n".join(line.strip() for line in row.text.replace("\r", "").split("\n") if line.strip())
        cue = Cue(*times, text, " ".join(row.who.split()))
        if not text:
            problems.append(InputProblem(file, number, "text", "", gettext_noop("text under the time line")))
        elif fault := _fault(cue, cues[-1] if cues else None, duration_s):
            problems.append(InputProblem(file, number, "time", timing, *fault))
        else:
            cues.append(cue)
    if not cues and not problems:
        problems.append(InputProblem(file, 0, "cues", "0", gettext_noop("at least one cue with a time line")))
    if problems:
        raise InputError(problems)
    return cues


def _blocks(lines: list[str], file: str, problems: list[InputProblem]) -> Iterator[tuple[int, str, list[str]]]:
    """(row of the time line, time line, text lines) of every cue; notes, styles and the header are passed over."""
    block: list[tuple[int, str]] = []
    for row, line in [*enumerate(lines, 1), (len(lines) + 1, "")]:
        if line.strip():
            block.append((row, line.rstrip()))
            continue
        if not block:
            continue
        first = block[0][1]
        timed = next((place for place, (_, content) in enumerate(block[:2]) if ARROW in content), None)
        if timed is not None:
            yield block[timed][0], block[timed][1].strip(), [content for _, content in block[timed + 1 :]]
        elif not (
            first.startswith(("WEBVTT", "NOTE", "STYLE", "REGION")) or (first.strip().isdigit() and len(block) == 1)
        ):
            expected = gettext_noop("a time line such as 00:00:05.000 --> 00:00:08.000")
            problems.append(InputProblem(file, block[0][0], "time", first[:60], expected))
        block = []


def _times(timing: str, row: int, file: str, problems: list[InputProblem]) -> tuple[int, int] | None:
    left, _, right = timing.partition(ARROW)
    found = []
    for part in (left.strip(), right.strip().split(" ")[0].split("\t")[0]):
        match = TIME.fullmatch(part)
        if match is None:
            expected = gettext_noop("a time as hours:minutes:seconds.milliseconds")
            problems.append(InputProblem(file, row, "time", part[:40], expected))
            return None
        hours, minutes, seconds, millis = (int(value or 0) for value in match.groups())
        found.append(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis)
    return found[0], found[1]


def _cue(times: tuple[int, int], body: Sequence[str]) -> Cue:
    raw = "\n".join(body)
    spoken = SPEAKER_TAG.search(raw)
    text = html.unescape(TAG.sub("", raw)).strip()
    text = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    who = html.unescape(spoken.group(1)).strip() if spoken else ""
    if not who and (named := SPEAKER.match(text)):
        who, text = named.group(1), text[named.end() :]
    return Cue(times[0], times[1], text, who)


def to_vtt(cues: Sequence[Cue]) -> str:
    """The cues as canonical WebVTT: what we store, hash, sign and serve."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        voice = f"<v {html.escape(cue.who, quote=False)}>" if cue.who else ""
        text = html.escape(cue.text, quote=False)
        blocks.append(f"{stamp(cue.start_ms)} {ARROW} {stamp(cue.end_ms)}\n{voice}{text}\n")
    return "\n".join(blocks)


def to_transcript(cues: Sequence[Cue]) -> str:
    """The cues as a text to read: one line each, with its time."""
    return "".join(f"{cue.clock}  {cue.who + '：' if cue.who else ''}{cue.line}\n" for cue in cues)


def stamp(millis: int) -> str:
    """A time as WebVTT and the editor write it: 00:01:06.250."""
    seconds, rest = divmod(millis, 1000)
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{left:02}.{rest:03}"
