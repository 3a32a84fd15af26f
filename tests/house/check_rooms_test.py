#!/usr/bin/env python3
"""The control of scripts/check_house.py: each fault of rooms and their table must be found."""

import unittest

from small_house import SmallHouse

FIGURES = """\
rooms: 10
edges: 4
two-way pairs: 0
cycles: 0
floors inside vault/: 3
fullest room: vault/records/ with 4 files
"""


class CheckRoomsTest(SmallHouse):
    def write_doors(self, *doors):
        """Each door is a room and the room that it includes."""
        for number, (room, other) in enumerate(doors):
            name = f"{other}/{other.rpartition('/')[2]}.h"
            self.write(f"{room}/door{number}.cc", f'\n#include "{name}"\n')

    def test_a_sound_house_stands_and_has_figures(self):
        self.write_doors(("vault/records", "vault/rows"), ("vault/rows", "vault/model"),
                         ("vault/records", "vault/model"), ("server", "vault"))
        self.assertIn(FIGURES, self.assert_stands())

    def test_the_fullest_room_counts_all_but_its_build_file(self):
        for name in ("CMakeLists.txt", "a.md", "b.md", "c.md"):
            self.write(f"cli/{name}", "")
        self.assertIn("fullest room: cli/ with 5 files", self.assert_stands())

    def test_an_unused_permission_is_listed(self):
        self.write_doors(("vault/records", "base"), ("server", "vault/records"))
        said = self.assert_stands()
        self.assertIn("unused permission: crypto may include base (docs/architecture.md:7)", said)
        self.assertIn("unused permission: vault/* may include vault/model", said)
        self.assertNotIn("vault/* may include base", said)
        self.assertNotIn("server may include vault/*", said)

    def test_what_an_all_row_names_is_the_ground_of_the_others(self):
        self.write_doors(("vault/model", "vault/rows"))
        self.assert_fault('vault/model/door0.cc:2: "vault/rows/rows.h": docs/architecture.md does '
                          "not let vault/model/ include vault/rows/")

    def test_a_two_way_pair_is_found(self):
        self.write_doors(("vault/model", "vault/rows"), ("vault/rows", "vault/model"))
        self.assert_fault("vault/model/ and vault/rows/ include each other: "
                          "vault/model/door0.cc:2 and vault/rows/door1.cc:2")

    def test_a_cycle_of_three_rooms_is_found(self):
        self.write_doors(("vault/model", "vault/rows"), ("vault/rows", "vault/records"),
                         ("vault/records", "vault/model"))
        self.assert_fault("3 rooms in a circle: vault/model, vault/records, vault/rows; one way "
                          "round: vault/model -> vault/rows -> vault/records -> vault/model")
        self.assertIn("cycles: 1, the largest of 3 rooms", self.check()[1])

    def test_an_include_that_the_table_does_not_allow_is_found(self):
        self.write_doors(("vault/records", "vault/holders/pkcs11"))
        self.assert_stands()
        self.write_doors(("cli", "vault"))
        self.assert_fault('cli/door0.cc:2: "vault/vault.h": docs/architecture.md does not let '
                          "cli/ include vault/")

    def test_a_permission_does_not_lead_on_to_another(self):
        self.write_doors(("vault/records", "vault/holders/pkcs11"),
                         ("vault/holders/pkcs11", "crypto"))
        self.assert_stands()
        self.write_doors(("vault/records", "crypto"))
        self.assert_fault("vault/records/door0.cc:2: ")

    def test_a_31st_file_is_found(self):
        for number in range(28):
            self.write(f"vault/rows/{number}.md", "")
        self.write("vault/rows/CMakeLists.txt", "")
        self.assert_stands()
        self.write("vault/rows/29.md", "")
        self.assert_fault("vault/rows/: 31 files, a room holds at most 30")

    def test_a_room_without_a_row_is_found(self):
        self.write("vault/holders/file.cc", "")
        self.assert_fault("docs/architecture.md: `vault/holders/` has no row")

    def test_a_row_without_a_folder_is_found(self):
        self.edit_table("| `cli/` |", "| `cli/import/` | | |\n| `cli/` |")
        self.assert_fault("docs/architecture.md:16: `cli/import/` is no folder with code")

    def test_a_folder_without_code_is_no_room(self):
        self.write("cli/notes/CMakeLists.txt", "")
        self.assert_stands()
        self.edit_table("| `cli/` |", "| `cli/notes/` | | |\n| `cli/` |")
        self.assert_fault("docs/architecture.md:16: `cli/notes/` is no folder with code")

    def test_a_permission_without_a_row_is_found(self):
        self.edit_table("`holders/pkcs11` |", "`holders/kms` |")
        self.assert_fault("docs/architecture.md:14: `vault/holders/kms` has no row")

    def test_a_table_that_goes_in_a_circle_is_found(self):
        self.edit_table("| `vault/model/` | words | |", "| `vault/model/` | words | `rows` |")
        self.assert_fault("docs/architecture.md: the table goes in a circle: "
                          "vault/model -> vault/rows -> vault/model")

    def test_a_row_that_cannot_be_read_is_found(self):
        for row in ("| `cli` | main | `base` |", "| `cli/` | main | base |", "| `cli/` | `base` |",
                    "| `cli/` | main | `base`, `crypto` |"):
            with self.subTest(row):
                self.edit_table("| `cli/` | main | `base` |", row)
                self.assert_fault("docs/architecture.md:16: not a row like")

    def test_a_second_row_of_a_room_is_found(self):
        self.edit_table("| `cli/` |", "| `server/` |")
        self.assert_fault("docs/architecture.md:16: `server/` has a row already")

    def test_a_house_without_a_table_is_found(self):
        self.edit_table("| room | about | may include |", "")
        self.assert_fault("docs/architecture.md: the table of rooms must begin")
        self.edit_table("<!-- end of rooms -->", "")
        self.assert_fault("docs/architecture.md: no table of rooms")
        (self.root / "docs/architecture.md").unlink()
        self.assert_fault("docs/architecture.md: no table of rooms")

    def test_a_folder_of_tests_without_a_room_is_found(self):
        for folder in ("vault/rows", "vault/holders/pkcs11", "vault/whole", "vault/whole/deep"):
            self.write(f"tests/{folder}/a_test.cc", "")
        self.write("tests/cli/a_test.cc", "")
        self.assert_stands()
        self.write("tests/cli/rows/a_test.cc", "")
        self.assert_fault("tests/cli/rows/ mirrors no room: there is no cli/rows/ with code")


if __name__ == "__main__":
    unittest.main()
