"""三审三校 as steps of Wagtail's workflow: who may act, what is asked of them, and by when."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import AbstractGroupApprovalTask, TaskState


class Step(models.TextChoices):
    """The three steps, in their order. Each both reviews (审) and proofreads (校)."""

    FIRST = "first", _("First review")
    SECOND = "second", _("Second review")
    FINAL = "final", _("Final review")


def approval_step(step: str) -> str:
    """How a step is called in `trust.approvals`."""
    return f"review.{step}"


REVIEW_STEPS = tuple(approval_step(step) for step in Step.values)
ANONYMISED = "anonymised"


class ReviewTaskState(TaskState):
    """One step of one round: by when, who was reminded, and the two tick-marks."""

    due_at = models.DateTimeField(_("due"), null=True, help_text=_("By when the step should be done."))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, help_text=_("When the reviewers were reminded."))
    reviewed = models.BooleanField(_("reviewed"), default=False, help_text=_("Content, law, facts and tone are right."))
    proofread = models.BooleanField(
        _("proofread"), default=False, help_text=_("Characters, punctuation, numbers, names and links are right.")
    )
    acted_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
        help_text=_("Whose deputy acted; empty where the reviewer acted."),
    )

    class Meta:
        verbose_name = _("review step")
        verbose_name_plural = _("review steps")

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now() and self.status == self.STATUS_IN_PROGRESS


class ReviewTask(AbstractGroupApprovalTask):
    """One of the three steps. Superusers have no part in it unless they hold the role."""

    task_state_class = ReviewTaskState

    step = models.CharField(_("step"), max_length=10, choices=Step, help_text=_("Which of the three steps this is."))
    days = models.PositiveSmallIntegerField(
        _("days"), default=2, help_text=_("Days until the step is due; reviewers are reminded after that.")
    )

    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "step", "days"]

    class Meta:
        verbose_name = _("review and proofreading")
        verbose_name_plural = _("reviews and proofreadings")

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Begin with the earliest step that nobody has done on this version, after a return as well."""
        from editorial.review import refuse_what_is_blocked  # noqa: PLC0415 - it needs the models first

        refuse_what_is_blocked(workflow_state, user)
        following = workflow_state.get_next_task()
        if following is not None and following.pk != self.pk and workflow_state.current_task_state is None:
            return following.specific.start(workflow_state, user=user)
        state = super().start(workflow_state, user=user)
        state.due_at = timezone.now() + timedelta(days=self.days)
        state.save(update_fields=["due_at"])
        return state

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self.stands_for(user) is not None

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """While it is read, nobody writes: a reviewer who finds something returns it."""
        return True

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if self.stands_for(user) is None:
            return []
        return [
            ("reject", _("Return with reasons"), True),
            ("approve", _("Reviewed and proofread: pass"), True),
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        from editorial.forms import PassForm, ReturnForm  # noqa: PLC0415 - forms need the models first

        return PassForm if action == "approve" else ReturnForm

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        from editorial import review  # noqa: PLC0415 - it needs the models first

        if action_name == "approve":
            review.pass_on(task_state, user, **kwargs)
        elif action_name == "reject":
            review.send_back(task_state, user, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if self.stands_for(user) is None:
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    @classmethod
    def get_description(cls) -> Any:
        return _("One of three steps: another person each time, who reviews and proofreads")

    def stands_for(self, user: Any) -> Any:
        """The reviewer for whom `user` may act here: themselves, or one whose deputy they are. None otherwise."""
        if not user.is_active or not user.is_authenticated:
            return None
        groups = self.groups.all()
        if user.groups.filter(pk__in=groups).exists():
            return user
        deputy = Deputy.objects.on_duty().filter(deputy=user, reviewer__groups__in=groups).first()
        return deputy.reviewer if deputy else None

    def people(self) -> list[Any]:
        """Everybody who may act at this step today, reviewers first."""
        from django.contrib.auth import get_user_model  # noqa: PLC0415

        reviewers = get_user_model().objects.filter(groups__in=self.groups.all(), is_active=True).distinct()
        found = {user.pk: user for user in reviewers.order_by("pk")}
        for deputy in Deputy.objects.on_duty().filter(reviewer__in=list(found)).select_related("deputy"):
            if deputy.deputy.is_active:
                found.setdefault(deputy.deputy_id, deputy.deputy)
        return list(found.values())


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def on_duty(self) -> "DeputyQuerySet":
        """Those who stand in for somebody today."""
        today = timezone.localdate()
        return self.filter(from_day__lte=today, to_day__gte=today, reviewer__is_active=True)


class Deputy(models.Model):
    """代理人: who reviews in somebody's place, from which day to which."""

    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="deputies",
        verbose_name=_("reviewer"),
        help_text=_("Who is away."),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="stands_in_for",
        verbose_name=_("deputy"),
        help_text=_("Who acts in their place. Still one person, one step."),
    )
    from_day = models.DateField(_("from"), default=timezone.localdate, help_text=_("The first day."))
    to_day = models.DateField(_("to"), help_text=_("The last day."))
    reason = models.CharField(_("reason"), max_length=80, blank=True, help_text=_("Leave, travel, training…"))

    objects = DeputyQuerySet.as_manager()

    panels = [
        FieldRowPanel([FieldPanel("reviewer"), FieldPanel("deputy")]),
        FieldRowPanel([FieldPanel("from_day"), FieldPanel("to_day")]),
        FieldPanel("reason"),
    ]

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["-to_day", "reviewer"]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.reviewer}"

    def clean(self) -> None:
        super().clean()
        if self.reviewer_id and self.reviewer_id == self.deputy_id:
            raise ValidationError({"deputy": _("A deputy is another person.")})
        if self.from_day and self.to_day and self.to_day < self.from_day:
            raise ValidationError({"to_day": _("The last day lies before the first.")})
