// Loads the compiler's shared library when something is compiled for the first time.
// LLVM costs a process milliseconds before its first instruction; who asks for nothing that needs
// it, or finds it in a cache, does not pay.
//
// RTLD_LOCAL and no RTLD_DEEPBIND: the library's own symbols are hidden, LLVM's as well, so that
// another LLVM in the process is not in the way. Deep binding would take the C library's
// malloc in place of the host's, and objects made here would be freed by another allocator there.
#include "compiler/Compile.h"
#include "runtime/Trace/ApiError.h"

#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <link.h>

namespace deq {

namespace {

namespace fs = std::filesystem;

constexpr const char *libraryName = DEQ_COMPILER_NAME;

/// Where the library is: beside the one that this code is part of, or, if that is a program, where
/// an installation has it. If that cannot be found out, the name alone, which the system looks up.
fs::path findPlace() {
  Dl_info info;
  void *map = nullptr;
  if (!dladdr1(reinterpret_cast<const void *>(&findPlace), &info, &map, RTLD_DL_LINKMAP))
    return libraryName;
  // The dynamic linker knows a program by whatever name it was called, and gives none here.
  const std::string name = static_cast<const link_map *>(map)->l_name;
  std::error_code code;
  const fs::path self = fs::canonical(name.empty() ? "/proc/self/exe" : name, code);
  if (code)
    return libraryName;
  const fs::path folder = self.parent_path() / (name.empty() ? DEQ_LIBRARIES_FROM_PROGRAMS : "");
  return (folder / libraryName).lexically_normal();
}

/// Found when this code is loaded: its own name may be relative to where the process is then.
const fs::path standardPlace = findPlace();

/// The user's word goes before; not in a program that has more rights than its user.
fs::path place() {
  const char *given = secure_getenv("DEQ_COMPILER_LIBRARY");
  return given && *given ? fs::path(given) : standardPlace;
}

[[noreturn]] void fail(const std::string &text) {
  throwError(ApiId::compiler_library, Location(), text);
}

const Compiler &entryOf(void *handle, const std::string &path) {
  const auto entry = reinterpret_cast<CompilerEntry *>(dlsym(handle, "deq_compiler_entry"));
  if (!entry)
    fail(fmt::format("expected the compiler of deq, got another library: '{}'", path));
  const CompilerLibrary &library = *entry();
  const std::string_view expected = buildIdentity(), got = library.identity;
  if (expected != got)
    fail(fmt::format("expected the compiler of build {}, got that of build {}: '{}'", expected, got,
                     path));
  return *library.compiler;
}

const Compiler &load() {
  const std::string path = place();
  // Never closed: programs, and what a thread keeps for the next compile, are of its classes.
  if (void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL))
    return entryOf(handle, path);
  const char *reason = dlerror();
  fail(fmt::format("expected to find the compiler, '{}', and cannot load it: {}", path,
                   reason ? reason : "unknown reason"));
}

} // namespace

const Compiler &compiler(std::vector<Phase> &phases) {
  // One thread loads and others wait; after a failure the next call tries again.
  static const Compiler &loaded = [&]() -> const Compiler & {
    const auto start = std::chrono::steady_clock::now();
    const Compiler &result = load();
    const std::chrono::duration<double, std::milli> elapsed =
        std::chrono::steady_clock::now() - start;
    phases.push_back({"load", elapsed.count()});
    return result;
  }();
  return loaded;
}

} // namespace deq
