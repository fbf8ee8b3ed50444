// The methods that a solve can name: those of deq and those that its file defines or imports.
#pragma once

#include "../Methods/Tableau.h"
#include "Ast.h"

#include <map>

namespace deq {

class MethodTable {
public:
  /// Reports every error of the blocks, at the entry that shows it.
  MethodTable(const std::vector<const MethodSyntax *> &blocks, Diagnostics &diagnostics);

  /// nullptr if there is none of that name. A block with errors, which are reported, counts as some
  /// method: a solve is not to blame for naming it.
  const Tableau *find(const std::string &name) const;
  std::vector<std::string> names() const;

private:
  std::map<std::string, Tableau> own;
};

} // namespace deq
