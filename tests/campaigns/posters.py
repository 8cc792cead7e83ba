"""Files of faces as a designer would deliver them."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw


def poster(folder: Path, mode: str, width_mm: int, height_mm: int) -> Path:
    """A 1:10 file of a face with bleed, at 72 dpi in print: fields of colour, since lettering is the designer's."""
    size = tuple(round((side + 60) / 254 * 720) for side in (width_mm, height_mm))
    made = Image.new(mode, size, (78, 45, 0, 20) if mode == "CMYK" else (30, 80, 150))  # type: ignore[arg-type]
    draw = ImageDraw.Draw(made)
    light: Any = (8, 4, 0, 0) if mode == "CMYK" else (235, 240, 248)
    draw.ellipse((size[0] * 0.1, size[1] * 0.15, size[0] * 0.55, size[1] * 0.7), fill=light)
    file = folder / f"{mode}-{width_mm}.jpg"
    made.save(file, "JPEG", dpi=(720, 720), quality=90)
    return file
