"""Wrote chapter_v1.tar.gz, with program 0.1: the data folder and root key of a
chapter of invented people, and what its store holds. Kept to say how it came
about; a later format has a fixture and a maker of its own.

  make_chapter_v1.py FILE    with the programs' places in the environment, as
                             the tests of tests/e2e have them
"""

import pathlib
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))

# pylint: disable=wrong-import-position
from chapter import Chapter, sample_roster  # noqa: E402


def fill(chapter):
    """One of everything that a folder keeps."""
    admin = chapter.admin
    admin.ask("roster", "push",
              str(sample_roster(chapter.folder / "roster.csv", 6)))
    cora = chapter.enrol("Cora Coordinator")
    chapter.grant(cora, "--scope", "region=East Bay",
                  classes=("basic", "contact"))
    chapter.invite("Nobody Yet", "auditor")
    for member in cora.find("--where", "region=East Bay"):
        cora.ask("show", member, "--reveal")
    [edited] = admin.find("member1@example.org")
    admin.ask("member", "edit", edited, "notes=Brings coffee", "preferred_name=M")
    [erased] = admin.find("member6@example.org")
    admin.ask("member", "erase", erased, "--yes")


def write(chapter, path):
    (chapter.folder / "values").write_bytes(chapter.opened_copy())
    with tarfile.open(path, "w:gz") as tar:
        tar.add(chapter.data, "data",
                filter=lambda one: None if one.name.endswith(".sock") else one)
        for name in ("root.key", "values"):
            tar.add(chapter.folder / name, name)


def main():
    with Chapter() as chapter:
        chapter.start()
        fill(chapter)
        assert chapter.stop() == 0
        write(chapter, sys.argv[1])


main()
