#!/usr/bin/env python3
"""Checks the law of the house: floors, third-party headers, include guards, lengths.

    scripts/check_house.py [--root DIR] [--functions]

An include points to its own folder or to a lower floor: never up, never sideways, never in a
circle. Each floor sees only the libraries listed for it below. Files over 220 lines are listed,
over 400 they fail. --functions also lists functions over 60 lines (needs universal-ctags).
Exit: 0 the house stands, 1 it does not, 2 wrong use.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

# A floor may include itself and what stands in its row.
FLOORS = {
    "base": set(),
    "crypto": {"base"},
    "storage": {"base"},
    "vault": {"base", "crypto", "storage"},
    "server": {"base", "crypto", "storage", "vault"},
    "cli": {"base", "crypto", "storage", "vault"},
}
# Beside the house: may look into every floor, but no floor may look at them.
BESIDE = {"tests", "bench"}
# Headers of other people, by how their path begins, and who may see them. What is not named here
# (the standard library, the system, absl) is open to all. A file pattern narrows a floor further.
FOREIGN = [
    (r"sodium(\.h$|/)", {"base": "", "crypto": ""}),
    (r"openssl/", {"crypto": ""}),
    (r"rocksdb/", {"storage": r"^storage/rocks_"}),
    (r"(grpc|grpcpp|google/protobuf)/|.*\.pb\.h$", {"server": "", "cli": ""}),
    (r"nlohmann/", {"vault": "", "server": "", "cli": ""}),
    (r"yaml-cpp/", {"base": r"^base/yaml\.cc$"}),
    (r"spdlog/", {"server": "", "cli": ""}),
    (r"CLI/", {"server": "", "cli": ""}),
]
LISTED_LINES = 220
FAILED_LINES = 400
FUNCTION_LINES = 60
CODE = {".h", ".cc"}
MEASURED = CODE | {".sh", ".py", ".mjs", ".cmake", ".proto", ".tpl"}
MEASURED_FOLDERS = [*FLOORS, *sorted(BESIDE), "proto", "cmake", "scripts", "helm"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def files_of(root, folders, suffixes):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and "node_modules" not in path.parts and path.is_file():
                yield path.relative_to(root).as_posix()


def includes_of(root, name):
    text = (root / name).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start(2)) + 1
        yield line, match.group(1) == '"', match.group(2)


def foreign_fault(name, floor, header):
    for pattern, allowed in FOREIGN:
        if re.match(pattern, header):
            if floor not in allowed:
                return f"{header} may be included only in {', '.join(sorted(allowed))}"
            if not re.match(allowed[floor], name):
                return f"{header} may be included only in files {allowed[floor]}*"
    return None


def own_fault(root, floor, header):
    """The fault of a quoted include, or None."""
    folder = header.split("/")[0]
    if ".." in header.split("/"):
        return f'"{header}" must be written from the root of the repository'
    if folder in BESIDE:
        return f'"{header}": no floor may include {folder}/'
    if folder not in FLOORS:
        return None
    if not (root / header).is_file():
        return f'"{header}" does not exist'
    if folder != floor and folder not in FLOORS[floor]:
        way = "sideways" if floor not in FLOORS[folder] else "up"
        return f'"{header}" points {way}: {floor}/ may include {sorted(FLOORS[floor])}'
    return None


def include_faults(root):
    for name in files_of(root, FLOORS, CODE):
        floor = name.split("/")[0]
        for line, quoted, header in includes_of(root, name):
            fault = foreign_fault(name, floor, header)
            if fault is None and quoted:
                fault = own_fault(root, floor, header)
                beside = Path(name).parent / header
                if fault is None and "/" not in header and (root / beside).is_file():
                    fault = f'"{header}" must be written "{beside.as_posix()}"'
            if fault:
                yield f"{name}:{line}: {fault}"


def circle_faults(root):
    graph = {
        name: [h for _, quoted, h in includes_of(root, name) if quoted and (root / h).is_file()]
        for name in files_of(root, FLOORS, {".h"})
    }
    done, trail = set(), []

    def walk(name):
        if name in trail:
            yield "includes go in a circle: " + " -> ".join(trail[trail.index(name):] + [name])
            return
        if name in done:
            return
        trail.append(name)
        for header in graph.get(name, []):
            yield from walk(header)
        trail.pop()
        done.add(name)

    for name in graph:
        yield from walk(name)


def guard_faults(root):
    for name in files_of(root, [*FLOORS, *sorted(BESIDE)], {".h"}):
        guard = "LETHE_" + re.sub(r"[^A-Za-z0-9]", "_", name).upper() + "_"
        text = (root / name).read_text(encoding="utf-8")
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            yield f"{name}: the include guard must be {guard}"


def lengths(root):
    for name in files_of(root, MEASURED_FOLDERS, MEASURED):
        with open(root / name, encoding="utf-8") as file:
            yield sum(1 for _ in file), name


def long_functions(root):
    ctags = shutil.which("ctags")
    names = list(files_of(root, [*FLOORS, *sorted(BESIDE)], {".h", ".cc"}))
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


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--functions", action="store_true")
    args = parser.parse_args()
    if not any(files_of(args.root, FLOORS, CODE)):
        parser.error(f"no floors in {args.root}")

    faults = [*include_faults(args.root), *circle_faults(args.root), *guard_faults(args.root)]
    measured = sorted(lengths(args.root), reverse=True)
    faults += [f"{name}: {n} lines, the wall is {FAILED_LINES}" for n, name in measured
               if n > FAILED_LINES]
    listed = [(n, name) for n, name in measured if n > LISTED_LINES]
    print(f"{len(measured)} files measured; over {LISTED_LINES} lines: {len(listed)}")
    for n, name in listed:
        print(f"  {n:4} {name}")
    if args.functions:
        report_functions(args.root)
    for fault in faults:
        print(f"FAULT {fault}")
    print("the house stands" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
