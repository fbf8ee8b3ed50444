// The methods that a solve can name: those of deq and those that its file defines or imports.
#pragma once

#include "../Methods/Method.h"
#include "Ast.h"
#include "ReadValues.h"

#include <map>

namespace deq {

class MethodTable {
public:
  /// Reports every error of the blocks, at the entry that shows it. `unnamed` are those of solves
  /// and presets.
  MethodTable(const std::vector<const MethodSyntax *> &blocks,
              const std::vector<const MethodSyntax *> &unnamed, Diagnostics &diagnostics);

  /// The method of a solve's own block.
  Method find(const MethodSyntax &unnamed) const;
  /// A method by its name, or `half(NAME)`; reports what is wrong with it. A block with errors,
  /// which are reported, counts as some method: a solve is not to blame for naming it.
  std::optional<Method> find(const std::string &name, const Origin &origin,
                             Diagnostics &diagnostics) const;

private:
  std::optional<Method> plain(const std::string &name) const;
  std::vector<std::string> names() const;
  std::map<std::string, Tableau> own;
  std::map<const MethodSyntax *, Tableau> unnamedOnes;
};

} // namespace deq
