// Programs that are generated in parts: whatever the parts share, and however many threads there
// are, the program is the one that comes in one piece.
#include "Compiled.h"

#include <atomic>
#include <cerrno>
#include <dlfcn.h>
#include <pthread.h>
#include <thread>

namespace {

std::atomic<bool> refuseThreads = false;
std::atomic<int> threadsAsked = 0;

} // namespace

// In place of the system's, for all of this program.
extern "C" int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                              void *(*body)(void *), void *argument) {
  using Create = decltype(pthread_create);
  static auto *const create = reinterpret_cast<Create *>(dlsym(RTLD_NEXT, "pthread_create"));
  ++threadsAsked;
  return refuseThreads ? EAGAIN : create(thread, attributes, body, argument);
}

namespace {

using namespace deq;
using namespace deq::test;

Artifact compiled(const Source &source, const Overrides &overrides = {}) {
  Diagnostics diagnostics;
  auto artifact = compile(source, overrides, {}, diagnostics);
  if (!artifact)
    throw std::runtime_error("does not compile: " + source.file);
  return std::move(*artifact);
}

struct Shape {
  const char *name, *example, *stages; ///< name: what start and kernel share
};
void PrintTo(const Shape &shape, std::ostream *out) { *out << shape.name; }
const Shape shapes[] = {{"Nothing", "lorenz", "unroll"},
                        {"Functions", "lorenz", "outline"},
                        {"Tables", "pleiades", "scan"},
                        {"Imports", "hodgkin_huxley", "unroll"},
                        {"Many", "brusselator", "outline"}};

class Parts : public testing::TestWithParam<Shape> {
protected:
  const Source source{"e.deq", example(GetParam().example)};
  Overrides overrides;
  void SetUp() override { overrides.stages = GetParam().stages; }
};

TEST_P(Parts, AreTheObjectInOnePiece) {
  const Artifact parts = compiled(source, overrides);
  Diagnostics diagnostics;
  auto object = emit(source, overrides, "obj", {}, diagnostics);
  ASSERT_TRUE(object);
  const Artifact whole = compiled({"e.o", object->bytes});
  const Compiled a{parts.signature, parts.values, parts.program};
  const Compiled b{whole.signature, whole.values, whole.program};
  EXPECT_TRUE(same(a.run(), b.run()));
}

TEST_P(Parts, NeedNoThread) {
  threadsAsked = 0;
  const Artifact beside = compiled(source, overrides);
  if (std::thread::hardware_concurrency() > 1)
    EXPECT_EQ(threadsAsked, 1);
  refuseThreads = true;
  const Artifact behind = compiled(source, overrides);
  refuseThreads = false;
  EXPECT_EQ(*beside.image, *behind.image);
  ASSERT_EQ(beside.report.functions.size(), behind.report.functions.size());
  for (std::size_t i = 0; i < beside.report.functions.size(); ++i)
    EXPECT_EQ(beside.report.functions[i].name, behind.report.functions[i].name);
}

TEST(Image, IsTheSameEachTimeHoweverManyFunctionsItCalls) {
  const Source source{"e.deq",
                      "field f(t; x) {\n  x' = sin(x) + cos(t) + exp(-x) + tanh(x) + log(2 + t)"
                      " + asin(t) + erf(x) + cosh(t)\n}\nsolve f { span 0 to 1\n init x = 1 }\n"};
  const Artifact first = compiled(source);
  EXPECT_EQ(first.image->imports.size(), 8u);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(*first.image, *compiled(source).image);
}

INSTANTIATE_TEST_SUITE_P(Shared, Parts, testing::ValuesIn(shapes),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
