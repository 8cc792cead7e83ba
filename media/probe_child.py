"""Open a film with PyAV and print what it is as JSON. Run confined, in a process of its own, by media.probe.

Run as a script: `python -I probe_child.py PATH DEMUXER FORMATS DECODERS MAX_STREAMS`. Knows neither Django nor us.
Exit code 0 with {"ok": …} or {"problem": name, …}; anything else means that the file broke the reader.
"""

import json
import sys
from typing import Any

import av

PQ, HLG = 16, 18  # transfer characteristics of ITU-T H.273: high dynamic range
TAIL_S = 2.0


def main(path: str, demuxer: str, formats: str, decoders: str, max_streams: str) -> dict[str, Any]:
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": formats,
        "codec_whitelist": decoders,
        "max_streams": max_streams,
    }
    try:
        container = av.open(path, format=demuxer, options=options, metadata_errors="ignore")
    except (av.error.FFmpegError, ValueError) as error:
        return {"problem": "unreadable", "detail": str(error)}
    allowed = set(decoders.split(","))
    with container:
        pictures = [stream for stream in container.streams.video if stream.disposition & 0x400 == 0]  # no cover art
        if not pictures:
            return {"problem": "no_picture"}
        video = pictures[0]
        sounds = container.streams.audio
        for stream in [video, *sounds[:1]]:
            name = codec_name(stream)
            if name not in allowed:
                return {"problem": "decoder", "detail": name or "?"}
        claimed_s = container.duration / av.time_base if container.duration else 0.0
        try:
            first = next(iter(container.decode(video)))
        except (av.error.FFmpegError, StopIteration) as error:
            return {"problem": "unreadable", "detail": str(error)}
        facts = picture_facts(video, first)
        if sounds:
            facts["audio"] = {"codec": codec_name(sounds[0]), "rate": sounds[0].rate, "channels": sounds[0].channels}
        held_s = last_second(container, [video, *sounds[:1]], claimed_s)
    return {
        "ok": {
            "container": demuxer,
            "claimed_s": round(claimed_s, 3),
            "held_s": round(held_s, 3),
            "duration_s": round(claimed_s or held_s, 3),
            "audio": None,
            **facts,
        }
    }


def codec_name(stream: Any) -> str:
    try:
        return str(stream.codec_context.name)
    except (AttributeError, ValueError):
        return ""


def picture_facts(video: Any, first: Any) -> dict[str, Any]:
    """Size as a person sees it (rotated, square pixels), frame rate, dynamic range."""
    context = video.codec_context
    aspect = video.sample_aspect_ratio or 1
    aspect = aspect if 0.1 < float(aspect) < 10 else 1
    width, height = round(first.width * float(aspect)), first.height
    turned = abs(int(first.rotation)) % 180 == 90
    rate = video.average_rate or video.guessed_rate
    return {
        "video_codec": context.name,
        "width": height if turned else width,
        "height": width if turned else height,
        "coded_width": first.width,
        "coded_height": first.height,
        "rotation": int(first.rotation),
        "fps": round(float(rate), 3) if rate else 0.0,
        "frames": int(video.frames or 0),
        "pixel_format": first.format.name,
        "hdr": int(getattr(context, "color_trc", 0) or 0) in (PQ, HLG),
        "video_bit_rate": int(context.bit_rate or 0),
    }


def last_second(container: Any, streams: list[Any], claimed_s: float) -> float:
    """Second at which picture and sound really end: the end is read, not believed."""
    start_s = (container.start_time or 0) / av.time_base
    end_s = 0.0
    try:
        if claimed_s > TAIL_S:
            container.seek(int((start_s + claimed_s - TAIL_S) * av.time_base))
        for packet in container.demux(streams):
            if packet.pts is not None and packet.size:
                stop = (packet.pts + (packet.duration or 0)) * packet.time_base
                end_s = max(end_s, float(stop) - start_s)
    except av.error.FFmpegError:
        pass
    return end_s


if __name__ == "__main__":
    av.logging.set_level(None)
    print(json.dumps(main(*sys.argv[1:])))  # noqa: T201 — the answer to the parent
