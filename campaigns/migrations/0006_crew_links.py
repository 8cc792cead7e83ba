import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_ask_for_minima_and_a_ceiling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CrewLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("crew", models.CharField(help_text="Whose placements it opens.", max_length=40, verbose_name="crew")),
                (
                    "deed",
                    models.CharField(
                        choices=[("posting", "Posted"), ("take_down", "Taken down")],
                        help_text="Posting or take-down.",
                        max_length=10,
                        verbose_name="list",
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(help_text="From then on it opens nothing.", verbose_name="valid until"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="From then on it opens nothing; empty while it holds.",
                        null=True,
                        verbose_name="revoked at",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, help_text="When it was made.", verbose_name="created at"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        help_text="Whose list.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="crew_links",
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        help_text="Counts as a sender of its photos: may not confirm them.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "crew link",
                "verbose_name_plural": "crew links",
                "ordering": ["campaign", "crew", "-created_at"],
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="postingproof",
            name="crew_link",
            field=models.ForeignKey(
                blank=True,
                help_text="By which it was sent without an account.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proofs",
                to="campaigns.crewlink",
                verbose_name="crew link",
            ),
        ),
        migrations.AlterField(
            model_name="postingproof",
            name="uploaded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="May not confirm it; empty where a crew sent it by its link.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingproof",
            constraint=models.CheckConstraint(
                condition=models.Q(uploaded_by__isnull=False) ^ models.Q(crew_link__isnull=False),
                name="proof_has_one_sender",
            ),
        ),
    ]
