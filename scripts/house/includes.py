"""Faults of single files: what they include, what they are guarded by, what they name."""

import re
from pathlib import Path

from house.files import files_of, includes_of, line_of, text_of
from house.law import BESIDE, CODE, FLOORS, FOREIGN, WORDS


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
        if f"#ifndef {guard}\n#define {guard}\n" not in text_of(root, name):
            yield f"{name}: the include guard must be {guard}"


def word_faults(root):
    for pattern, floor in WORDS:
        for name in files_of(root, [floor]):
            text = text_of(root, name)
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield f"{name}:{line_of(text, match)}: {floor}/ must not name {match.group()}"
