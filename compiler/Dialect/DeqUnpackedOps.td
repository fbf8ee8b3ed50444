// Operations that unpacked code still has: tables, rows of memory, and packs, the vectors that large arrays are kept in.
#ifndef DEQ_UNPACKED_OPS_TD
#define DEQ_UNPACKED_OPS_TD

include "DeqOps.td"

/// Widths that every machine's vectors can be cut into, or put together from.
class Deq_PackOf<list<Type> elements> : ConfinedType<
    FixedVectorOfLengthAndType<[2, 4, 8], elements>, [CPred<"::llvm::cast<::mlir::VectorType>($_self).getRank() == 1">],
    "pack of 2, 4 or 8 elements">;
def Deq_RealPack : Deq_PackOf<[F32, F64]>;
def Deq_Pack : Deq_PackOf<[F32, F64, I1, I64]>;
def Deq_Element : AnyTypeOf<[F32, F64, I1, I64]>;
/// What rows are made of: leaves, and after unpack packs and scalars.
def Deq_Stored : AnyTypeOf<[F32, F64, StaticShapeTensorOf<[F32, F64]>, Deq_RealPack]>;

//===--------------------------------------------------------------------------------------------------------------===//
// Packs
//===--------------------------------------------------------------------------------------------------------------===//

def Deq_BroadcastOp : Deq_Op<"broadcast", [Pure, TypesMatchWith<"element type of the pack", "pack", "element",
                                          "::mlir::getElementTypeOrSelf($_self)">]> {
  let summary = "a pack of equal elements";
  let arguments = (ins Deq_Element:$element);
  let results = (outs Deq_Pack:$pack);
  let assemblyFormat = "$element attr-dict `:` type($pack)";
}

def Deq_LaneOp : Deq_Op<"lane", [Pure, TypesMatchWith<"element type of the pack", "pack", "element",
                                "::mlir::getElementTypeOrSelf($_self)">]> {
  let summary = "one element of a pack";
  let arguments = (ins Deq_Pack:$pack, I64Attr:$lane);
  let results = (outs Deq_Element:$element);
  let assemblyFormat = "$pack `[` $lane `]` attr-dict `:` type($pack)";
  let hasVerifier = 1;
}

def Deq_ShuffleOp : Deq_Op<"shuffle", [Pure]> {
  let summary = "a pack of elements of packs and scalars";
  let description = [{
    Lane i of the result is element `lanes[i]` of all sources behind each other. How many shuffles of the machine that
    takes is the lowering's affair.

    ```mlir
    %p = deq.shuffle %a, %b, %x [3, 4, 5, 10] : (vector<8xf64>, vector<2xf64>, f64) -> vector<4xf64>
    ```
  }];
  let arguments = (ins Variadic<AnyTypeOf<[Deq_Element, Deq_Pack]>>:$sources, DenseI64ArrayAttr:$lanes);
  let results = (outs Deq_Pack:$pack);
  let assemblyFormat = "$sources $lanes attr-dict `:` functional-type($sources, $pack)";
  let hasVerifier = 1;
}

def Deq_LoadOp : Deq_Op<"load", [MemoryEffects<[MemRead]>]> {
  let summary = "a pack of consecutive elements of memory, row-major, from a position on";
  let arguments = (ins AnyStaticShapeMemRef:$memory, I64Attr:$position);
  let results = (outs Deq_RealPack:$pack);
  let assemblyFormat = "$memory `at` $position attr-dict `:` type($memory) `->` type($pack)";
  let hasVerifier = 1;
}

//===--------------------------------------------------------------------------------------------------------------===//
// Scanned stages and output
//===--------------------------------------------------------------------------------------------------------------===//

def Deq_LookupOp : Deq_Op<"lookup", [Pure]> {
  let summary = "element of a constant table";
  let arguments = (ins ElementsAttr:$table, Index:$index);
  let results = (outs AnyTypeOf<[F32, F64, Index]>:$result);
  let assemblyFormat = "$table `[` $index `]` attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Deq_ReadOp : Deq_Op<"read", [MemoryEffects<[MemRead]>]> {
  let summary = "a leaf out of a row of a buffer";
  let description = "Elements [offset, offset + size) of row `row` of a rank-2 buffer, as a leaf.";
  let arguments = (ins MemRefRankOf<[F32, F64], [2]>:$buffer, Index:$row, I64Attr:$offset);
  let results = (outs Deq_Stored:$result);
  let assemblyFormat = "$buffer `[` $row `,` $offset `]` attr-dict `:` type($buffer) `->` type($result)";
  let hasVerifier = 1;
}

def Deq_WriteOp : Deq_Op<"write", [MemoryEffects<[MemWrite]>]> {
  let summary = "a leaf into a row of a buffer";
  let arguments = (ins Deq_Stored:$value, MemRefRankOf<[F32, F64], [2]>:$buffer, Index:$row, I64Attr:$offset);
  let assemblyFormat = "$value `into` $buffer `[` $row `,` $offset `]` attr-dict `:` type($value) `,` type($buffer)";
  let hasVerifier = 1;
}

def Deq_SaveOp : Deq_Op<"save", [MemoryEffects<[MemWrite]>]> {
  let summary = "writes one row of output";
  let description = "Row `row` of the caller's buffers becomes (time, values), leaves in order, row-major.";
  let arguments = (ins I64:$row, F64:$time, Variadic<Deq_Stored>:$values);
  let assemblyFormat = "$row `at` $time `(` $values `:` type($values) `)` attr-dict";
  let hasVerifier = 1;
}

#endif // DEQ_UNPACKED_OPS_TD
