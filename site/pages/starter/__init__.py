"""The starter site: columns and pages of our own, written from the district's published facts.

Figures carry their time and source; whatever is invented is marked 示例.
"""

from pages.starter.build import build_site

__all__ = ["build_site"]
