// Statics, initial values and arguments of one solve.
// They come first and together, because the shape of a value can decide a static and a static
// shapes other values.
#pragma once

#include "LoadTable.h"

namespace deq {

class LeafLoader {
public:
  /// `solve` is null when a field is checked by itself: what has no default then has no value.
  LeafLoader(const FieldSyntax &field, const FieldNames &names, const SolveSyntax *solve,
             const Overrides &overrides, DataFiles &files, Diagnostics &diagnostics,
             Budget &budget);

  /// False if one is missing or in error; reported, unless there is no solve.
  bool loadStatics();
  const ValueScope &scope() const { return valueScope; }
  /// Initial values and arguments, by the leaves of the signature. An argument that is given by a
  /// table takes the table's shape, and its times join those of `values.jump_at`.
  void loadLeaves(Signature &signature, Values &values);

private:
  struct Given {
    const Expr *expression = nullptr;
    std::string prefix;
    Position at;
    bool isDefault = false; ///< names are checked with the header
    bool evaluated = false;
    std::optional<Tensor> value;
  };
  void collectFile(const std::string &path);
  void collectOverrides(const Overrides &overrides);
  bool checkOverride(const std::string &name, const std::string &prefix);
  void collectBlock();
  void collect(const std::vector<Binding> &bindings, bool init);
  bool checkTarget(const Name &name, bool init);
  void findUnknownStatics(const Expr &expression, std::set<std::string> &unknown) const;
  void waitForStatics(const Expr *expression, int item);
  void settle(const std::string &name);
  void stepStatic(const Declaration &declaration);
  bool valueFailed() const;
  void inferStatics(const Declaration &leaf);
  const Declaration &declarationOf(int item) const;
  Given *given(const Declaration &declaration);
  const std::optional<Tensor> &evaluate(Given &given);
  bool isTableOf(const Given *given) const;
  void loadTableOf(const Declaration &declaration, Given &given, Argument &argument,
                   Values &result);
  void loadLeaf(const Declaration &declaration, const Leaf &leaf, bool state,
                std::vector<double> &flat);

  const FieldSyntax &field;
  const FieldNames &names;
  const SolveSyntax *solve;
  bool valuesLater; ///< a host gives those that are missing
  DataFiles &files;
  Diagnostics &diagnostics;
  ValueScope valueScope;
  std::vector<ExprPtr> texts; ///< parsed overrides
  std::map<std::string, Given> values;
  std::set<std::string> failedStatics;
  // Items are the leaves of the state and then the parameters, by number. One is ready when all
  // statics in its value are known.
  std::map<std::string, std::vector<int>> waiting; ///< by the static that is not known yet
  std::vector<int> missing;                        ///< per item, how many statics
  std::set<int> readyStatics, readyLeaves;
};

} // namespace deq
