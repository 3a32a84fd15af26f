#!/usr/bin/env python3
"""The control of scripts/check_house.py: each fault of a file, planted, must be found."""

import shutil
import unittest

from small_house import SmallHouse, header

class CheckHouseTest(SmallHouse):
    def add_room_for_texts(self):
        self.edit_table("| `crypto/`", "| `base/text/` | texts | |\n| `crypto/`")

    def test_a_sound_house_stands(self):
        self.write("server/a.cc", '#include "vault/vault.h"\n#include <grpcpp/grpcpp.h>\n')
        self.write("storage/rocks_a.cc", '#include "base/base.h"\n#include "rocksdb/db.h"\n')
        self.write("crypto/a.cc", '#include <openssl/evp.h>\n#include <sodium.h>\n')
        self.add_room_for_texts()
        self.write("base/text/yaml.cc", '#include "yaml-cpp/yaml.h"\n')
        self.assert_stands()

    def test_a_climbing_include_is_found(self):
        self.write("base/a.cc", '#include "vault/vault.h"\n')
        self.assert_fault('base/a.cc:1: "vault/vault.h" points up')

    def test_a_sideways_include_is_found(self):
        self.write("crypto/a.cc", '#include <vector>\n#include "storage/storage.h"\n')
        self.assert_fault('crypto/a.cc:2: "storage/storage.h" points sideways')
        self.write("crypto/a.cc", '')
        self.write("server/a.cc", '#include "cli/cli.h"\n')
        self.assert_fault('server/a.cc:1: "cli/cli.h" points sideways')

    def test_an_include_of_the_tests_is_found(self):
        self.write("tests/support/a.h", header("tests/support/a.h"))
        self.write("vault/a.cc", '#include "tests/support/a.h"\n')
        self.assert_fault("no floor may include tests/")

    def test_a_foreign_header_on_the_wrong_floor_is_found(self):
        for name, line in {
            "vault/a.cc": "#include <openssl/evp.h>",
            "storage/b.cc": '#include "sodium.h"',
            "vault/c.cc": '#include "rocksdb/db.h"',
            "vault/d.cc": '#include "lethe/v1/record.pb.h"',
            "base/e.cc": "#include <nlohmann/json.hpp>",
            "crypto/f.cc": "#include <grpcpp/grpcpp.h>",
            "vault/g.cc": "#include <spdlog/spdlog.h>",
            "cli/h.cc": "#include <yaml-cpp/yaml.h>",
            "base/text/yaml_map.cc": "#include <yaml-cpp/yaml.h>",
        }.items():
            with self.subTest(name):
                self.write(name, line + "\n")
                self.assert_fault(f"{name}:1: ")
                (self.root / name).unlink()

    def test_rocksdb_outside_its_files_is_found(self):
        self.write("storage/engine.cc", '#include "rocksdb/db.h"\n')
        self.assert_fault("storage/engine.cc:1: rocksdb/db.h may be included only in files")

    def test_yaml_outside_its_file_is_found(self):
        self.add_room_for_texts()
        self.write("base/text/yaml.cc", '#include <yaml-cpp/yaml.h>\n')
        self.assert_stands()
        self.write("base/a.cc", '#include <yaml-cpp/yaml.h>\n')
        self.assert_fault("base/a.cc:1: yaml-cpp/yaml.h may be included only in files ^base/text/yaml")

    def test_the_name_of_the_database_in_the_vault_is_found(self):
        self.write("storage/rocks_a.cc", "// RocksDB.\n")
        self.assert_stands()
        self.write("vault/rows/a.cc", "// Sealed before\n// RocksDB sees it.\n")
        self.assert_fault("vault/rows/a.cc:2: vault/ must not name RocksDB")

    def test_a_path_that_does_not_start_at_the_root_is_found(self):
        self.write("base/a.cc", '#include "../vault/vault.h"\n')
        self.assert_fault("must be written from the root")
        self.write("base/a.cc", '#include "base.h"\n')
        self.assert_fault('must be written "base/base.h"')

    def test_a_missing_header_is_found(self):
        self.write("base/a.cc", '#include "base/gone.h"\n')
        self.assert_fault('"base/gone.h" does not exist')

    def test_a_circle_is_found(self):
        self.write("base/a.h", header("base/a.h", '#include "base/b.h"'))
        self.write("base/b.h", header("base/b.h", '#include "base/a.h"'))
        self.assert_fault("includes go in a circle: base/a.h -> base/b.h -> base/a.h")

    def test_a_wrong_include_guard_is_found(self):
        self.write("base/a.h", header("base/b.h"))
        self.assert_fault("base/a.h: the include guard must be LETHE_BASE_A_H_")

    def test_lengths_are_listed_and_walled(self):
        self.write("base/a.cc", "\n" * 221)
        self.assertIn("221 base/a.cc", self.assert_stands())
        self.write("base/a.cc", "\n" * 401)
        self.assert_fault("base/a.cc: 401 lines, the wall is 400")

    @unittest.skipUnless(shutil.which("ctags"), "no ctags")
    def test_a_long_function_is_listed(self):
        self.write("base/a.cc", "int Long() {\n" + "  ;\n" * 60 + "  return 1;\n}\n")
        code, said = self.check("--functions")
        self.assertEqual(code, 0, said)
        self.assertIn("functions over 60 lines: 1\n    63 base/a.cc Long", said)

    def test_a_folder_without_floors_is_refused(self):
        shutil.rmtree(self.root)
        self.root.mkdir()
        code, said = self.check()
        self.assertEqual(code, 2, said)


if __name__ == "__main__":
    unittest.main()
