// The files of methods, one function each, and what their tables share.
// A family adds its methods to its own list, so that a new method is an edit of one file.
#pragma once

#include "Tableau.h"

namespace deq {

std::vector<Tableau> lowOrderMethods();
std::vector<Tableau> fifthOrderMethods();
std::vector<Tableau> princeDormandMethods();
std::vector<Tableau> vernerMethods();
std::vector<Tableau> verner8Methods();
std::vector<Tableau> verner9Methods();

/// The weights of a method whose last stage is evaluated at y1: the last row of a, and nothing for
/// that stage.
inline std::vector<double> lastRow(const std::vector<std::vector<double>> &a) {
  std::vector<double> b = a.back();
  b.push_back(0);
  return b;
}

/// e = b - bhat of a pair whose paper states bhat.
inline std::vector<double> difference(std::vector<double> b, const std::vector<double> &bhat) {
  for (std::size_t i = 0; i < b.size(); ++i)
    b[i] -= bhat[i];
  return b;
}

} // namespace deq
