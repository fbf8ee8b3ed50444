// The syntax tree of a .deq file, as written: no names are resolved and no shapes known.
// Chains of one precedence are flat, so that the depth of the tree is the depth of the brackets and
// a sum of a hundred thousand terms recurses nowhere.
#pragma once

#include "../Diagnostics.h"

#include <memory>
#include <string>
#include <vector>

namespace deq {

enum class Form {
  number,        ///< number, integer
  string,        ///< name; only as an argument of `file` and `table`
  name,          ///< name
  derivative,    ///< name'
  negate,        ///< parts[0]
  chain,         ///< parts joined left to right by `links`, all of one precedence: + -, or * / @
  power,         ///< parts[0] ^ parts[1]
  comparison,    ///< parts[0] links[0] parts[1]
  logical,       ///< parts joined by links, all `and` or all `or`
  negation,      ///< not parts[0]
  conditional,   ///< if parts[0] then parts[1] else parts[2]
  call,          ///< name(parts...); labels[i] is empty or the word before '='
  subscript,     ///< parts[0][subscripts...]
  list,          ///< [parts...]
  comprehension, ///< [parts[0] for name in parts[1]..parts[2] if parts[3]]
  sum,           ///< sum(parts[0] for name in parts[1]..parts[2] if parts[3])
  fold,  ///< fold(labels[0] = parts[3], parts[0] for name in parts[1]..parts[2] if parts[4])
  record ///< {labels[i]: parts[i], ..}; only as an option of a controller
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Link {
  std::string text;
  Position at;
};

/// One entry between the brackets of a subscript: an index, or a slice start..stop.
struct Subscript {
  ExprPtr index; ///< or the start
  ExprPtr stop;  ///< null for an index
};

struct Expr {
  Form form;
  Position at; ///< of the operator, or of the first token where there is none
  std::string name;
  Position nameAt; ///< of a comprehension's variable
  double number = 0;
  bool integer = false;
  std::vector<ExprPtr> parts;
  std::vector<Link> links;
  std::vector<Link> labels;
  std::vector<Subscript> subscripts;

  /// Of a generator.
  bool hasFilter() const { return parts.size() > (form == Form::fold ? 4 : 3); }
  const Expr &filter() const { return *parts.back(); }
  const Expr &initial() const { return *parts[3]; } ///< of a fold
};

struct Name {
  std::string text;
  Position at;
};

/// A leaf of the state, an argument or a static, as declared in the header of a field.
struct Declaration {
  Name name;
  bool isStatic = false;
  std::vector<ExprPtr> shape;
  ExprPtr value; ///< default; null if none
};

/// `name' = value`, `name = value` or `name(parameters) = value`. The value is null where it had an
/// error.
struct Statement {
  enum class Kind { derivative, local, function } kind = Kind::local;
  Name name;
  std::vector<Name> parameters;
  ExprPtr value;
};

struct FieldSyntax {
  Name name;
  Name time;
  std::vector<Declaration> state;
  std::vector<Declaration> parameters; ///< arguments and statics, in the order of the text
  std::vector<Statement> statements;
  bool broken = false; ///< errors in the header: nothing can be said about the names of the body
};

/// `name = value` in an init or args clause, and in the brackets of a controller.
struct Binding {
  Name name;
  ExprPtr value;
};

/// What a plan saves, behind its colon: a leaf, or `name = value`.
struct SavedItem {
  Name name;
  ExprPtr value; ///< null: the leaf of that name
};

struct SaveSyntax {
  Name name; ///< empty: the main plan
  Name kind; ///< start, end, every, at, steps, dense
  ExprPtr value;
  std::vector<SavedItem> items; ///< empty: all leaves
};

/// `stop [name] when condition [, option = value ..]`
struct EventSyntax {
  Name name; ///< the text is empty if it has none
  ExprPtr condition;
  std::vector<Binding> options;
};

/// A method of the user's: `name = value` lines of its tableau.
struct MethodSyntax {
  Name name;
  std::vector<Binding> entries;
  bool broken = false; ///< errors in the block: what is missing may be among them
};

/// Clauses of a solve block or of a preset. A clause that is not given has a position of line 0 and
/// no value.
struct SolveSyntax {
  Name name;
  Name field; ///< none in a preset
  Name preset, span, method, control, dtKeyword, maxStepsKeyword, dtype, stages, saveKeyword;
  Name stepAtKeyword, jumpAtKeyword, limitKeyword;
  ExprPtr from, to;
  std::vector<Binding> init, arguments, options;
  ExprPtr dt;    ///< null: auto, or not given
  ExprPtr limit; ///< of `dt <= EXPR`
  ExprPtr maxSteps;
  ExprPtr stepAt, jumpAt;
  ExprPtr stepTo;                        ///< times of `control step_to(..)`
  std::unique_ptr<MethodSyntax> tableau; ///< of `method {..}`
  SaveSyntax save;
  std::vector<EventSyntax> stops;
  std::vector<SaveSyntax> plans; ///< the named ones
  bool broken = false;           ///< errors in the block: what is missing may be among them
  bool isPreset = false;
  bool isHost = false; ///< of a host program: what it leaves out comes with each call
};

struct FileSyntax {
  std::vector<FieldSyntax> fields;
  std::vector<SolveSyntax> solves;
  std::vector<SolveSyntax> presets;
  std::vector<MethodSyntax> methods;
  std::vector<Name> imports; ///< paths as written
};

} // namespace deq
