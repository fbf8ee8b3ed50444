// The clauses of a host as a syntax tree. For the loaders alone: what a host sees is HostSolve.h.
#pragma once

#include "Ast.h"
#include "HostSolve.h"

namespace deq {

/// A block of the clauses that were given, at `at`; expressions are at their own places, and stand
/// for nodes that a graph has already.
SolveSyntax hostSyntax(const HostClauses &clauses, Position at, Diagnostics &diagnostics);

/// The position of a place in a host's source, which becomes a source of `diagnostics`.
Position hostPosition(const Location &site, Diagnostics &diagnostics);

} // namespace deq
