from django.db import migrations, models

import geo.days_off


class Migration(migrations.Migration):
    dependencies = [("geo", "0005_upload_files_to_import")]

    operations = [
        migrations.AddField(
            model_name="area",
            name="days_off",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="One period a line: kind, first day, last day, name. Buses run as on Sundays in holidays and "
                "as on weekdays on worked weekends; in school holidays few come to schools.",
                validators=[geo.days_off.check_days_off],
                verbose_name="holidays",
            ),
        ),
    ]
