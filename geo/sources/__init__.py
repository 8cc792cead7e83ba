"""Readers: a file of somebody else's, in a layout and a coordinate system, becomes plain frames in WGS-84.

Nothing here knows Django. A file is taken whole or not at all: `InputError` carries every problem found in it.
"""

from geo.sources.boundary import read_boundary
from geo.sources.frames import HotspotFrame, NetworkFrames, Note
from geo.sources.hotspots import HOTSPOT_LAYOUTS, read_hotspots
from geo.sources.mapping import Mapping
from geo.sources.network import NETWORK_LAYOUTS, read_network

__all__ = [
    "HOTSPOT_LAYOUTS",
    "NETWORK_LAYOUTS",
    "HotspotFrame",
    "Mapping",
    "NetworkFrames",
    "Note",
    "read_boundary",
    "read_hotspots",
    "read_network",
]
