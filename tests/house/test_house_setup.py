"""Set-up and serving: what they find, what they skip, and the sentence they end with."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import serve, setup, steps
from scripts.compile_messages import compile_file, po_files
from scripts.house.translations import HEADER
from scripts.steps import ROOT, Log, Stop, run_steps


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log" / "setup.log")


class TestSteps:
    def test_each_step_is_one_numbered_line(self, capsys):
        run_steps([("First", lambda: None), ("Second", lambda: "already there")])
        assert capsys.readouterr().out == "[1/2] First … ready\n[2/2] Second … already there\n"

    def test_the_first_failure_ends_the_run(self, capsys):
        ran = []

        def fail() -> None:
            raise Stop("Do this.")

        with pytest.raises(Stop, match=r"Do this\."):
            run_steps([("First", fail), ("Second", lambda: ran.append(1))])
        assert capsys.readouterr().out == "[1/2] First … failed\n"
        assert not ran

    def test_output_and_exit_code_of_a_program_go_to_the_log(self, log):
        assert not log.run([sys.executable, "-c", "print('it broke'); raise SystemExit(3)"])
        assert "it broke" in log.tail()
        assert log.tail().endswith("exit 3")

    def test_a_program_that_is_missing_counts_as_failed(self, log):
        assert not log.run(["no-such-program-here"])


class TestSetup:
    def test_a_stamp_is_fresh_only_for_the_same_lock(self, tmp_path):
        lock, stamp = tmp_path / "lock.txt", tmp_path / "stamp"
        lock.write_text("a==1")
        assert not setup.is_fresh(stamp, lock)
        setup.write_stamp(stamp, lock)
        assert setup.is_fresh(stamp, lock)
        lock.write_text("a==2")
        assert not setup.is_fresh(stamp, lock)

    def test_an_old_node_is_refused_with_the_version_needed(self, log, monkeypatch):
        monkeypatch.setattr(setup, "is_fresh", lambda stamp, source: False)
        monkeypatch.setattr(setup, "node_version", lambda: 18)
        with pytest.raises(Stop, match="Node 18 is too old: install Node 20"):
            setup.Setup("run", log).check_programs()

    def test_a_missing_node_is_told(self, log, monkeypatch):
        monkeypatch.setattr(setup, "is_fresh", lambda stamp, source: False)
        monkeypatch.setattr(setup, "node_version", lambda: None)
        with pytest.raises(Stop, match="Node 20 or newer with npm is needed"):
            setup.Setup("run", log).check_programs()

    def test_where_the_browser_assets_are_node_is_not_asked_for(self, log, monkeypatch):
        monkeypatch.setattr(setup, "is_fresh", lambda stamp, source: True)
        monkeypatch.setattr(setup, "node_version", lambda: None)
        assert "Node is not asked for" in setup.Setup("run", log).check_programs()

    def test_without_root_the_person_gets_the_command_to_run(self, log, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        with pytest.raises(Stop, match="run `sudo apt-get install chromium gettext`"):
            setup.Setup("test", log).apt_install(["chromium", "gettext"], "Browser missing")

    def test_a_package_that_cannot_be_installed_ends_in_advice(self, log, monkeypatch):
        monkeypatch.setattr(setup, "is_fresh", lambda stamp, source: False)
        monkeypatch.setattr(setup.Setup, "install", lambda self, lock, *options: False)
        with pytest.raises(Stop, match="reaches a package index"):
            setup.Setup("run", log).install_packages()

    def test_a_missing_law_package_is_told_but_stops_nothing(self, log, monkeypatch):
        monkeypatch.setattr(setup, "is_fresh", lambda stamp, source: False)
        monkeypatch.setattr(setup.Setup, "install", lambda self, lock, *options: False)
        assert "site runs without it" in setup.Setup("run", log).install_law()

    def test_pip_takes_over_where_uv_fails(self, log, monkeypatch):
        tried: list[str] = []

        def run(self: Log, argv: list[str], **_: object) -> bool:
            tried.append("uv" if argv[1] == "pip" else "pip")
            return tried[-1] == "pip"

        monkeypatch.setattr(setup.Setup, "uv", lambda self: "/usr/bin/uv")
        monkeypatch.setattr(setup, "as_pip_is_set", dict)
        monkeypatch.setattr(Log, "run", run)
        assert setup.Setup("run", log).install("requirements.txt")
        assert tried == ["uv", "pip"]

    def test_every_install_demands_hashes(self, log):
        assert "--require-hashes" in setup.Setup("run", log).pip("requirements.txt")

    def test_pips_mirror_and_certificates_are_handed_to_uv(self, monkeypatch):
        told = "global.index-url='https://mirror.example.cn/simple'\n:env:.cert='/etc/ssl/ca.crt'\n"
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
        monkeypatch.setattr(setup.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 0, stdout=told))
        assert setup.as_pip_is_set() == {
            "UV_DEFAULT_INDEX": "https://mirror.example.cn/simple",
            "SSL_CERT_FILE": "/etc/ssl/ca.crt",
        }

    def test_an_unknown_profile_is_refused(self, capsys):
        assert setup.main(["everything"]) == 2
        assert "one of run, services, test" in capsys.readouterr().out


class TestTranslations:
    PO = HEADER + '\nmsgid "Law"\nmsgstr "法律"\n'

    def test_only_what_changed_is_compiled(self, tmp_path):
        po = tmp_path / "geo/locale/zh_Hans/LC_MESSAGES/django.po"
        po.parent.mkdir(parents=True)
        po.write_text(self.PO, encoding="utf-8")
        assert po_files(tmp_path) == [po]
        assert compile_file(po)
        assert "法律".encode() in po.with_suffix(".mo").read_bytes()
        assert not compile_file(po)
        later = time.time() + 5
        os.utime(po, (later, later))
        assert compile_file(po)


class TestServe:
    def test_a_taken_port_is_told_with_another_to_try(self, monkeypatch):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            monkeypatch.setattr(serve, "BIND", "127.0.0.1")
            monkeypatch.setattr(serve, "PORT", str(other.getsockname()[1]))
            with pytest.raises(Stop, match="is taken, perhaps by another `make run`"):
                serve.check_port()

    @pytest.mark.parametrize("port", ["web", "0", "70000"])
    def test_a_port_that_is_none_is_refused(self, monkeypatch, port):
        monkeypatch.setattr(serve, "PORT", port)
        with pytest.raises(Stop, match="number from 1 to 65535"):
            serve.check_port()

    def test_a_worker_that_keeps_dying_starts_later_each_time(self):
        child = serve.Child("worker", list)
        child.started_at = time.monotonic()
        assert [child.next_pause_s() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
        child.started_at -= serve.STEADY_S + 1
        assert child.next_pause_s() == 1

    def test_a_web_server_that_ends_at_once_is_reported_with_its_last_words(self, tmp_path, monkeypatch):
        monkeypatch.setattr(serve, "LOGS", tmp_path)
        web = serve.Child("web", lambda: [sys.executable, "-c", "raise SystemExit('no such table')"])
        with pytest.raises(Stop, match="no such table"):
            serve.start_web(web)

    def test_a_child_that_will_not_end_is_killed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(serve, "LOGS", tmp_path)
        stubborn = (
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "print('up', flush=True); time.sleep(60)"
        )
        child = serve.Child("worker", lambda: [sys.executable, "-c", stubborn])
        child.start()
        assert child.process is not None
        limit = time.monotonic() + 10
        while "up" not in child.last_words() and time.monotonic() < limit:
            time.sleep(0.02)
        serve.stop([child], limit_s=0.2)
        assert child.process.returncode == -signal.SIGKILL

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
    def test_children_end_with_a_supervisor_that_is_killed(self, tmp_path):
        script = (
            "import sys, time; from scripts import serve\n"
            "child = serve.Child('worker', lambda: [sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            "serve.LOGS.mkdir(parents=True, exist_ok=True)\n"
            "child.start(); print(child.process.pid, flush=True); time.sleep(60)"
        )
        env = {**os.environ, "PUFA_DATA_DIR": str(tmp_path)}
        with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=env, stdout=subprocess.PIPE) as supervisor:
            assert supervisor.stdout is not None
            pid = int(supervisor.stdout.readline())
            supervisor.kill()
        limit = time.monotonic() + 10
        while is_running(pid) and time.monotonic() < limit:
            time.sleep(0.02)
        assert not is_running(pid)


def is_running(pid: int) -> bool:
    """Alive and no zombie that merely waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_make_alone_lists_every_target_with_help():
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in listed.splitlines()} >= {
        *("run", "dev", "worker", "test", "test-services", "lint", "messages", "lock", "law", "screenshots", "clean"),
    }
    assert all(len(line.split()) > 3 for line in listed.splitlines())


def test_scripts_of_set_up_use_only_the_standard_library():
    """They run before anything is installed."""
    code = "import scripts.setup, scripts.serve, scripts.steps; print('fine')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "fine\n", done.stderr


def test_steps_agree_with_the_settings_on_the_data_folder(settings):
    assert steps.DATA_DIR == settings.DATA_DIR
