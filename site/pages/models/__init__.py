"""Page types of the public site, one file per family."""

from pages.models.base import DatedPage, PublicPage
from pages.models.columns import ColumnPage
from pages.models.content import ContentPage, NewsPage
from pages.models.home import HomePage
from pages.models.identity import SiteIdentity
from pages.models.outcomes import OutcomesPage

__all__ = [
    "ColumnPage",
    "ContentPage",
    "DatedPage",
    "HomePage",
    "NewsPage",
    "OutcomesPage",
    "PublicPage",
    "SiteIdentity",
]
