"""Explanations: who may write, who may sign, and what a signature is worth after a change."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from lawbook.models import Article, Explanation
from lawbook.signing import sign
from trust.approvals import OwnWork
from trust.audit import boundary
from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    sync_roles()
    users = {}
    for name, role in (("writer", Role.EDITOR), ("checker", Role.FIRST_REVIEWER), ("reader", Role.AUDITOR)):
        users[name] = get_user_model().objects.create_user(name, password="x")
        users[name].groups.add(group_of(role))
    return users


@pytest.fixture
def written(flower_law, people):
    explanation = Explanation.objects.create(law=flower_law, number=3, gist="浇水", meaning="看天。", author="甲")
    explanation.save_revision(user=people["writer"]).publish()
    explanation.refresh_from_db()
    return explanation


def test_a_second_person_signs_and_production_serves_it(written, people, settings):
    settings.DEMO = False
    assert not Explanation.public_objects().exists()
    sign(written, people["checker"])
    assert Explanation.public_objects().get().reviewer == "checker"


def test_nobody_signs_their_own_words_and_the_refusal_is_kept(written, people):
    with boundary(), pytest.raises(OwnWork):
        sign(written, people["writer"])
    written.refresh_from_db()
    assert not written.signed
    assert AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED).exists()


def test_a_superuser_is_bound_too(written):
    chief = get_user_model().objects.create_superuser("chief", password="x")
    written.save_revision(user=chief).publish()
    with pytest.raises(OwnWork):
        sign(Explanation.objects.get(), chief)


def test_a_change_of_words_takes_the_signature_off(written, people):
    sign(written, people["checker"])
    written.meaning = "看天，也看土。"
    written.save_revision(user=people["writer"]).publish()
    written.refresh_from_db()
    assert not written.signed


def test_publishing_the_same_words_again_keeps_it(written, people):
    draft = written.latest_revision  # made before the signature
    sign(written, people["checker"])
    draft.publish()
    written.refresh_from_db()
    assert written.signed


def test_an_explanation_of_no_article_is_refused(flower_law):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="没有这一条"):
        Explanation(law=flower_law, number=99, gist="x", meaning="y").full_clean()


def test_the_reviewer_signs_on_the_page_for_it(client, written, people):
    client.force_login(people["checker"])
    url = reverse("lawbook_sign", args=[written.pk])
    page = client.get(url).content.decode()
    assert "看天。" in page
    assert "土还湿着就不浇" in page
    client.post(url)
    written.refresh_from_db()
    assert written.signed


@pytest.mark.parametrize("name", ["writer", "reader"])
def test_who_may_not_sign_is_turned_away(client, written, people, name):
    client.force_login(people[name])
    response = client.post(reverse("lawbook_sign", args=[written.pk]))
    assert response.status_code in {302, 403}
    written.refresh_from_db()
    assert not written.signed


def test_the_admin_writes_explanations_and_previews_them(client, written, people):
    client.force_login(people["writer"])
    namespace = Explanation.snippet_viewset
    assert client.get(reverse(namespace.get_url_name("list"))).status_code == 200
    assert client.get(reverse(namespace.get_url_name("edit"), args=[written.pk])).status_code == 200
    draft = Explanation.objects.get(pk=written.pk)
    draft.gist = "还没发布的一句话"
    page = draft.make_preview_request().rendered_content
    assert "还没发布的一句话" in page
    assert "土还湿着就不浇" in page


def test_official_words_can_be_read_but_not_changed_in_the_admin(client, flower_law):
    client.force_login(get_user_model().objects.create_superuser("chief", password="x"))
    article = Article.objects.get(number=3, suffix=0)
    viewset = Article.snippet_viewset
    assert "土还湿着就不浇" in client.get(reverse(viewset.get_url_name("inspect"), args=[article.pk])).content.decode()
    for name, args in (("add", []), ("edit", [article.pk]), ("delete", [article.pk])):
        response = client.post(reverse(viewset.get_url_name(name), args=args), {"label": "第九条"})
        assert response.status_code in {302, 403, 404, 405}
    article.refresh_from_db()
    assert article.label == "第三条"


def test_dates_are_confirmed_in_the_admin_without_touching_the_text(client, flower_law):
    client.force_login(get_user_model().objects.create_superuser("chief", password="x"))
    version = flower_law.versions.get()
    viewset = type(version).snippet_viewset
    url = reverse(viewset.get_url_name("edit"), args=[version.pk])
    assert client.get(url).status_code == 200
    answer = {
        "status": "amended",
        "adopted_on": "2024-03-12",
        "effective_on": "2024-05-02",
        "repealed_on": "",
        "dates_confirmed": "on",
        "source": "街区公告栏",
        "text_sha256": "0" * 64,
        "preamble": "别的",
    }
    assert client.post(url, answer).status_code == 302
    changed = flower_law.versions.get()
    assert (changed.status, changed.dates_confirmed, changed.source) == ("amended", True, "街区公告栏")
    assert (changed.text_sha256, changed.preamble) == (version.text_sha256, version.preamble)
    assert client.get(reverse(viewset.get_url_name("add"))).status_code in {302, 403, 404}
