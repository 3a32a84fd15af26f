"""A house of ten rooms with its table, sound until a test plants a fault in it."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parents[2] / "scripts" / "check_house.py"
TABLE = """\
# Architecture

<!-- rooms: read by scripts/check_house.py -->
| room | about | may include |
|---|---|---|
| `base/` | bytes | |
| `crypto/` | ciphers | `base` |
| `storage/` | an ordered map | `base` |
| `vault/*` | what every room of the vault may | `base` `storage` `model` `rows` |
| `vault/` | the facade | |
| `vault/model/` | words | |
| `vault/rows/` | keys and bytes of rows | `model` |
| `vault/holders/pkcs11/` | the token | `crypto` |
| `vault/records/` | sealing and opening | `holders/pkcs11` |
| `server/` | main | `base` `vault/*` |
| `cli/` | main | `base` |
<!-- end of rooms -->

| room | about | may include |
|---|---|---|
| another table | is not read | |
"""
ROOMS = ["base", "crypto", "storage", "vault", "vault/model", "vault/rows",
         "vault/holders/pkcs11", "vault/records", "server", "cli"]


def header(name, body=""):
    guard = "LETHE_" + name.replace("/", "_").replace(".", "_").upper() + "_"
    return f"#ifndef {guard}\n#define {guard}\n{body}\n#endif\n"


class SmallHouse(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.write("docs/architecture.md", TABLE)
        for room in ROOMS:
            name = f"{room}/{room.rpartition('/')[2]}"
            self.write(f"{name}.h", header(f"{name}.h"))
            self.write(f"{name}.cc", f'#include "{name}.h"\n#include <vector>\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit_table(self, old, new):
        self.assertIn(old, TABLE)
        self.write("docs/architecture.md", TABLE.replace(old, new))

    def check(self, *flags):
        run = subprocess.run(
            [sys.executable, str(CHECK), "--root", str(self.root), *flags],
            capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr

    def assert_stands(self):
        code, said = self.check()
        self.assertEqual(code, 0, said)
        return said

    def assert_fault(self, text):
        code, said = self.check()
        self.assertEqual(code, 1, said)
        faults = [line for line in said.splitlines() if line.startswith("FAULT ")]
        self.assertTrue(any(text in fault for fault in faults), f"no fault says {text}:\n{said}")
