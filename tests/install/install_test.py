"""The built tree installed, and the quickstart built from there and run.

ctest says in the environment where everything is.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from chapter import Chapter, sample_roster  # pylint: disable=C0413

BUILD = pathlib.Path(os.environ["BUILD_FOLDER"])
SOURCE = pathlib.Path(os.environ["SOURCE_FOLDER"])
CMAKE = os.environ["CMAKE"]
CXX = os.environ["CXX"]
STRICT = ("-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast "
          "-Werror")


def run(*command, code=0, **options):
    done = subprocess.run([str(word) for word in command], timeout=300,
                          capture_output=True, text=True, check=False,
                          **options)
    if done.returncode != code:
        raise AssertionError(f"{command} -> exit {done.returncode}, not {code}"
                             f"\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")
            if path.is_file()}


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sodality-install."))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # Moved once it is there: nothing may know where it was put.
        first = cls.folder / "first"
        run(CMAKE, "--install", BUILD, "--prefix", first)
        cls.prefix = first.rename(cls.folder / "prefix")
        cls.quickstart = cls.folder / "quickstart"
        copy = shutil.copytree(SOURCE / "examples" / "quickstart",
                               cls.folder / "source")
        run(CMAKE, "-S", copy, "-B", cls.quickstart, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={cls.prefix}", f"-DCMAKE_CXX_FLAGS={STRICT}")
        run(CMAKE, "--build", cls.quickstart)

    def test_no_file_knows_where_it_was_built_or_first_put(self):
        words = [str(folder).encode()
                 for folder in (BUILD, SOURCE, self.folder / "first")]
        for path in sorted(files(self.prefix)):
            content = (self.prefix / path).read_bytes()
            for word in words:
                self.assertNotIn(word, content, path)

    def test_each_header_compiles_as_the_first(self):
        include = self.prefix / "include"
        headers = sorted((include / "sodality").glob("*.h"))
        self.assertGreater(len(headers), 8)
        for header in headers:
            run(CXX, "-std=c++20", "-fsyntax-only", *STRICT.split(), "-I",
                include, "-x", "c++", "-", input=f"#include <{header}>\n")

    def test_public_headers_show_no_transport(self):
        for path in (self.prefix / "include").rglob("*.h"):
            text = path.read_text(encoding="utf-8")
            for word in ("grpcpp", "google/protobuf", ".pb.h", "client/include"):
                self.assertNotIn(f'include "{word}', text.replace("<", '"'),
                                 path)

    def test_components_share_no_file(self):
        installed = []
        for component in ("library", "programs"):
            stage = self.folder / component
            run(CMAKE, "--install", BUILD, "--component", component,
                "--prefix", "/usr", env={**os.environ, "DESTDIR": str(stage)})
            self.assertEqual([path.name for path in stage.iterdir()], ["usr"])
            installed.append(files(stage / "usr"))
        library, programs = installed
        self.assertIn("include/sodality/client.h", library)
        self.assertIn("share/sodality/proto/sodality/v1/directory.proto",
                      library)
        self.assertIn("bin/sodality", programs)
        self.assertIn("share/man/man8/sodalityd.8", programs)
        self.assertIn("share/bash-completion/completions/sodality", programs)
        self.assertEqual(library & programs, set())
        self.assertEqual(library | programs, files(self.prefix))

    def test_programs_link_one_sqlite(self):
        for program in ("sodality", "sodalityd"):
            linked = run("ldd", self.prefix / "bin" / program).stdout
            self.assertNotIn("libsqlite3", linked)
            self.assertNotIn("not found", linked)

    def test_another_minor_version_is_refused(self):
        project = self.folder / "newer"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\n"
            "project(newer LANGUAGES CXX)\n"
            "find_package(Sodality 0.99 CONFIG REQUIRED)\n", encoding="utf-8")
        done = run(CMAKE, "-G", "Ninja", "-S", project, "-B",
                   project / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                   code=1)
        self.assertIn("0.99", done.stderr)

    def test_quickstart_passes_its_test(self):
        run(self.quickstart / "find_people_test")

    def test_quickstart_finds_a_member(self):
        with Chapter() as chapter:
            chapter.start()
            roster = sample_roster(chapter.folder / "roster.csv")
            chapter.admin.ask("roster", "push", str(roster))
            cora = chapter.enrol("Cora Coordinator")
            chapter.grant(cora)
            # The profile names the address that it joined at.
            found = run(self.quickstart / "quickstart", cora.profile,
                        "velazquez")
            wanted = cora.find("velazquez")
            self.assertTrue(wanted)
            self.assertEqual({line.split()[0]
                              for line in found.stdout.splitlines()}, wanted)
            self.assertIn("family_name=Velázquez", found.stdout)
            self.assertNotIn("email=", found.stdout)

    def test_quickstart_says_that_it_is_not_enrolled(self):
        done = run(self.quickstart / "quickstart", self.folder / "none",
                   "maria", code=4)
        self.assertEqual(done.stdout, "")
        self.assertIn("quickstart: hint: enrol this device", done.stderr)


if __name__ == "__main__":
    unittest.main()
