"""A real lethed on a vault of its own, and what is watched about it during a flood."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import threading
import time
import uuid
from pathlib import Path

import wire

ROOT = Path(__file__).resolve().parents[2]
START_S = 30
STOP_S = 30
# The bounds.
BACK_WITHIN_S = 5
LOG_LINES_MAX = 100
PEAK_EXTRA_KB = 256 << 10
REST_EXTRA_KB = 64 << 10
REST_WITHIN_S = 30
SLOWER_MAX = 5
# Below this a p99 is the machine's own noise: two busy cores, and the flood itself runs on them.
CALM_P99_MIN_S = 0.007
# Without it the other client's times are told and not judged: on a machine that does something else
# as well they say nothing.
JUDGED = "LETHE_FLOOD_BARS" in os.environ


class Rss(threading.Thread):
    """The largest VmRSS since it began."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak_kb, self.over = pid, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.05):
            self.peak_kb = max(self.peak_kb, rss_kb(self.pid))


def rss_kb(pid):
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


class Server:
    def __init__(self, lethed, lethe, work, open_files=None):
        self.lethed, self.lethe, self.work, self.open_files = lethed, lethe, work, open_files
        self.log_file = work / "lethed.log"
        self.environment = {**os.environ, "LETHE_CONTEXTS": str(work / "contexts.yaml"),
                            "LETHE_PURPOSE": "service"}
        self.ask("init", "--dev", "--data-dir", work / "data", "--dev-ca", work / "ca", "--tenant",
                 "demo", "--policy", ROOT / "docs/examples/policy-demo.yaml", "--config",
                 work / "lethed.yaml")
        self.mtls = wire.tls(work / "ca/ca.crt", work / "ca/demo.crt", work / "ca/demo.key")
        self.no_certificate = wire.tls(work / "ca/ca.crt")
        self.process = None

    # Its life.

    def start(self):
        def limit_files():
            if self.open_files is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, (self.open_files, self.open_files))

        port_file = self.work / "port"
        port_file.unlink(missing_ok=True)
        with open(self.log_file, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.lethed, "--config", self.work / "lethed.yaml", "--listen", "127.0.0.1:0",
                 "--health-listen", "127.0.0.1:0", "--port-file", port_file],
                stdout=log, stderr=log, preexec_fn=limit_files)
        deadline = time.monotonic() + START_S
        while not port_file.is_file() or port_file.read_text().count("\n") < 2:
            assert self.process.poll() is None, f"lethed ended:\n{self.log_file.read_text()}"
            assert time.monotonic() < deadline, "lethed does not serve"
            time.sleep(0.02)
        self.port, self.health_port = map(int, port_file.read_text().split())
        self.environment["LETHE_ADDR"] = f"127.0.0.1:{self.port}"

    def stop(self):
        """Sound to the end: it ends by the signal alone, with code 0."""
        assert self.process.poll() is None, f"lethed ended by itself:\n{self.tail()}"
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(STOP_S) == 0, self.tail()

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    def tail(self):
        return "\n".join(self.log_file.read_text().splitlines()[-20:])

    # What it is asked.

    def run(self, *words, data=""):
        return subprocess.run([self.lethe, *map(str, words)], env=self.environment, input=data,
                              text=True, capture_output=True, check=False, timeout=60)

    def ask(self, *words, data=""):
        run = self.run(*words, data=data)
        assert run.returncode == 0, f"lethe {words[0]} {words[1]}: {run.stderr}"
        return run.stdout

    def new_subject(self):
        person = {"identifiers": [{"type": "customer_number", "value": str(uuid.uuid4())}]}
        out = self.ask("subject", "create", "-f", "-", "-o", "json", data=json.dumps(person))
        return json.loads(out)["name"]

    def put(self, subject):
        return self.run("record", "create", subject, "-f", "-",
                        data='{"category": "account", "data": {"a": 1}}')

    def erase(self, subject):
        return self.run("subject", "erase", subject, "--ground", "not-necessary", "--confirm", subject)

    def connect(self):
        return wire.Connection(self.port, self.mtls)

    def get(self, subject):
        """The message of GetSubject."""
        return wire.text_field(1, wire.text_field(1, subject)) + wire.text_field(2, "service")

    # What must be so.

    def lines(self):
        return self.log_file.read_text().splitlines()

    def events(self, since, event):
        found = [json.loads(line) for line in self.lines()[since:] if line.startswith("{")]
        return [line for line in found if line["event"] == event]

    def serves_within(self, seconds=BACK_WITHIN_S):
        """Seconds until a new connection on either port is answered."""
        begun = time.monotonic()
        for port, context in ((self.port, self.mtls), (self.health_port, None)):
            while True:
                left = begun + seconds - time.monotonic()
                assert left > 0, f"port {port} answers nobody {seconds} s after the flood\n{self.tail()}"
                with contextlib.suppress(OSError, wire.Gone):
                    connection = wire.Connection(port, context, timeout=left)
                    answered = connection.call(wire.HEALTH_CHECK, b"")
                    connection.close()
                    if answered:
                        break
                time.sleep(0.02)
        return time.monotonic() - begun

    def back_at_rest(self, idle_kb):
        """VmRSS once it is near idle, or after the time it has for that."""
        deadline = time.monotonic() + REST_WITHIN_S
        while rss_kb(self.pid) > idle_kb + REST_EXTRA_KB and time.monotonic() < deadline:
            time.sleep(0.2)
        return rss_kb(self.pid)


@contextlib.contextmanager
def watched(server):
    """Around a flood: the figures, and the bounds that hold for every one."""
    figures = {"idle_kb": rss_kb(server.pid)}
    before = len(server.lines())
    watch = Rss(server.pid)
    watch.start()
    yield figures
    watch.over.set()
    watch.join()
    figures["back_s"] = round(server.serves_within(), 2)
    figures["peak_kb"] = watch.peak_kb
    figures["log_lines"] = len(server.lines()) - before
    figures["rest_kb"] = server.back_at_rest(figures["idle_kb"])
    print({name: figures[name] for name in sorted(figures)}, flush=True)
    assert figures["log_lines"] <= LOG_LINES_MAX, server.tail()
    assert watch.peak_kb <= 2 * figures["idle_kb"] + PEAK_EXTRA_KB, figures
    assert figures["rest_kb"] <= figures["idle_kb"] + REST_EXTRA_KB, figures
    assert server.process.poll() is None, server.tail()
    assert not server.events(before, "stopping"), server.tail()
