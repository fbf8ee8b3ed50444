# An installation serves hosts: by CMake, by pkg-config, and after it was moved to another folder.
# Hosts are configured, built and run with next to no environment.
import os
import shutil
import unittest

import package


class Install(package.PackageTest):
    def test_an_installation_has_what_hosts_need(self):
        root = self.installation()
        for path in ("bin/deqc", "include/deq/deq.h", "include/deq/methods.def",
                     "share/doc/deq/LICENSE", "share/doc/deq/docs/api.md"):
            self.assertTrue((root / path).is_file(), path)
        library = package.LIBRARY.parent.name
        for pattern in ("libdeq.so", "libdeq.so.*", "libdeq-compiler.so.*", "cmake/deq/deqConfig.cmake",
                        "cmake/deq/deqConfigVersion.cmake", "pkgconfig/deq.pc"):
            self.assertTrue(self.files(root, f"lib*/**/{pattern}"), f"{library}: {pattern}")
        for word in ("LLVM", "fmt", "csv", str(self.folder)):
            for name in self.files(root, "lib*/**/*.cmake") + self.files(root, "lib*/**/*.pc"):
                self.assertNotIn(word, (root / name).read_text(), name)
        source = root / "share/doc/deq/examples/lorenz.deq"
        self.assertIn("t,x,y,z", package.run(root / "bin/deqc", "run", source, "--to", "1"))

    def test_hosts_find_build_and_run(self):
        root = self.installation()
        built = {"cmake": self.by_cmake(root), "pkg-config": self.by_pkg_config(root)}
        for way, host in built.items():
            with self.subTest(way):
                self.assertIn("holds: a traced field is solved", package.run(host))
        shutil.move(root, self.folder / "elsewhere")
        libraries = next((self.folder / "elsewhere").glob("lib*/**/libdeq.so")).parent
        relative = os.path.relpath(libraries, self.folder)
        for way, host in built.items():
            with self.subTest(f"{way}, moved after it was built"):
                self.assertIn("holds: a traced field is solved",
                              package.run(host, at=self.folder, LD_LIBRARY_PATH=relative))

    def by_cmake(self, root):
        build = self.folder / "by-cmake"
        package.run(package.CMAKE, "-S", package.HERE / "host", "-B", build, f"-DCMAKE_PREFIX_PATH={root}",
                    f"-DCMAKE_CXX_COMPILER={package.CXX}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror")
        package.run(package.CMAKE, "--build", build)
        return build / "host"

    def by_pkg_config(self, root):
        configuration = next(root.glob("lib*/**/deq.pc")).parent
        flags = package.run("pkg-config", "--cflags", "--libs", "deq",
                            PKG_CONFIG_PATH=str(configuration)).split()
        libraries = [flag[2:] for flag in flags if flag.startswith("-L")]
        host = self.folder / "by-pkg-config"
        package.run(package.CXX, "-std=c++20", package.HERE / "host/host.cpp", "-o", host, *flags, "-pthread",
                    *(f"-Wl,-rpath,{path}" for path in libraries))
        return host


if __name__ == "__main__":
    if package.SANITIZED:
        package.skip("a host would have to be instrumented like the libraries")
    unittest.main()
