"""How often readers got a finished page is told to whoever may ask for figures."""

import ipaddress
import re


def test_kept_pages_are_counted_apart_from_pages_made(home, visit, settings):
    settings.METRICS_FROM = [ipaddress.ip_network("127.0.0.1")]

    def counted(how):
        return float(re.search(rf'pufa_public_pages_total{{how="{how}"}} (.+)', visit("/metrics").content.decode())[1])

    before = {how: counted(how) for how in ("made", "kept")}
    for _ in range(3):
        assert visit("/").status_code == 200
    assert {how: counted(how) - before[how] for how in before} == {"made": 1, "kept": 2}
    assert 'route="kept page"' in visit("/metrics").content.decode()
