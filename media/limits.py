"""What a film may be: the containers, decoders and sizes that are let in. One list for upload, probe and ffmpeg."""

from dataclasses import dataclass

MAX_FILE_BYTES = 2 * 1024**3
MAX_SECONDS = 3 * 3600
MAX_PIXELS = 4096 * 2304  # one frame of the largest phone and camera formats in use
MAX_STREAMS = 32
MAX_FPS = 240

#: demuxer → the names that libavformat knows it by (what `-format_whitelist` compares with)
CONTAINERS = {
    "mov": "mov,mp4,m4a,3gp,3g2,mj2",
    "matroska": "matroska,webm",
    "avi": "avi",
    "mpegts": "mpegts",
}

VIDEO_DECODERS = frozenset(
    ["h264", "hevc", "mpeg4", "mpeg2video", "mjpeg", "vp8", "vp9", "av1", "libdav1d", "prores", "h263", "dvvideo"]
)
PCM_DECODERS = frozenset(f"pcm_{kind}" for kind in ("s16le", "s16be", "s24le", "s32le", "f32le", "u8", "alaw", "mulaw"))
AUDIO_DECODERS = PCM_DECODERS | frozenset(
    ["aac", "mp3", "mp3float", "mp2", "mp2float", "ac3", "eac3", "opus", "vorbis", "flac", "alac", "amrnb", "amrwb"]
)
DECODERS = ",".join(sorted(VIDEO_DECODERS | AUDIO_DECODERS))


@dataclass(frozen=True)
class Limits:
    """What one child process may use. Seconds, bytes; `nice` is added to the parent's."""

    cpu_s: int = 3600
    wall_s: int = 3600
    memory_bytes: int = 6 * 1024**3
    file_bytes: int = 4 * 1024**3
    nice: int = 10


PROBE_LIMITS = Limits(cpu_s=30, wall_s=45, memory_bytes=2 * 1024**3, file_bytes=1024**2, nice=5)
