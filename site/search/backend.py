"""Chinese search in whichever database there is.

Stock full-text search takes a run of hanzi for one word and finds nothing in it. Here the text is cut into single
characters and pairs before it is indexed, and the query into pairs (zh.tokens); the vendor's own backend does the rest,
so SQLite and PostgreSQL, the public search, the admin and the choosers all behave alike. What SQLite's stock backend
does in seconds, ranking, is done in one pass (search.one_pass).
"""

import copy
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from modelsearch.backends.base import EmptySearchResults
from modelsearch.backends.database import SearchBackend as vendor_backend  # noqa: N813 - a factory in capitals
from modelsearch.index import FilterField, RelatedFields, SearchField
from modelsearch.query import And, Boost, Not, Or, Phrase, PlainText, SearchQuery

from zh.tokens import index_text, query_choices, query_text


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    """The vendor's backend for the current database, given tokens instead of text."""
    stock: Any = type(vendor_backend(params))

    class TokenIndex(stock.index_class):
        def add_items(self, model: type[models.Model], objs: Iterable[Any]) -> None:
            super().add_items(model, [Tokenised(obj) for obj in objs])

        def _refresh_title_norms(self, full: bool = False) -> None:
            """Only with the whole index: stock measures every title there is after each single save."""
            if full:
                super()._refresh_title_norms(full=True)

    class Unchecked:
        """Both databases filter by any column; the check that keeps queries portable to other engines says no."""

        def check(self) -> None:
            """Nothing to check."""

    class TokenCompiler(Unchecked, stock.query_compiler_class):
        pass

    class TokenAutocompleteCompiler(Unchecked, stock.autocomplete_query_compiler_class):
        pass

    class TokenBackend(stock):
        index_class = TokenIndex
        query_compiler_class = TokenCompiler
        autocomplete_query_compiler_class = TokenAutocompleteCompiler
        results_class = _results(stock.results_class)

        def _search(self, query_compiler_class: Any, query: Any, model_or_queryset: Any, **options: Any) -> Any:
            if isinstance(query, str):
                query = PlainText(query, operator=options.get("operator") or query_compiler_class.DEFAULT_OPERATOR)
            if isinstance(query, PlainText) and query_compiler_class is TokenAutocompleteCompiler:
                tokens: Any = PlainText(query_text(query.query_string), operator="and")  # all that it knows
            else:
                tokens = tokenise_query(query)
            if isinstance(tokens, PlainText) and not tokens.query_string:
                return EmptySearchResults()  # punctuation alone
            return super()._search(query_compiler_class, tokens, model_or_queryset, **options)

    return TokenBackend(params)


def _results(stock: Any) -> Any:
    if connection.vendor != "sqlite":
        return stock
    from search.one_pass import one_pass  # noqa: PLC0415 - needs SQLite's index model, which PostgreSQL lacks

    return one_pass(stock)


class Tokenised:
    """An object as the indexer sees it: the same fields, their text cut into tokens."""

    def __init__(self, obj: Any) -> None:
        self.original = obj
        self.pk = obj.pk

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def get_search_fields(self) -> list[Any]:
        fields = [_tokenised_field(field) for field in self.original.get_search_fields()]
        names = {field.field_name for field in fields if isinstance(field, SearchField)}
        if not names & {"title", "search_title"} and hasattr(self.original, "search_title"):
            # The index weighs one field as the title, by its name; a model without one gives what it is listed under.
            title = SearchField("title")
            title.get_value = lambda obj: index_text(obj.search_title())
            fields.append(title)
        return fields


def _tokenised_field(field: Any) -> Any:
    if isinstance(field, FilterField):
        return field
    twin = copy.copy(field)
    if isinstance(field, RelatedFields):
        twin.fields = [_tokenised_field(inner) for inner in field.fields]
        twin.get_value = lambda obj: field.get_value(getattr(obj, "original", obj))
    else:
        twin.get_value = lambda obj: _tokenised_value(field.get_value(getattr(obj, "original", obj)))
    return twin


def _tokenised_value(value: Any) -> Any:
    if isinstance(value, str):
        return index_text(value)
    if isinstance(value, list | tuple):
        return [_tokenised_value(part) for part in value]
    if isinstance(value, dict):
        return {key: _tokenised_value(part) for key, part in value.items()}
    return value


def tokenise_query(query: SearchQuery) -> SearchQuery:
    """The same query over tokens. A phrase becomes its pairs, all of them."""
    if isinstance(query, PlainText):
        if query.operator == "and":
            return _all_words(query.query_string)
        return PlainText(query_text(query.query_string), operator="or")
    if isinstance(query, Phrase):
        return PlainText(query_text(query.query_string), operator="and")
    if isinstance(query, And | Or):
        return type(query)([tokenise_query(part) for part in query.subqueries])
    if isinstance(query, Not):
        return Not(tokenise_query(query.subquery))
    if isinstance(query, Boost):
        return Boost(tokenise_query(query.subquery), query.boost)
    return query


def _all_words(text: str) -> SearchQuery:
    """Every character of `text`; what holds it in one piece has more of the tokens and so a better score."""
    strict = query_text(text)
    groups = query_choices(text)
    if [(token,) for token in strict.split()] == groups:
        return PlainText(strict, operator="and")
    return Or([PlainText(strict, operator="and"), And([PlainText(" ".join(group), operator="or") for group in groups])])
