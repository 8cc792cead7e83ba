"""What a printer needs of a picture, per format. Pure data; sizes in millimetres at final size."""

from dataclasses import dataclass

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Print:
    """What does not depend on the single face: how the format is printed, and from how far its code is scanned."""

    bleed_mm: int
    safe_mm: int
    least_dpi: int  # at final size
    scan_distance_mm: int


@dataclass(frozen=True)
class Box:
    """A rectangle on the finished face, from its left upper corner."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class Specification:
    """One finished face. `scale` is how many times larger the print is than the file says (10 for a 1:10 file)."""

    width_mm: int
    height_mm: int
    scale: int
    code: Box
    print: Print

    @property
    def sheet_mm(self) -> tuple[int, int]:
        """Width and height with bleed on all four sides."""
        return self.width_mm + 2 * self.print.bleed_mm, self.height_mm + 2 * self.print.bleed_mm

    def least_px(self) -> tuple[int, int]:
        """Fewest pixels of the sheet, width and height."""
        width, height = self.sheet_mm
        return (
            round(width / MM_PER_INCH * self.print.least_dpi),
            round(height / MM_PER_INCH * self.print.least_dpi),
        )


# Assumed values in the usual range for large-format print in China; the supplier's own sheet wins where there is one.
SHELTER = Print(bleed_mm=30, safe_mm=50, least_dpi=72, scan_distance_mm=1500)
BODY = Print(bleed_mm=50, safe_mm=80, least_dpi=45, scan_distance_mm=2500)
BODY_PANEL_MM = (6000, 1200)  # the panel under the windows of a 10.5 m city bus
SCALES = (1, 2, 5, 10)
