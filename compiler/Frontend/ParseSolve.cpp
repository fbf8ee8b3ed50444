// The parser's solve blocks: clauses led by a word, in any order.
// The words are reserved nowhere else, so that a field may call an argument `span` or `dt`.
#include "Names.h"
#include "Parser.h"

#include <fmt/format.h>

namespace deq {

namespace {
const std::vector<std::string> clauses = {"preset",    "span",  "init",    "args",    "method",
                                          "control",   "dt",    "step_at", "jump_at", "stop",
                                          "max_steps", "dtype", "stages",  "save"};
const std::vector<std::string> plans = {"start", "end", "every", "at", "steps", "dense"};

struct Translation {
  std::string_view word, clause;
};
/// Names that other tools have for clauses.
constexpr Translation translations[] = {
    {"t_span", "span t0 to t1"},
    {"tspan", "span t0 to t1"},
    {"y0", "init x = 1"},
    {"u0", "init x = 1"},
    {"x0", "init x = 1"},
    {"t_eval", "save at [1, 2] or save every 0.1"},
    {"saveat", "save every 0.1"},
    {"rtol", "control pid(rtol = 1e-6)"},
    {"atol", "control pid(atol = 1e-9)"},
    {"reltol", "control pid(rtol = 1e-6)"},
    {"abstol", "control pid(atol = 1e-9)"},
    {"max_step", "control pid(dt_max = 0.1)"},
    {"params", "args a = 1"},
    {"p", "args a = 1"},
};

std::string clauseHint(const std::string &word) {
  for (const Translation &row : translations)
    if (row.word == word)
      return fmt::format("; write '{}'", row.clause);
  return suggestion(word, clauses);
}

bool contains(const std::vector<std::string> &words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
} // namespace

void Parser::parseSolve(FileSyntax &file) {
  SolveSyntax solve;
  auto name = expectName("the name of a solve");
  if (!name)
    return recoverTopLevel();
  solve.name = solve.field = *name;
  if (accept("=")) {
    auto field = expectName("the name of a field");
    if (!field)
      return recoverTopLevel();
    solve.field = *field;
  }
  if (parseBlock(solve))
    file.solves.push_back(std::move(solve));
}

/// `preset NAME {..}`: a solve block without a field.
void Parser::parsePreset(FileSyntax &file) {
  SolveSyntax preset;
  preset.isPreset = true;
  auto name = expectName("the name of a preset");
  if (!name)
    return recoverTopLevel();
  preset.name = *name;
  if (parseBlock(preset))
    file.presets.push_back(std::move(preset));
}

/// The clauses between the braces; false if there are no braces.
bool Parser::parseBlock(SolveSyntax &solve) {
  if (!expect("{"))
    return recoverTopLevel(), false;
  while (peek().kind != TokenKind::end && !at("}")) {
    if (peek().newline && (at("field") || at("solve")) && peek(1).kind == TokenKind::identifier)
      break; // the closing brace is missing
    if (parseClause(solve) && expectStatementEnd())
      continue;
    solve.broken = true;
    recover([&] { return peek().kind == TokenKind::identifier && !peek(1).is("="); });
  }
  solve.broken |= !expect("}");
  return true;
}

bool Parser::parseClause(SolveSyntax &solve) {
  const Token token = take();
  Name keyword{std::string(token.text), token.at};
  bool ofSolve = token.is("span") || token.is("init") || token.is("args") || token.is("stop");
  if (solve.isPreset && ofSolve)
    return fail(Id::wrong_clause, token.at,
                fmt::format("a preset has no '{}'; it belongs to a solve", token.text));
  if (token.is("preset"))
    return parseWord(solve.preset, "the name of a preset");
  if (token.is("span"))
    return checkOnce(solve.span, keyword), parseSpan(solve);
  if (token.is("init"))
    return parseBindings(solve.init);
  if (token.is("args"))
    return parseBindings(solve.arguments);
  if (token.is("method"))
    return parseMethod(solve, keyword);
  if (token.is("control"))
    return parseControl(solve);
  if (token.is("dt"))
    return parseDt(solve, keyword);
  if (token.is("max_steps"))
    return checkOnce(solve.maxStepsKeyword, keyword), parseMaxSteps(solve);
  if (token.is("dtype"))
    return parseDtype(solve);
  if (token.is("stages"))
    return parseWord(solve.stages, "'auto', 'unroll', 'outline' or 'scan'");
  if (token.is("save"))
    return parseSaveClause(solve, keyword);
  if (token.is("step_at"))
    return checkOnce(solve.stepAtKeyword, keyword), (solve.stepAt = parseExpression()) != nullptr;
  if (token.is("jump_at"))
    return checkOnce(solve.jumpAtKeyword, keyword), (solve.jumpAt = parseExpression()) != nullptr;
  if (token.is("stop"))
    return parseStop(solve, keyword);
  if (token.kind != TokenKind::invalid)
    fail(Id::unknown_clause, token.at,
         fmt::format("expected a clause of a solve, got '{}'{}", token.text,
                     clauseHint(keyword.text)));
  return false;
}

/// Records where a clause stands; a second one of its kind is an error.
void Parser::checkOnce(Name &clause, const Name &keyword) {
  if (clause.text.empty()) {
    clause = keyword;
    return;
  }
  Diagnostic &error = diagnostics.report(Id::given_twice, keyword.at,
                                         fmt::format("'{}' is given twice", keyword.text));
  diagnostics.note(error, clause.at, "first given here");
}

bool Parser::parseSpan(SolveSyntax &solve) {
  solve.from = parseExpression();
  if (!solve.from || !expect("to"))
    return false;
  solve.to = parseExpression();
  return solve.to != nullptr;
}

bool Parser::parseMaxSteps(SolveSyntax &solve) {
  solve.maxSteps = parseExpression();
  return solve.maxSteps != nullptr;
}

/// `records`: a value may also be `{leaf: number, ..}`.
bool Parser::parseBindings(std::vector<Binding> &bindings, bool records) {
  do {
    if (records && peek().kind == TokenKind::number)
      return fail(Id::syntax, peek().at,
                  fmt::format("expected the name of an option, got '{}'; write 'rtol = {}'",
                              peek().text, peek().text));
    auto name = expectName("a name");
    if (name && at("'"))
      return fail(Id::second_derivative, name->at,
                  fmt::format("'{}' is a leaf and its derivative none; give the derivative a leaf "
                              "of its own",
                              name->text));
    if (!name || !expect("="))
      return false;
    ExprPtr value = records && at("{") ? parseRecord() : parseExpression();
    if (!value)
      return false;
    bindings.push_back({*name, std::move(value)});
  } while (accept(","));
  return true;
}

ExprPtr Parser::parseRecord() {
  auto record = std::make_unique<Expr>();
  record->form = Form::record;
  record->at = take().at;
  auto recoverRecord = [&] { // its brace must not end the block
    while (peek().kind != TokenKind::end && !peek().newline && !at("}"))
      take();
    if (!peek().newline)
      accept("}");
    return nullptr;
  };
  do {
    auto name = expectName("the name of a leaf");
    if (!name || !expect(":"))
      return recoverRecord();
    ExprPtr value = parseExpression();
    if (!value)
      return recoverRecord();
    record->labels.push_back({name->text, name->at});
    record->parts.push_back(std::move(value));
  } while (accept(","));
  if (!expect("}"))
    return recoverRecord();
  return record;
}

bool Parser::parseWord(Name &word, std::string_view what) {
  Name keyword{std::string(tokens[next - 1].text), tokens[next - 1].at};
  auto value = expectName(what);
  if (!value)
    return false;
  setOnce(word, *value, keyword);
  return true;
}

void Parser::setOnce(Name &word, const Name &value, const Name &keyword) {
  if (word.text.empty()) {
    word = value;
    return;
  }
  Diagnostic &error = diagnostics.report(Id::given_twice, keyword.at,
                                         fmt::format("'{}' is given twice", keyword.text));
  diagnostics.note(error, word.at, "first given here");
}

/// `NAME`, `NAME(option = value, ..)` or `step_to(times)`.
bool Parser::parseControl(SolveSyntax &solve) {
  bool first = solve.control.text.empty();
  std::vector<Binding> options;
  ExprPtr times;
  if (!parseWord(solve.control, "'pid', 'constant' or 'step_to'"))
    return false;
  bool listed = tokens[next - 1].is("step_to");
  if (at("(") && !peek().newline) {
    take();
    ++brackets;
    if (listed ? !(times = parseExpression()) : !at(")") && !parseBindings(options, true))
      return false;
    if (!expect(")"))
      return false;
    --brackets;
  }
  if (first) {
    solve.options = std::move(options);
    solve.stepTo = std::move(times);
  }
  return true;
}

/// `NAME`, or `NAME(time = NAME)`: one word, since no other part of a solve looks into it.
bool Parser::parseDtype(SolveSyntax &solve) {
  bool first = solve.dtype.text.empty();
  if (!parseWord(solve.dtype, "'f64' or 'f32'"))
    return false;
  if (!at("(") || peek().newline)
    return true;
  take();
  ++brackets;
  auto option = expectName("'time'");
  if (!option || !expect("="))
    return false;
  auto value = expectName("'f64'");
  if (!value || !expect(")"))
    return false;
  --brackets;
  if (first)
    solve.dtype.text += fmt::format("({}={})", option->text, value->text);
  return true;
}

/// The first step, `auto` or a length, or with `<=` the limit of all.
bool Parser::parseDt(SolveSyntax &solve, const Name &keyword) {
  if (accept("<=")) {
    if (solve.isPreset)
      return fail(Id::wrong_clause, keyword.at, "a preset has no 'dt <='; it belongs to a solve");
    checkOnce(solve.limitKeyword, {"dt <=", keyword.at});
    return (solve.limit = parseExpression()) != nullptr;
  }
  checkOnce(solve.dtKeyword, keyword);
  if (at("auto")) {
    take();
    return true;
  }
  solve.dt = parseExpression();
  return solve.dt != nullptr;
}

/// `save PLAN`, or `save NAME = PLAN`.
bool Parser::parseSaveClause(SolveSyntax &solve, const Name &keyword) {
  SaveSyntax save;
  bool named = peek().kind == TokenKind::identifier && peek(1).is("=");
  if (named) {
    save.name = {std::string(peek().text), peek().at};
    for (const SaveSyntax &other : solve.plans)
      if (other.name.text == save.name.text) {
        Diagnostic &error =
            diagnostics.report(Id::given_twice, save.name.at,
                               fmt::format("save plan '{}' is given twice", save.name.text));
        diagnostics.note(error, other.name.at, "first given here");
      }
    take();
    take();
  } else {
    checkOnce(solve.saveKeyword, keyword);
  }
  if (!parseSave(save))
    return false;
  if (named)
    solve.plans.push_back(std::move(save));
  else
    solve.save = std::move(save);
  return true;
}

bool Parser::parseSave(SaveSyntax &save) {
  auto kind = expectName("a save plan");
  if (!kind)
    return false;
  if (!contains(plans, kind->text))
    return fail(Id::unknown_save_plan, kind->at,
                fmt::format("expected a save plan (start, end, every, at, steps, dense), "
                            "got '{}'{}",
                            kind->text, suggestion(kind->text, plans)));
  save.kind = *kind;
  bool takesValue = kind->text == "every" || kind->text == "at" || kind->text == "steps";
  if (takesValue && !(save.value = parseExpression()))
    return false;
  return !at(":") || parseSavedItems(save);
}

/// `: leaf, name = expression, ...`
bool Parser::parseSavedItems(SaveSyntax &save) {
  take();
  do {
    auto name = expectName("a leaf or 'name = expression'");
    if (!name)
      return false;
    SavedItem item{*name, nullptr};
    if (accept("=") && !(item.value = parseExpression()))
      return false;
    save.items.push_back(std::move(item));
  } while (accept(","));
  return true;
}

/// `[name] when condition [, option = value ..]`
bool Parser::parseStop(SolveSyntax &solve, const Name &keyword) {
  EventSyntax event;
  event.name.at = keyword.at;
  if (!at("when")) {
    auto name = expectName("the name of an event or 'when'");
    if (!name)
      return false;
    event.name = *name;
  }
  if (!expect("when") || !(event.condition = parseExpression()))
    return false;
  if (accept(",") && !parseBindings(event.options))
    return false;
  solve.stops.push_back(std::move(event));
  return true;
}

std::optional<SaveSyntax> Parser::parseOnlySavePlan() {
  SaveSyntax save;
  ++brackets;
  bool good = parseSave(save);
  --brackets;
  if (good && peek().kind != TokenKind::end) {
    failExpected("the end of the text");
    good = false;
  }
  return good ? std::optional<SaveSyntax>(std::move(save)) : std::nullopt;
}

} // namespace deq
