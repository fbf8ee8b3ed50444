# What the two libraries export and what they need.
# A symbol that slips out can be taken by a host's own library of that name, or take its place.
import re
import subprocess
import sys
import unittest

import package

sys.path.insert(0, str(package.HERE.parent / "style"))
import tree  # noqa: E402


def exported(library):
    """Demangled names of defined global symbols, without the names of versions."""
    listed = subprocess.run(["nm", "-D", "-C", "--defined-only", str(library)], check=True,
                            capture_output=True, text=True).stdout
    for line in listed.splitlines():
        kind, name = line[17:].split(" ", 1)
        if kind.isupper() and kind != "A" or kind in "uvw":  # A: a version's name
            yield re.sub(r"@.*$", "", name)


def needed(binary):
    listed = subprocess.run(["readelf", "-d", str(binary)], check=True, capture_output=True,
                            text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", listed), re.findall(r"\(SONAME\).*\[(.*)\]", listed)


def public_names():
    """Words of the public headers, but for classes that they only declare."""
    text = "\n".join(re.sub(r"//.*", "", tree.text(name)) for name in tree.files("include"))
    declared = set(re.findall(r"class (?:\[\[.*?\]\] )?(\w+);", text))
    defined = set(re.findall(r"(?:class|struct) (\w+)(?: [:{]|$)", text, flags=re.M))
    return set(re.findall(r"\w+", text)) - (declared - defined)


def scope(name):
    """deq::Array::size(..) -> [deq, Array, size]; the operators of a class are of the class."""
    name = re.sub(r"^(typeinfo name|typeinfo|vtable) for ", "", name)
    name = re.sub(r"::operator.*", "", name)
    return [re.sub(r"[<\[~].*", "", part.lstrip("~")) for part in name.split("(")[0].split("::")]


class Exports(unittest.TestCase):
    def test_the_library_exports_its_public_headers_alone(self):
        public = public_names()
        names = list(exported(package.LIBRARY))
        strangers = [name for name in names
                     if scope(name)[0] != "deq" or not set(scope(name)) <= public]
        self.assertEqual(strangers, [])
        for wanted in ("deq::Engine::clear()", "typeinfo for deq::Error", "vtable for deq::Error"):
            self.assertIn(wanted, names)

    def test_the_compiler_exports_one_function(self):
        self.assertEqual(list(exported(package.COMPILER)), ["deq_compiler_entry"])

    def test_what_a_host_links_needs_no_llvm(self):
        for binary in (package.LIBRARY, package.DEQC):
            libraries, _ = needed(binary)
            self.assertEqual([name for name in libraries if "LLVM" in name or "deq" in name], [])

    def test_names_of_the_libraries_have_the_major_version(self):
        self.assertRegex(needed(package.LIBRARY)[1][0], r"^libdeq\.so\.\d+$")
        self.assertRegex(needed(package.COMPILER)[1][0], r"^libdeq-compiler\.so\.\d+$")


if __name__ == "__main__":
    unittest.main()
