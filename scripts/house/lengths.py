"""How long files and functions are."""

import json
import shutil
import subprocess

from house.files import files_of
from house.law import (
    BESIDE, CODE, FAILED_LINES, FLOORS, FUNCTION_LINES, LISTED_LINES, MEASURED, MEASURED_FOLDERS)


def lengths(root):
    for name in files_of(root, MEASURED_FOLDERS, MEASURED):
        with open(root / name, encoding="utf-8") as file:
            yield sum(1 for _ in file), name


def report_lengths(root):
    """Prints the long files and returns the faults of the far too long."""
    measured = sorted(lengths(root), reverse=True)
    listed = [(n, name) for n, name in measured if n > LISTED_LINES]
    print(f"{len(measured)} files measured; over {LISTED_LINES} lines: {len(listed)}")
    for n, name in listed:
        print(f"  {n:4} {name}")
    return [f"{name}: {n} lines, the wall is {FAILED_LINES}" for n, name in listed
            if n > FAILED_LINES]


def long_functions(root):
    ctags = shutil.which("ctags")
    names = list(files_of(root, [*FLOORS, *sorted(BESIDE)], CODE))
    if not ctags or not names:
        return None
    run = subprocess.run(
        [ctags, "--output-format=json", "--c++-kinds=f", "--language-force=C++",
         "--fields=+ne", "-f", "-", *names],
        cwd=root, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        return None
    tags = [json.loads(line) for line in run.stdout.splitlines()]
    sizes = [(t["end"] - t["line"] + 1, t["path"], t["name"]) for t in tags if "end" in t]
    return sorted((s for s in sizes if s[0] > FUNCTION_LINES), reverse=True)


def report_functions(root):
    found = long_functions(root)
    if found is None:
        print("functions: not measured (no universal-ctags)")
        return
    print(f"functions over {FUNCTION_LINES} lines: {len(found)}")
    for size, path, name in found:
        print(f"  {size:4} {path} {name}")
