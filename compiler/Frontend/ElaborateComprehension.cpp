// Comprehensions become regions, their variables names.
// Elements and bounds are checked by IndexOperations.
#include "Elaborator.h"

namespace deq {

NodeId Elaborator::elaborateGenerator(const Expr &expression, Scope &scope) {
  auto lower = elaborateStatic(*expression.parts[1], scope);
  auto upper = elaborateStatic(*expression.parts[2], scope);
  if (!lower || !upper)
    return noNode;
  int region =
      openGenerator(*lower, *upper, expression.name, expression.parts[1]->at, expression.at);
  if (region < 0)
    return noNode;
  bool good = elaborateBody(expression, region, scope);
  return closeGenerator(expression.form == Form::sum ? Op::sumOver : Op::generate, region, good,
                        expression.at);
}

bool Elaborator::elaborateBody(const Expr &expression, int region, Scope &scope) {
  Scope inner;
  inner.parent = &scope;
  Entity &variable = inner.names[expression.name];
  variable.kind = Entity::Kind::variable;
  variable.node = builder.indexVariable(region, expression.nameAt);
  bool good = true;
  if (expression.hasFilter()) {
    NodeId filter = elaborateFilter(*expression.parts[3], inner);
    if (filter != noNode && !checkWeight(filter, expression.parts[3]->at))
      filter = noNode;
    builder.region(region).filter = filter;
    good = filter != noNode;
  }
  NodeId result = elaborateNumber(*expression.parts[0], inner);
  builder.region(region).result = result;
  return good && result != noNode;
}

} // namespace deq
