// Comprehensions, sums and folds become regions, their variables names.
// Elements and bounds are checked by IndexOperations.
#include "Elaborator.h"

namespace deq {

int Elaborator::elaborateRange(const Expr &expression, Scope &scope) {
  auto lower = elaborateStatic(*expression.parts[1], scope);
  auto upper = elaborateStatic(*expression.parts[2], scope);
  if (!lower || !upper)
    return -1;
  return openGenerator(*lower, *upper, expression.name, expression.parts[1]->at, expression.at);
}

NodeId Elaborator::elaborateGenerator(const Expr &expression, Scope &scope) {
  int region = elaborateRange(expression, scope);
  if (region < 0)
    return noNode;
  Scope inner;
  inner.parent = &scope;
  bool good = elaborateBody(expression, region, inner);
  return closeGenerator(expression.form == Form::sum ? Op::sumOver : Op::generate, region, good,
                        expression.at);
}

NodeId Elaborator::elaborateFold(const Expr &expression, Scope &scope) {
  NodeId initial = elaborateNumber(expression.initial(), scope);
  int region = elaborateRange(expression, scope);
  if (region < 0)
    return noNode;
  Scope inner;
  inner.parent = &scope;
  bool good = initial != noNode;
  if (good) {
    Entity &value = inner.names[expression.labels[0].text];
    value.node = builder.carried(region, builder.shape(initial), expression.labels[0].at);
    good = elaborateBody(expression, region, inner);
  }
  return closeFold(initial, region, good, expression.parts[0]->at, expression.at);
}

bool Elaborator::elaborateBody(const Expr &expression, int region, Scope &inner) {
  Entity &variable = inner.names[expression.name];
  variable.kind = Entity::Kind::variable;
  variable.node = builder.indexVariable(region, expression.nameAt);
  bool good = true;
  if (expression.hasFilter()) {
    NodeId filter = elaborateFilter(expression.filter(), inner);
    if (filter != noNode && !checkWeight(filter, expression.filter().at))
      filter = noNode;
    builder.region(region).filter = filter;
    good = filter != noNode;
  }
  NodeId result = elaborateNumber(*expression.parts[0], inner);
  builder.region(region).result = result;
  return good && result != noNode;
}

} // namespace deq
