// A host program that uses another LLVM before deq loads its own, and after.
// Its symbols are global, as if the program was linked with that library.
#include <deq/deq.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>

namespace {

/// Some of LLVM's C interface, of the library that is given.
struct Llvm {
  explicit Llvm(void *library) : library(library) {}
  template <class Function> Function *find(const char *name) const {
    return reinterpret_cast<Function *>(dlsym(library, name));
  }
  /// Makes a module in a context and prints it.
  bool works() const {
    auto context_create = find<void *()>("LLVMContextCreate");
    auto module_create = find<void *(const char *, void *)>("LLVMModuleCreateWithNameInContext");
    auto print = find<char *(void *)>("LLVMPrintModuleToString");
    if (!context_create || !module_create || !print)
      return false;
    return std::strstr(print(module_create("of_the_host", context_create())), "of_the_host");
  }
  void *library;
};

bool solves() {
  const deq::Field field = deq::load_string("field decay(t; y) { y' = -y }\n"
                                            "solve decay { span 0 to 1\n init y = 1 }");
  deq::Engine engine;
  const deq::Solution s = engine.prepare(field)();
  return s.ok() && std::abs(s.y.back() - std::exp(-1)) < 1e-5;
}

} // namespace

int main(int, char **argv) {
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
  if (!library)
    return std::printf("absent: %s\n", dlerror()), 77;
  const Llvm llvm(library);
  if (!llvm.works() || !solves() || !llvm.works())
    return 1;
  std::printf("both work\n");
}
