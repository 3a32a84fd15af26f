#!/usr/bin/env python3
"""docs/architecture.md lists the functions that a put passes; backtraces of one are compared.

    put_path_test.py --build-dir DIR     DIR: a debug build of lethed and lethe

The real server on a vault of its own, under gdb, and one `lethe record create` over mutual TLS. The
lists of "The life of a record" must name every function of server/, vault/ and storage/ that stands
on the stack where each thread hands over, in order, and no other. Lambdas, and what the standard
library and gRPC put between, do not count.
Exit: 0 the lists are true, 1 they are not, 2 wrong use, 77 not run (no gdb, or no ptrace).
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/architecture.md"
SERVES_AFTER_S = 60  # Under gdb, unoptimised, on a machine that does something else too.
THREADS = ("handler", "worker", "journal")
OWN_FILE = re.compile(r"(?:^|/)(?:server|vault|storage)/[a-z_/]+\.(?:cc|h)$")


def lists_of(page):
    """The numbered lists of the section, each the names in backticks that its items begin with."""
    section = re.search(r"^## The life of a record\n(.*?)^## ", page, re.M | re.S).group(1)
    lists, expected = [], 0
    for number, name in re.findall(r"^(\d+)\. `([\w:]+)`", section, re.M):
        if int(number) == 1:
            lists.append([])
            expected = 0
        expected += 1
        assert int(number) == expected, f"a list of the section goes on with {number}"
        lists[-1].append(name)
    return dict(zip(THREADS, lists, strict=True))


def plain(name):
    """Class::Name, without parameters, template arguments and namespaces, which are lower-case.
    Empty for a lambda, whose function is operator()."""
    name = name.replace("(anonymous namespace)::", "")
    while (shorter := re.sub(r"<[^<>]*>|\([^()]*\)(?: const)?", "", name)) != name:
        name = shorter
    parts = name.split("::")
    if parts[-1] == "operator":
        return ""
    return "::".join(part for part in parts if not part[:1].islower())


def own_functions(stack):
    own = [plain(name) for name, file in stack
           if OWN_FILE.search(file) and not file.startswith("/usr/")]
    return [name for name in own if name]


def faults(told, seen):
    """One line for each thread whose list is not the stack."""
    for thread in THREADS:
        if told[thread] != seen[thread]:
            missing = [name for name in seen[thread] if name not in told[thread]]
            wrong = [name for name in told[thread] if name not in seen[thread]]
            yield (f"{thread}: the page lacks {missing}, and names {wrong} that the put does not pass;\n"
                   f"  page {told[thread]}\n  put  {seen[thread]}")


def control(seen):
    """Each function left out, and one too many, in each list, must be a fault."""
    for thread in THREADS:
        for at in range(len(seen[thread])):
            told = {**seen, thread: seen[thread][:at] + seen[thread][at + 1:]}
            assert list(faults(told, seen)), f"{seen[thread][at]} can be left out"
            told = {**seen, thread: [*seen[thread][:at], "Desk::Decide", *seen[thread][at:]]}
            assert list(faults(told, seen)), "a function that is not passed can be named"
    assert not list(faults(seen, seen))


@contextlib.contextmanager
def server_under_gdb(lethed, work):
    """lethed under gdb; yields when it serves, ends it, and waits for gdb's answer."""
    environment = {**os.environ, "PUT_PATH_OUT": str(work / "stacks.json")}
    command = ["gdb", "-batch", "-nx", "-x", str(ROOT / "tests/house/put_path_gdb.py"), "--args",
               str(lethed), "--config", str(work / "lethed.yaml"), "--listen", "127.0.0.1:0",
               "--port-file", str(work / "port")]
    with open(work / "gdb.log", "w", encoding="utf-8") as log:
        gdb = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + SERVES_AFTER_S
        while not (work / "port").is_file() or not (work / "port").read_text():
            if gdb.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"lethed does not serve under gdb:\n{(work / 'gdb.log').read_text()}")
            time.sleep(0.05)
        yield int((work / "port").read_text().split()[0])
        children = Path(f"/proc/{gdb.pid}/task/{gdb.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGTERM)
        gdb.wait(SERVES_AFTER_S)
    finally:
        if gdb.poll() is None:
            gdb.kill()


def stacks_of_a_put(build, work):
    lethe = build / "cli/lethe"
    environment = {**os.environ, "LETHE_CONTEXTS": str(work / "contexts.yaml"),
                   "LETHE_PURPOSE": "service"}

    def ask(*words, data=""):
        run = subprocess.run([lethe, *map(str, words)], env=environment, input=data, text=True,
                             capture_output=True, check=False, timeout=SERVES_AFTER_S)
        if run.returncode != 0:
            sys.exit(f"lethe {words[0]} {words[1]} failed: {run.stderr}")
        return run.stdout

    ask("init", "--dev", "--data-dir", work / "data", "--dev-ca", work / "ca", "--tenant", "demo",
        "--policy", ROOT / "docs/examples/policy-demo.yaml", "--config", work / "lethed.yaml")
    with server_under_gdb(build / "server/lethed", work) as port:
        environment["LETHE_ADDR"] = f"127.0.0.1:{port}"
        person = '{"identifiers": [{"type": "customer_number", "value": "1"}]}'
        subject = json.loads(ask("subject", "create", "-f", "-", "-o", "json", data=person))["name"]
        ask("record", "create", subject, "-f", "-", data='{"category": "account", "data": {"a": 1}}')
    return json.loads((work / "stacks.json").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build-dir", type=Path, required=True)
    build = parser.parse_args().build_dir.resolve()
    for program in ("server/lethed", "cli/lethe"):
        if not (build / program).is_file():
            parser.error(f"no {program} in {build}")
    if shutil.which("gdb") is None or subprocess.run(
            ["gdb", "-batch", "-nx", "-ex", "run", "-ex", "python print('ran')", "--args", "true"],
            capture_output=True, text=True, check=False).stdout.find("exited normally") < 0:
        print("not run: gdb is missing or may not trace a process here")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        stacks = stacks_of_a_put(build, Path(folder))
    seen = {thread: own_functions(stacks.get(thread, [])) for thread in THREADS}
    control(seen)
    told = lists_of(PAGE.read_text(encoding="utf-8"))
    found = list(faults(told, seen))
    for fault in found:
        print(f"FAULT {fault}")
    print("; ".join(f"{thread}: {len(seen[thread])} functions" for thread in THREADS))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
