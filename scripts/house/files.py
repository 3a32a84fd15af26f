"""The files of the house and what they include."""

import re

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def files_of(root, folders, suffixes=None):
    """Names from the root, sorted within each folder; of every kind if no suffixes are given."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            wanted = suffixes is None or path.suffix in suffixes
            if wanted and "node_modules" not in path.parts and path.is_file():
                yield path.relative_to(root).as_posix()


def text_of(root, name):
    return (root / name).read_text(encoding="utf-8", errors="replace")


def line_of(text, match, group=0):
    return text.count("\n", 0, match.start(group)) + 1


def includes_of(root, name):
    """(line, whether quoted, header) of each include."""
    text = text_of(root, name)
    for match in INCLUDE.finditer(text):
        yield line_of(text, match, 2), match.group(1) == '"', match.group(2)
