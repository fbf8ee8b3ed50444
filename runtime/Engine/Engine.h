// The engine behind its handle, and a prepared solve behind its own.
#pragma once

#include "CallValues.h"
#include "runtime/Cache/Programs.h"
#include "runtime/Trace/FieldSource.h"

#include <map>
#include <mutex>

namespace deq {

/// What of a preparation is not the field's.
struct Preparation {
  Tier tier = Tier::full;
  double budget = CompileOptions().budget; ///< milliseconds
  std::int64_t maxCompiles = 0;
};

class Engine::State {
public:
  explicit State(const EngineSettings &settings);

  /// The solve of a field: found or compiled.
  Ready ready(const Field &field, const FieldRequest &request, const Preparation &preparation);
  void onCompile(std::function<void(const CompileReport &)> function);
  Programs programs;

private:
  void report(const CompileReport &report) const;

  const bool interpret, logsLines, logsJson;
  mutable std::mutex mutex; ///< of `listener`
  std::function<void(const CompileReport &)> listener;
};

class Prepared::State {
public:
  State(std::shared_ptr<Engine::State> engine, const Field &field, Options options,
        const Location &site);

  /// For the shapes of this call.
  std::shared_ptr<const Ready> ready(const Call &call) const;
  /// Null while shapes are open.
  std::shared_ptr<const Ready> fixed;
  const Field field;
  OpenLeaves open;

private:
  std::shared_ptr<Engine::State> engine;
  FieldRequest request;
  Preparation preparation;
  mutable std::mutex mutex;
  mutable std::map<std::map<std::string, Shape>, std::shared_ptr<const Ready>> byShapes;
};

} // namespace deq
