// The child writes its verdict through a pipe as lines; no line, no verdict.
// Memory is the highest resident size minus the one right after the fork, since the child inherits
// the text and the libraries of its parent.
#include "Child.h"

#include <cmath>
#include <csignal>
#include <cstring>
#include <fstream>
#include <malloc.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deq::test {

namespace {

/// A field of /proc/self/status in kilobytes.
double statusField(const char *name) {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line))
    if (line.rfind(name, 0) == 0)
      return std::strtod(line.c_str() + std::strlen(name) + 1, nullptr);
  return 0;
}

std::string childsAnswer(const std::string &text, bool import) {
  double before = statusField("VmRSS");
  Verdict verdict = judge(text);
  if (import && verdict.complaint.empty())
    verdict.complaint = judgeImport(text);
  std::ostringstream answer;
  answer << verdict.checked << ' ' << verdict.loaded << ' ' << verdict.nodes << ' '
         << verdict.seconds << ' ' << (statusField("VmHWM") - before) / 1024 << '\n'
         << verdict.complaint << '\n'
         << verdict.text << '\n';
  return answer.str();
}

std::string describe(int status) {
  if (WIFSIGNALED(status))
    return WTERMSIG(status) == SIGXCPU ? "out of time"
                                       : std::string("killed by ") + strsignal(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "exit status " + std::to_string(WEXITSTATUS(status));
}

} // namespace

Cost judgeInChild(const std::string &text, double seconds, bool import) {
  Cost cost;
  malloc_trim(0); // what the parent has freed would be memory that the child need not ask for
  int ends[2];
  if (pipe(ends) != 0) {
    cost.failure = "no pipe";
    return cost;
  }
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    auto limit = static_cast<rlim_t>(std::ceil(seconds));
    rlimit time{limit, limit + 1};
    setrlimit(RLIMIT_CPU, &time);
    std::string answer = childsAnswer(text, import);
    for (std::size_t sent = 0; sent < answer.size();) {
      ssize_t count = write(ends[1], answer.data() + sent, answer.size() - sent);
      if (count <= 0)
        _exit(3);
      sent += static_cast<std::size_t>(count);
    }
    _exit(0);
  }
  close(ends[1]);
  std::string answer;
  char block[4096];
  for (ssize_t count; (count = read(ends[0], block, sizeof block)) > 0;)
    answer.append(block, static_cast<std::size_t>(count));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  cost.failure = child < 0 ? "no process" : describe(status);
  std::istringstream lines(answer);
  lines >> cost.verdict.checked >> cost.verdict.loaded >> cost.verdict.nodes >>
      cost.verdict.seconds >> cost.megabytes;
  lines.ignore(1);
  std::getline(lines, cost.verdict.complaint);
  std::getline(lines, cost.verdict.text);
  return cost;
}

} // namespace deq::test
