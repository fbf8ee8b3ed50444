// What the compiler measures of its own products: machine code per function, the floating-point
// work of a step.
// In a file of its own, so that the code that measures sees nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

/// Machine code of one function, as the code generator leaves it.
struct FunctionCode {
  std::string name; ///< symbol: deq_solve is the kernel, deq_start what makes its first state
  std::int64_t instructions = 0;
  std::int64_t vectorRegisters = 0;  ///< distinct ones that are named, whatever their width
  std::int64_t generalRegisters = 0; ///< likewise, without the stack pointer
  std::int64_t spills = 0;           ///< instructions that store a register for want of registers
  std::int64_t reloads = 0;          ///< instructions that read such a store back
  std::int64_t stackBytes = 0;       ///< of its frame, without the return address
};

/// Floating-point operations of one accepted step that writes no row, of the element type; an
/// operation on a vector counts once per element.
struct StepWork {
  std::int64_t additions = 0; ///< and subtractions
  std::int64_t multiplications = 0;
  std::int64_t fusedMultiplyAdds = 0;
  std::int64_t divisions = 0;
  std::int64_t squareRoots = 0;
  std::int64_t calls = 0; ///< of elementary functions, which are no operations here
  /// Cycles from one step to the next if every operation starts when its operands are there:
  /// the longest chain of dependent operations that a step hands on to the next one.
  double chainCycles = 0;

  std::int64_t operations() const {
    return additions + multiplications + 2 * fusedMultiplyAdds + divisions + squareRoots;
  }
};

/// What a compile is expected to take with the stages in one emission.
struct Prediction {
  std::string stages;
  double ms = 0; ///< text to code, on the class of machine that was calibrated on
  /// What the prediction is a linear function of.
  std::vector<std::pair<std::string, double>> counts;
};

/// How the emission of the stages was chosen.
struct EmissionChoice {
  std::string stages;                  ///< empty: it was not chosen here
  std::string reason;                  ///< half a sentence
  std::vector<Prediction> predictions; ///< of every emission, the fastest code first
};

} // namespace deq
#pragma GCC visibility pop
