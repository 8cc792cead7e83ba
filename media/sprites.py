"""Small pictures of a film in one sheet: which seconds, where each lies on the sheet, and the WebVTT that says so."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

COLUMNS = 10
MOST_TILES = 100
SHORTEST_INTERVAL_S = 5
TILE_HEIGHT = 90
MOST_SCENES = 12


@dataclass(frozen=True)
class Sprite:
    """A sheet of `count` tiles of `width` × `height` pixels, ten in a row, one every `interval_s` seconds."""

    interval_s: int
    count: int
    width: int
    height: int

    @property
    def rows(self) -> int:
        return math.ceil(self.count / COLUMNS)

    @property
    def sheet_width(self) -> int:
        return COLUMNS * self.width

    @property
    def sheet_height(self) -> int:
        return self.rows * self.height

    @property
    def filters(self) -> str:
        """ffmpeg's filters from the film to the tiles: exactly the frames at 0, one interval, two intervals …"""
        chosen = f"select='isnan(prev_selected_t)+gte(t-prev_selected_t,{self.interval_s})'"
        return f"{chosen},scale={self.width}:{self.height}:out_range=full,setsar=1,format=yuvj420p"

    def put_together(self, tiles: Sequence[Path], sheet: Path) -> None:
        """Paste the tiles into `sheet`. Not by ffmpeg's own `tile`: while that holds its one frame back to the end of
        the film, ffmpeg says nothing of its progress."""
        with Image.new("RGB", (self.sheet_width, self.sheet_height)) as whole:
            for place, tile in enumerate(tiles[: self.count]):
                with Image.open(tile) as picture:
                    whole.paste(picture, self.place(place))
            whole.save(sheet, "JPEG", quality=80)

    def facts(self) -> dict[str, Any]:
        return asdict(self)

    def place(self, tile: int) -> tuple[int, int]:
        """Left and top pixel of a tile on the sheet."""
        return tile % COLUMNS * self.width, tile // COLUMNS * self.height

    def vtt(self, sheet: str, duration_s: float) -> str:
        """The tiles as WebVTT with media fragments (`sheet#xywh=…`), as players read thumbnails."""
        lines = ["WEBVTT\n"]
        for tile in range(self.count):
            start, end = tile * self.interval_s, min((tile + 1) * self.interval_s, duration_s)
            left, top = self.place(tile)
            lines.append(f"{_stamp(start)} --> {_stamp(end)}\n{sheet}#xywh={left},{top},{self.width},{self.height}\n")
        return "\n".join(lines)

    def scenes(self) -> list[dict[str, int]]:
        """At most a dozen tiles, evenly spread: second of the film, and the sheet's offset behind a small window."""
        step = max(1, math.ceil(self.count / MOST_SCENES))
        found = []
        for tile in range(0, self.count, step):
            left, top = self.place(tile)
            found.append({"start_s": tile * self.interval_s, "x": -left, "y": -top})
        return found


def plan(duration_s: float, width: int, height: int) -> Sprite:
    """The sheet for a film of this length and picture size."""
    interval_s = max(SHORTEST_INTERVAL_S, math.ceil(duration_s / MOST_TILES))
    count = max(1, math.ceil(duration_s / interval_s))
    return Sprite(interval_s, count, max(2, round(TILE_HEIGHT * width / height / 2) * 2), TILE_HEIGHT)


def _stamp(seconds: float) -> str:
    millis = round(seconds * 1000)
    minutes, rest = divmod(millis, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
