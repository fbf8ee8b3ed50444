// Files of checkpoints: they keep every bit, and are no checkpoints if they are something else.
#include "KickedPendulum.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace {

/// The text of the first message, which has to be at a place of this file.
template <class F> std::string errorOf(F f) {
  try {
    f();
  } catch (const deq::Error &error) {
    const deq::Diagnostic &first = error.diagnostics().front();
    EXPECT_NE(first.location.file.find("CheckpointFileTest.cpp"), std::string::npos)
        << error.what();
    EXPECT_GT(first.location.line, 0);
    return first.text;
  }
  ADD_FAILURE() << "expected an Error, got none";
  return "";
}

/// A name of a file that goes with the test.
class Files : public testing::Test {
protected:
  Files() {
    path = std::filesystem::temp_directory_path() /
           ("deq-resume-" + std::to_string(::getpid()) + ".json");
  }
  ~Files() override { std::filesystem::remove(path); }
  std::string path;
};

TEST_F(Files, keepEveryBit) {
  deq::Engine engine;
  for (const char *dtype : {"f64", "f32"}) {
    const auto solve = engine.prepare(kicked(), {.dtype = dtype, .resumable = true});
    const deq::Solution first = solve(whole(1));
    deq::save_checkpoint(first.checkpoint, path);
    const auto loaded = deq::load_checkpoint(path);
    EXPECT_EQ(loaded->solve, "kicked");
    EXPECT_EQ(loaded->t, 1);
    EXPECT_EQ(loaded->y, first.y);
    EXPECT_EQ(loaded->workspace, first.checkpoint->workspace);
    const deq::Solution a = solve(rest(loaded, 2)), b = solve(rest(first.checkpoint, 2));
    EXPECT_EQ(a.restart_reason, "");
    EXPECT_EQ(a.y, b.y);
  }
  deq::Stepper stepper = engine.prepare(kicked(), {.resumable = true}).stepper(whole(1));
  stepper.step();
  deq::save_checkpoint(stepper.checkpoint(), path);
  EXPECT_EQ(deq::load_checkpoint(path)->status, deq::Status::interrupted);
}

// deqc and a host go on from each other's files: the same solve has the same identity in both.
TEST_F(Files, areThoseOfDeqc) {
  const std::string source = path + ".deq", text = R"(
field pendulum(t; angle, speed; g = 9.81) {
  angle' = speed
  speed' = -g*sin(angle) - 0.1*speed
}
solve pendulum {
  span 0 to 3
  init angle = 1, speed = 0
}
)";
  std::ofstream(source) << text;
  auto deqc = [&](const std::string &options) {
    const std::string command = DEQC " run " + source + " --quiet -o " + path + ".csv " + options;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  };
  deq::Engine engine;
  const auto solve = engine.prepare(deq::load_file(source), {.step_at = {1}, .resumable = true});
  const deq::Solution whole = solve();
  deqc("--to 1 --save-state " + path);
  const deq::Solution rest = solve({.from = deq::load_checkpoint(path)});
  EXPECT_EQ(rest.restart_reason, "");
  EXPECT_EQ(rest.y, whole.y);
  EXPECT_EQ(rest.stats.evaluations, whole.stats.evaluations);
  const std::string other = path + ".state";
  deq::save_checkpoint(solve({.t1 = 1}).checkpoint, path);
  deqc("--resume " + path + " --save-state " + other);
  EXPECT_EQ(deq::load_checkpoint(other)->y, whole.checkpoint->y);
  EXPECT_EQ(deq::load_checkpoint(other)->dt, whole.checkpoint->dt);
  for (const std::string &file : {source, path + ".csv", other})
    std::filesystem::remove(file);
}

TEST_F(Files, mistakesAreErrors) {
  EXPECT_EQ(errorOf([&] { deq::save_checkpoint(nullptr, path); }).substr(0, 41),
            "expected a checkpoint to save, got none; ");
  EXPECT_NE(errorOf([&] { deq::load_checkpoint(path); }).find(path), std::string::npos);
  std::ofstream(path) << "{\"deq_state\": 1}\n";
  EXPECT_EQ(errorOf([&] { deq::load_checkpoint(path); }),
            "'" + path + "' is no checkpoint: 'solve': expected a member of that name");
  deq::Engine engine;
  const auto from = engine.prepare(kicked(), {.resumable = true})(whole(1)).checkpoint;
  EXPECT_NE(errorOf([&] {
              deq::save_checkpoint(from, "/no/such/folder/x.json");
            }).find("cannot write '/no/such/folder/x.json': No such file"),
            std::string::npos);
  EXPECT_NE(errorOf([&] { deq::save_checkpoint(from, ""); }), "");
}

} // namespace
