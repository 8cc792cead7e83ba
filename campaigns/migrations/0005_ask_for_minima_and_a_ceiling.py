from decimal import Decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_closing_reports")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="minima",
            field=models.JSONField(
                blank=True,
                help_text="At least so many placements of a format, for a kind of place, or of a street or town.",
                null=True,
                verbose_name="minimum numbers",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="ceiling_cny",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="A thousand more people, or contacts for the aim deep. "
                "Money that would bring less is not spent.",
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                verbose_name="most that a thousand more may cost (yuan)",
            ),
        ),
    ]
