// Large arrays as packs: values of the widest vectors that their size can be cut into. A class of
// its own, so that an operation on arrays says which elements its result has, and this says with
// which vectors, loads and shuffles.
#pragma once

#include "../Dialect/Deq.h"

#include "llvm/ADT/DenseMap.h"

#include <functional>

namespace deq::ir {

/// Lanes of the widest pack, and partial sums of the pinned order: a long sum is one pack.
inline constexpr int64_t packWidth = 8;
/// Smaller arrays are scalars: what they save by vectors they lose by shuffles.
inline constexpr int64_t smallestPacked = 8;

/// Elements [begin, begin + width) of an array.
struct Part {
  int64_t begin, width;
};

/// Whether an array is packed.
bool isPacked(Type type);
/// The cuts of n elements: packs of 8, then 4, 2 and 1, the binary digits of the remainder.
SmallVector<Part> cut(int64_t n);
/// How a value is kept: an array by its cuts or element by element, anything else whole.
SmallVector<Part> layoutOf(Type type);
/// `width` elements of a type: a vector, or for one the element itself.
Type packType(Type element, int64_t width);
/// Lanes of a value's type; 1 for a scalar.
inline int64_t widthOf(Value value) { return elementCount(value.getType()); }

/// One element of a computation: a lane of a pack, a position in memory, or a value as it is.
struct Element {
  Value source;
  int64_t lane = -1; ///< -1: the value as it is
  bool operator==(const Element &other) const {
    return source == other.source && lane == other.lane;
  }
};

class Packs {
public:
  Packs(OpBuilder &b, std::function<Value(TypedAttr)> constant)
      : b(b), constant(std::move(constant)) {}

  /// An element as a scalar.
  Value scalar(Location loc, Element element);
  /// Elements side by side in one pack.
  Value gather(Location loc, ArrayRef<Element> elements);
  /// Elements of an array in the parts of its layout.
  SmallVector<Value> arrange(Location loc, ArrayRef<Element> elements, Type array);
  /// Broadcasts the scalars among operands if there is a pack among them; its width, else 1.
  int64_t spread(Location loc, MutableArrayRef<Value> operands);
  Value broadcast(Location loc, Value scalar, int64_t width);
  /// Rows of equal width to the columns they make; there are 1, 2, 4 or 8 rows.
  SmallVector<Value> transpose(Location loc, SmallVector<Value> rows);

  Value real(double value, Type element, int64_t width = 1);

private:
  static Element resolve(Element element);
  Value gatherMemory(Location loc, ArrayRef<Element> elements);
  void loadParts(Location loc, MutableArrayRef<Element> elements);

  OpBuilder &b;
  std::function<Value(TypedAttr)> constant;
  llvm::DenseMap<std::pair<Block *, Value>, SmallVector<Value, 1>> broadcasts;
};

} // namespace deq::ir
