"""Addresses of the law book, under /law/."""

from django.urls import path, register_converter

from lawbook import views
from lawbook.converters import ArticleConverter, DayConverter

register_converter(ArticleConverter, "article")
register_converter(DayConverter, "day")

app_name = "lawbook"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.law, name="law"),
    path("<slug:slug>/<article:key>/", views.article, name="article"),
    path("<slug:slug>/on/<day:day>/", views.law, name="law-on"),
    path("<slug:slug>/on/<day:day>/<article:key>/", views.article, name="article-on"),
]
