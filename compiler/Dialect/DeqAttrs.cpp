// Printing, parsing and verifying of tableaux and controllers. Coefficients print so that reading
// them back gives the same bits; the stock printer of float arrays keeps six digits, which would
// silently change a method.

#include "Deq.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"

namespace deq::ir {

static void printRow(AsmPrinter &printer, ArrayRef<double> row) {
  printer << "[";
  llvm::interleaveComma(row, printer, [&](double x) { printer.printFloat(llvm::APFloat(x)); });
  printer << "]";
}

static ParseResult parseRow(AsmParser &parser, SmallVectorImpl<double> &row) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                        [&]() { return parser.parseFloat(row.emplace_back()); });
}

static ParseResult parseRows(AsmParser &parser, std::vector<std::vector<double>> &rows) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
    SmallVector<double> row;
    if (parseRow(parser, row))
      return failure();
    rows.emplace_back(row.begin(), row.end());
    return success();
  });
}

static std::vector<double> flatten(const std::vector<std::vector<double>> &rows) {
  std::vector<double> flat;
  for (const auto &row : rows)
    flat.insert(flat.end(), row.begin(), row.end());
  return flat;
}

RKAttr RKAttr::get(MLIRContext *context, const deq::Tableau &t) {
  auto list = [&](const std::vector<double> &values) {
    return DenseF64ArrayAttr::get(context, values);
  };
  return get(context, StringAttr::get(context, t.name), t.order, t.errorOrder, t.interpolantOrder,
             list(flatten(t.a)), list(t.b), list(t.c), list(t.e), t.coarseOrder, list(t.coarse),
             list(flatten(t.p)), list(t.q));
}

deq::Tableau RKAttr::tableau() const {
  deq::Tableau t;
  t.name = getName().str();
  t.order = getOrder();
  t.errorOrder = getErrorOrder();
  t.interpolantOrder = getInterpolantOrder();
  ArrayRef<double> a = getA().asArrayRef(), p = getP().asArrayRef(), b = getB().asArrayRef(),
                   c = getC().asArrayRef(), e = getE().asArrayRef(),
                   coarse = getCoarse().asArrayRef();
  t.b.assign(b.begin(), b.end());
  t.c.assign(c.begin(), c.end());
  t.e.assign(e.begin(), e.end());
  t.coarse.assign(coarse.begin(), coarse.end());
  t.coarseOrder = getCoarseOrder();
  ArrayRef<double> q = getQ().asArrayRef();
  t.q.assign(q.begin(), q.end());
  size_t s = t.c.size();
  for (size_t i = 0; i < s; ++i) {
    ArrayRef<double> row = a.take_front(std::min(i, a.size()));
    a = a.drop_front(row.size());
    t.a.emplace_back(row.begin(), row.end());
    row = p.slice(i * (p.size() / s), p.size() / s);
    t.p.emplace_back(row.begin(), row.end());
  }
  return t;
}

void RKAttr::print(AsmPrinter &printer) const {
  deq::Tableau t = tableau();
  auto rows = [&](StringRef name, const std::vector<std::vector<double>> &values) {
    printer << ", " << name << " = [";
    llvm::interleaveComma(values, printer, [&](const auto &row) { printRow(printer, row); });
    printer << "]";
  };
  auto row = [&](StringRef name, const std::vector<double> &values) {
    printer << ", " << name << " = ";
    printRow(printer, values);
  };
  printer << "<" << getName() << ", order = " << t.order << ", error_order = " << t.errorOrder
          << ", interpolant_order = " << t.interpolantOrder;
  rows("a", t.a);
  row("b", t.b);
  row("c", t.c);
  row("e", t.e);
  if (!t.coarse.empty()) {
    printer << ", coarse_order = " << t.coarseOrder;
    row("coarse_e", t.coarse);
  }
  rows("p", t.p);
  if (!t.q.empty())
    row("q", t.q);
  printer << ">";
}

Attribute RKAttr::parse(AsmParser &parser, Type) {
  deq::Tableau t;
  auto integer = [&](StringRef name, int &value) -> ParseResult {
    return failure(parser.parseComma() || parser.parseKeyword(name) || parser.parseEqual() ||
                   parser.parseInteger(value));
  };
  auto row = [&](StringRef name, std::vector<double> &values) -> ParseResult {
    SmallVector<double> list;
    if (parser.parseComma() || parser.parseKeyword(name) || parser.parseEqual() ||
        parseRow(parser, list))
      return failure();
    values.assign(list.begin(), list.end());
    return success();
  };
  auto rows = [&](StringRef name, std::vector<std::vector<double>> &values) -> ParseResult {
    return failure(parser.parseComma() || parser.parseKeyword(name) || parser.parseEqual() ||
                   parseRows(parser, values));
  };
  llvm::SMLoc at = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseString(&t.name) || integer("order", t.order) ||
      integer("error_order", t.errorOrder) || integer("interpolant_order", t.interpolantOrder) ||
      rows("a", t.a) || row("b", t.b) || row("c", t.c) || row("e", t.e) || parser.parseComma())
    return {};
  if (succeeded(parser.parseOptionalKeyword("coarse_order")) &&
      (parser.parseEqual() || parser.parseInteger(t.coarseOrder) || row("coarse_e", t.coarse) ||
       parser.parseComma()))
    return {};
  if (parser.parseKeyword("p") || parser.parseEqual() || parseRows(parser, t.p))
    return {};
  if (failed(parser.parseOptionalGreater()) && (row("q", t.q) || parser.parseGreater()))
    return {};
  // The flat form of the attribute relies on a strictly lower triangle, so the shape is checked
  // before it is built.
  std::vector<std::string> problems = deq::check(t);
  if (!problems.empty()) {
    parser.emitError(at) << "method '" << t.name << "': " << problems.front();
    return {};
  }
  return get(parser.getContext(), t);
}

LogicalResult RKAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringAttr name, int64_t,
                             int64_t, int64_t, DenseF64ArrayAttr a, DenseF64ArrayAttr b,
                             DenseF64ArrayAttr c, DenseF64ArrayAttr e, int64_t,
                             DenseF64ArrayAttr coarse, DenseF64ArrayAttr p, DenseF64ArrayAttr q) {
  int64_t s = b.size(), all = c.size();
  if (s == 0 || all < s || a.size() != all * (all - 1) / 2 || p.size() % all != 0 ||
      (q.size() != 0 && q.size() * all != p.size()) || (e.size() != 0 && e.size() != s) ||
      (coarse.size() != 0 && coarse.size() != e.size()))
    return emitError() << "method '" << name.getValue() << "': lists do not fit " << s << " stages";
  return success();
}

void PidAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printer.printString(getNorm());
  for (auto [i, flag] : llvm::enumerate(leafInputFlags))
    if (contains(getPerLeaf(), LeafInput(i)))
      printer << ", " << StringRef(flag);
  printer << ">";
}

Attribute PidAttr::parse(AsmParser &parser, Type) {
  llvm::SMLoc at = parser.getCurrentLocation();
  std::string norm;
  if (parser.parseLess() || parser.parseString(&norm))
    return {};
  LeafInputs perLeaf = 0;
  while (succeeded(parser.parseOptionalComma())) {
    llvm::SMLoc place = parser.getCurrentLocation();
    StringRef word;
    if (parser.parseKeyword(&word))
      return {};
    auto flag = llvm::find(leafInputFlags, std::string_view(word));
    if (flag == std::end(leafInputFlags)) {
      parser.emitError(place) << "expected one of "
                              << llvm::join(std::begin(leafInputFlags), std::end(leafInputFlags),
                                            ", ")
                              << ", got '" << word << "'";
      return {};
    }
    perLeaf |= 1U << std::distance(std::begin(leafInputFlags), flag);
  }
  if (parser.parseGreater())
    return {};
  if (failed(verify([&] { return parser.emitError(at); }, norm, perLeaf)))
    return {};
  return get(parser.getContext(), StringRef(norm), perLeaf);
}

} // namespace deq::ir
