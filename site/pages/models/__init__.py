"""Page types of the public site, one file per family."""

from pages.models.base import DatedPage, PublicPage
from pages.models.columns import ColumnPage
from pages.models.content import ContentPage, NewsPage
from pages.models.documents import DocumentsPage
from pages.models.events import EventPage, EventsPage
from pages.models.home import HomePage
from pages.models.identity import SiteIdentity
from pages.models.landing import LandingPage
from pages.models.organisations import OrganisationsPage
from pages.models.outcomes import OutcomesPage
from pages.models.points import ServicePointsPage
from pages.models.questions import QuestionsPage
from pages.models.quiz import QuizPage
from pages.models.supervision import SupervisionPage

__all__ = [
    "ColumnPage",
    "ContentPage",
    "DatedPage",
    "DocumentsPage",
    "EventPage",
    "EventsPage",
    "HomePage",
    "LandingPage",
    "NewsPage",
    "OrganisationsPage",
    "OutcomesPage",
    "PublicPage",
    "QuestionsPage",
    "QuizPage",
    "ServicePointsPage",
    "SiteIdentity",
    "SupervisionPage",
]
