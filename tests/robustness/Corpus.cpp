// Reads the corpus from the source tree.
// Sorted by name, so that a seed means the same texts on every machine.
#include "Corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace deq::test {

std::string readFile(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

namespace {

std::vector<std::string> blocks(const std::string &page) {
  std::vector<std::string> result;
  std::istringstream lines(page);
  std::string line;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (line.rfind("```", 0) == 0) {
      inside = !inside && line == "```deq"; // not one that shows an error
      if (inside)
        result.emplace_back();
    } else if (inside) {
      result.back() += line + "\n";
    }
  }
  return result;
}

} // namespace

std::vector<std::string> corpus() {
  std::vector<std::string> files;
  for (const auto &entry : std::filesystem::directory_iterator(DEQ_SOURCE "/examples"))
    if (entry.path().extension() == ".deq")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> result;
  for (const std::string &file : files)
    result.push_back(readFile(file));
  for (std::string &block : blocks(readFile(DEQ_SOURCE "/docs/language.md")))
    result.push_back(std::move(block));
  return result;
}

} // namespace deq::test
