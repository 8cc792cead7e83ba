"""All rows of a queryset in one value, so that another query can carry them along."""

from typing import Any

from django.db import models
from django.db.models.functions import JSONObject


class JsonList(models.Aggregate):
    """The values of a column as a JSON list."""

    function = "JSON_GROUP_ARRAY"
    output_field = models.JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def in_one_value(rows: models.QuerySet[Any], *names: str) -> models.Subquery:
    """Every row as an object of the fields `names`: [{name: value, …}, …]; null where there is none."""
    one = JSONObject(**{name: name for name in names})
    # Grouped by a constant: without a group an aggregate cannot stand in a subquery.
    grouped = rows.order_by().annotate(everything=models.Value(1)).values("everything")
    return models.Subquery(grouped.annotate(all=JsonList(one)).values("all"), output_field=models.JSONField())
