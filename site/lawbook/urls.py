"""Addresses of the law book, under /law/."""

from django.urls import path, register_converter

from lawbook import views
from lawbook.converters import ArticleConverter, DayConverter, HeadingConverter

register_converter(ArticleConverter, "article")
register_converter(DayConverter, "day")
register_converter(HeadingConverter, "heading")

app_name = "lawbook"
urlpatterns = [
    path("", views.index, name="index"),
    path("glossary/", views.glossary, name="glossary"),  # before the laws: none may be called so
    path("<slug:slug>/", views.law, name="law"),
    path("<slug:slug>/full/", views.full, name="full"),
    path("<slug:slug>/<heading:chapter>/", views.law, name="chapter"),
    path("<slug:slug>/compare/<day:earlier>/<day:later>/", views.compare, name="compare"),
    path("<slug:slug>/<article:key>/", views.article, name="article"),
    path("<slug:slug>/on/<day:day>/", views.law, name="law-on"),
    path("<slug:slug>/on/<day:day>/full/", views.full, name="full-on"),
    path("<slug:slug>/on/<day:day>/<heading:chapter>/", views.law, name="chapter-on"),
    path("<slug:slug>/on/<day:day>/<article:key>/", views.article, name="article-on"),
]
