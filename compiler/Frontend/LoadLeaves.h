// Statics, initial values and arguments of one solve.
// They come first and together, because the shape of a value can decide a static and a static
// shapes other values.
#pragma once

#include "ReadValues.h"

namespace deq {

class LeafLoader {
public:
  /// `solve` is null when a field is checked by itself: what has no default then has no value.
  LeafLoader(const FieldSyntax &field, const FieldNames &names, const SolveSyntax *solve,
             const Overrides &overrides, Diagnostics &diagnostics);

  /// False if one is missing or in error; reported, unless there is no solve.
  bool loadStatics();
  const ValueScope &scope() const { return valueScope; }
  /// Initial values and arguments by the shapes of the graph.
  void loadLeaves(const FieldGraph &graph, Values &values);

private:
  struct Given {
    const Expr *expression = nullptr;
    std::string prefix;
    Position at;
    bool isDefault = false; ///< names are checked with the header
    bool evaluated = false;
    std::optional<Tensor> value;
  };
  void collectOverrides(const Overrides &overrides);
  void collectBlock();
  void collect(const std::vector<Binding> &bindings, bool init);
  bool checkTarget(const Name &name, bool init);
  bool usesUnknownStatics(const Expr &expression) const;
  bool stepStatics();
  bool valueFailed() const;
  bool inferStatic(const Declaration &leaf);
  Given *given(const Declaration &declaration);
  const std::optional<Tensor> &evaluate(Given &given);
  void loadLeaf(const Declaration &declaration, const Leaf &leaf, bool state,
                std::vector<double> &flat);

  const FieldSyntax &field;
  const FieldNames &names;
  const SolveSyntax *solve;
  Diagnostics &diagnostics;
  ValueScope valueScope;
  std::vector<ExprPtr> texts; ///< parsed overrides
  std::map<std::string, Given> values;
  std::set<std::string> failedStatics;
};

} // namespace deq
