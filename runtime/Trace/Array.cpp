// Operators of traced values: each becomes an operation of the current trace.
// What an operation checks, and in which words it fails, is the language's.
#include "Trace.h"

#include <fmt/format.h>

// GCC does not give a friend the visibility of the header that declares it.
#pragma GCC visibility push(default)
namespace deq {

using detail::IndexOperand;
using detail::Operand;
using detail::Subscript;

namespace {

Array arithmetic(Op op, const Operand &a, const Operand &b) {
  Trace &trace = Trace::current(a.at);
  const NodeId left = trace.node(a), right = trace.node(b);
  return Array(trace.handle(trace.operations().binary(op, left, right, trace.position(a.at))));
}

Condition comparison(Predicate predicate, const Operand &a, const Operand &b) {
  Trace &trace = Trace::current(a.at);
  const NodeId left = trace.node(a), right = trace.node(b);
  return {trace.handle(trace.operations().binary(Op::compare, left, right, trace.position(a.at),
                                                 Kind::boolean, std::int64_t(predicate))),
          a.at};
}

Condition comparison(Predicate predicate, const IndexOperand &a, const IndexOperand &b) {
  Trace &trace = Trace::current(a.at);
  const NodeId left = trace.node(a), right = trace.node(b);
  return {trace.handle(trace.operations().builder.elementwise(Op::compare, {left, right},
                                                              trace.position(a.at), Kind::boolean,
                                                              std::int64_t(predicate))),
          a.at};
}

Condition logical(Op op, const Condition &a, const Condition &b) {
  const Place at = a.place();
  Trace &trace = Trace::current(at);
  const NodeId left = trace.node(a.handle(), at), right = trace.node(b.handle(), b.place());
  return {
      trace.handle(trace.operations().binary(op, left, right, trace.position(at), Kind::boolean)),
      at};
}

Index indexArithmetic(Op op, const IndexOperand &a, const IndexOperand &b) {
  Trace &trace = Trace::current(a.at);
  const NodeId left = trace.node(a), right = trace.node(b);
  return Index(trace.handle(trace.operations().indexBinary(op, left, right, trace.position(a.at))));
}

Index indexQuotient(Op op, const IndexOperand &a, const IndexOperand &b) {
  Trace &trace = Trace::current(a.at);
  const NodeId left = trace.node(a), right = trace.node(b);
  return Index(trace.handle(
      trace.operations().indexDivide(op, left, right, trace.position(b.at), trace.position(a.at))));
}

Array subscript(const Array &array, std::initializer_list<const Subscript *> indices) {
  const Place &at = (*indices.begin())->at;
  Trace &trace = Trace::current(at);
  Operations &operations = trace.operations();
  const NodeId node = trace.node(array, at);
  trace.require(operations.checkRank(node, indices.size(), trace.position(at)));
  const Shape shape = operations.builder.shape(node);
  std::vector<Operations::Entry> entries;
  for (const Subscript *index : indices) {
    Operations::Entry entry;
    entry.at = trace.position(index->at);
    entry.index = trace.node(*index);
    trace.require(operations.checkEntry(entry, shape[entries.size()]));
    entries.push_back(entry);
  }
  return Array(trace.handle(operations.subscript(node, entries, 0, trace.position(at))));
}

} // namespace

// --- Arrays
// ---------------------------------------------------------------------------------------------------------

Array Array::literal(double number, Place at) {
  Trace &trace = Trace::current(at);
  return Array(trace.handle(trace.node(Operand(number, at))));
}

Array::Array(const Index &index, Place at) {
  Trace &trace = Trace::current(at);
  id = trace.handle(trace.node(Operand(index, at)));
}

std::vector<std::int64_t> Array::shape() const {
  Trace &trace = Trace::current({});
  return trace.operations().builder.shape(trace.node(*this, {}));
}

std::int64_t Array::size(Place at) const {
  Trace &trace = Trace::current(at);
  const NodeId node = trace.node(*this, at);
  trace.require(trace.operations().checkRank(node, 1, trace.position(at)));
  return trace.operations().builder.shape(node).front();
}

Array Array::operator[](const Subscript &i) const { return subscript(*this, {&i}); }
Array Array::operator()(const Subscript &i) const { return subscript(*this, {&i}); }
Array Array::operator()(const Subscript &i, const Subscript &j) const {
  return subscript(*this, {&i, &j});
}
Array Array::operator()(const Subscript &i, const Subscript &j, const Subscript &k) const {
  return subscript(*this, {&i, &j, &k});
}

Scalar::Scalar(const Array &value, Place at) : Array(value) {
  Trace &trace = Trace::current(at);
  const Shape &shape = trace.operations().builder.shape(trace.node(value, at));
  if (!shape.empty())
    trace.operations().fail(Id::expected_scalar, trace.position(at),
                            fmt::format("expected a scalar, got shape {}", shapeText(shape)));
  trace.require(shape.empty());
}

void detail::requireShape(const Array &array, const std::vector<std::int64_t> &shape, Place at) {
  Trace &trace = Trace::current(at);
  const Shape &got = trace.operations().builder.shape(trace.node(array, at));
  if (got != shape)
    trace.operations().fail(
        Id::shape_mismatch, trace.position(at),
        fmt::format("expected shape {}, got {}", shapeText(shape), shapeText(got)));
  trace.require(got == shape);
}

Array operator+(const Operand &a, const Operand &b) { return arithmetic(Op::add, a, b); }
Array operator-(const Operand &a, const Operand &b) { return arithmetic(Op::sub, a, b); }
Array operator*(const Operand &a, const Operand &b) { return arithmetic(Op::mul, a, b); }
Array operator/(const Operand &a, const Operand &b) { return arithmetic(Op::div, a, b); }
Array operator-(const Operand &a) {
  Trace &trace = Trace::current(a.at);
  const NodeId operand = trace.node(a);
  return Array(trace.handle(
      trace.operations().builder.elementwise(Op::neg, {operand}, trace.position(a.at))));
}
Array operator+(const Operand &a) {
  return Array(Trace::current(a.at).handle(Trace::current(a.at).node(a)));
}

// The result has the shape of both operands: a scalar may grow to an array, unless it is a Scalar.
Array &operator+=(Array &a, const Operand &b) { return a = Operand(a, b.at) + b; }
Array &operator-=(Array &a, const Operand &b) { return a = Operand(a, b.at) - b; }
Array &operator*=(Array &a, const Operand &b) { return a = Operand(a, b.at) * b; }
Array &operator/=(Array &a, const Operand &b) { return a = Operand(a, b.at) / b; }
Scalar &operator+=(Scalar &a, const Operand &b) { return a = Scalar(Operand(a, b.at) + b, b.at); }
Scalar &operator-=(Scalar &a, const Operand &b) { return a = Scalar(Operand(a, b.at) - b, b.at); }
Scalar &operator*=(Scalar &a, const Operand &b) { return a = Scalar(Operand(a, b.at) * b, b.at); }
Scalar &operator/=(Scalar &a, const Operand &b) { return a = Scalar(Operand(a, b.at) / b, b.at); }

Condition operator<(const Operand &a, const Operand &b) { return comparison(Predicate::lt, a, b); }
Condition operator<=(const Operand &a, const Operand &b) { return comparison(Predicate::le, a, b); }
Condition operator>(const Operand &a, const Operand &b) { return comparison(Predicate::gt, a, b); }
Condition operator>=(const Operand &a, const Operand &b) { return comparison(Predicate::ge, a, b); }
Condition operator==(const Operand &a, const Operand &b) { return comparison(Predicate::eq, a, b); }
Condition operator!=(const Operand &a, const Operand &b) { return comparison(Predicate::ne, a, b); }

// --- Conditions
// -----------------------------------------------------------------------------------------------------

Condition::operator bool() const {
  throwError(ApiId::condition_value, at,
             "expected deq::select(condition, a, b), got a condition as a bool: while a field is "
             "traced its value is not known");
}

Condition operator&&(const Condition &a, const Condition &b) {
  return logical(Op::logicalAnd, a, b);
}
Condition operator||(const Condition &a, const Condition &b) {
  return logical(Op::logicalOr, a, b);
}
Condition operator!(const Condition &a) {
  Trace &trace = Trace::current(a.at);
  const NodeId operand = trace.node(a.handle(), a.at);
  return {trace.handle(trace.operations().builder.elementwise(Op::logicalNot, {operand},
                                                              trace.position(a.at), Kind::boolean)),
          a.at};
}

// --- Indices
// --------------------------------------------------------------------------------------------------------

using IO = const IndexOperand &;
Index operator+(IO a, IO b) { return indexArithmetic(Op::indexAdd, a, b); }
Index operator-(IO a, IO b) { return indexArithmetic(Op::indexSub, a, b); }
Index operator*(IO a, IO b) { return indexArithmetic(Op::indexMul, a, b); }
Index div(IO a, IO b) { return indexQuotient(Op::indexDiv, a, b); }
Index mod(IO a, IO b) { return indexQuotient(Op::indexMod, a, b); }
Condition operator<(IO a, IO b) { return comparison(Predicate::lt, a, b); }
Condition operator<=(IO a, IO b) { return comparison(Predicate::le, a, b); }
Condition operator>(IO a, IO b) { return comparison(Predicate::gt, a, b); }
Condition operator>=(IO a, IO b) { return comparison(Predicate::ge, a, b); }
Condition operator==(IO a, IO b) { return comparison(Predicate::eq, a, b); }
Condition operator!=(IO a, IO b) { return comparison(Predicate::ne, a, b); }

} // namespace deq
#pragma GCC visibility pop
