// Files of checkpoints, as a host writes and reads them.
// The format is that of deqc, so that either goes on where the other one stopped.
#include "deq/checkpoint.h"
#include "runtime/OutputFile.h"
#include "runtime/StateFile.h"
#include "runtime/Trace/ApiError.h"

#include "compiler/Compile.h"

#include <fmt/format.h>

namespace deq {

void save_checkpoint(const std::shared_ptr<const Checkpoint> &checkpoint, const std::string &path,
                     Place at) {
  auto fail = [&](std::string text) { throwError(ApiId::checkpoint_file, at, std::move(text)); };
  if (!checkpoint)
    fail("expected a checkpoint to save, got none; solves that are prepared with resumable = true "
         "leave one");
  if (path.empty())
    fail("expected the name of a file for the checkpoint, got none");
  OutputFile file(path);
  file.write(stateText(*checkpoint));
  if (!file.finish())
    fail(file.message());
}

std::shared_ptr<const Checkpoint> load_checkpoint(const std::string &path, Place at) {
  auto fail = [&](std::string text) { throwError(ApiId::checkpoint_file, at, std::move(text)); };
  std::string error;
  const std::optional<std::string> text = DiskFiles().read(path, error);
  if (!text)
    fail(std::move(error));
  std::optional<Checkpoint> checkpoint = parseState(*text, error);
  if (!checkpoint)
    fail(fmt::format("'{}' is no checkpoint: {}", path, error));
  return std::make_shared<const Checkpoint>(std::move(*checkpoint));
}

} // namespace deq
