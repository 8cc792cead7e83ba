"""Both scripts served at once by one process, as gunicorn's threads do."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Page, Site


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_threads_in_either_script_do_not_mix():
    """Wagtail's shared table of site roots is cold at the start, so that the threads race to fill it."""
    home = Site.objects.get(is_default_site=True).root_page
    home.add_child(instance=Page(title="说明里面", slug="inside", show_in_menus=True))
    Site.clear_site_root_paths_cache()
    start = threading.Barrier(8)

    def read(number: int) -> tuple[bool, str]:
        start.wait()
        out = ""
        try:
            for _ in range(5):
                out += Client().get(("/zh-hant" if number % 2 else "") + "/search/?q=说明").content.decode()
        finally:
            connection.close()
        return bool(number % 2), out

    with ThreadPoolExecutor(8) as pool:
        for traditional, page in pool.map(read, range(8)):
            assert [
                set(re.findall('href="([^"]*/inside/)"', page)),
                set(re.findall("<a[^>]*/inside/[^>]*>([^<]+)", page)),
            ] == ([{"/zh-hant/inside/"}, {"說明裏面"}] if traditional else [{"/inside/"}, {"说明里面"}]), page
