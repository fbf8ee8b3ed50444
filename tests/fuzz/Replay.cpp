// Runs the fuzzer's entry over files and folders of files, without a fuzzer.
// So the target is compiled with the tests, and what a fuzzer once found stays found.
#include "../robustness/Corpus.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

static void run(const std::string &text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(text.data()), text.size());
}

static std::vector<std::filesystem::path> filesOf(const std::filesystem::path &path) {
  if (!std::filesystem::is_directory(path))
    return {path};
  std::vector<std::filesystem::path> files;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(path))
    if (entry.is_regular_file())
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// The corpus and the files of the arguments. `--write FOLDER` writes the corpus there instead.
int main(int count, char **arguments) {
  std::vector<std::string> texts = deq::test::corpus();
  if (count == 3 && std::string(arguments[1]) == "--write") {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::filesystem::path file = std::filesystem::path(arguments[2]) / std::to_string(i);
      std::FILE *stream = std::fopen(file.c_str(), "wb");
      if (!stream || std::fwrite(texts[i].data(), 1, texts[i].size(), stream) != texts[i].size() ||
          std::fclose(stream) != 0)
        return 1;
    }
    return 0;
  }
  for (int i = 1; i < count; ++i)
    for (const std::filesystem::path &file : filesOf(arguments[i])) {
      std::printf("%s\n", file.c_str());
      std::fflush(stdout);
      texts.push_back(deq::test::readFile(file));
      run(texts.back());
    }
  for (const std::string &text : texts)
    for (std::size_t length : {text.size(), text.size() / 2, text.size() / 3})
      run(text.substr(0, length));
  std::printf("%zu texts\n", texts.size());
  return texts.size() < 16;
}
