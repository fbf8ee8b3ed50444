// Methods of order 1 to 4: a function per method, and the list of them at the end.
// Coefficients are ratios, as in the papers.
#include "Families.h"
#include "Interpolants.h"

namespace deq {

namespace {

Tableau euler() {
  Tableau t;
  t.name = "euler";
  t.title = "Euler 1";
  t.source = "L. Euler, Institutiones calculi integralis I (1768)";
  t.order = 1;
  t.interpolantOrder = 1;
  t.c = {0};
  t.a = {{}};
  t.b = {1};
  t.p = {{1}};
  return t;
}

Tableau midpoint() {
  Tableau t;
  t.name = "midpoint";
  t.title = "Explicit midpoint 2(1)";
  t.source = "C. Runge, Ueber die numerische Aufloesung von Differentialgleichungen, Math. Ann. 46 "
             "(1895) 167-178; embedded: Euler";
  t.order = 2;
  t.errorOrder = 1;
  t.interpolantOrder = 2;
  t.c = {0, 1. / 2};
  t.a = {{}, {1. / 2}};
  t.b = {0, 1};
  t.e = {-1, 1};
  t.p = {{1, -1}, {0, 1}};
  return t;
}

Tableau heun() {
  Tableau t;
  t.name = "heun";
  t.title = "Heun 2(1)";
  t.source =
      "K. Heun, Neue Methoden zur approximativen Integration der Differentialgleichungen einer "
      "unabhaengigen Veraenderlichen, Z. Math. Phys. 45 (1900) 23-38; embedded: Euler";
  t.order = 2;
  t.errorOrder = 1;
  t.interpolantOrder = 2;
  t.c = {0, 1};
  t.a = {{}, {1}};
  t.b = {1. / 2, 1. / 2};
  t.e = {-1. / 2, 1. / 2};
  t.p = {{1, -1. / 2}, {0, 1. / 2}};
  return t;
}

Tableau ralston() {
  Tableau t;
  t.name = "ralston";
  t.title = "Ralston 2(1)";
  t.source = "A. Ralston, Runge-Kutta methods with minimum error bounds, Math. Comp. 16 (1962) "
             "431-437; embedded: Euler";
  t.order = 2;
  t.errorOrder = 1;
  t.interpolantOrder = 2;
  t.c = {0, 2. / 3};
  t.a = {{}, {2. / 3}};
  t.b = {1. / 4, 3. / 4};
  t.e = {-3. / 4, 3. / 4};
  t.p = {{1, -3. / 4}, {0, 3. / 4}};
  return t;
}

Tableau bosh3() {
  Tableau t;
  t.name = "bosh3";
  t.title = "Bogacki-Shampine 3(2)";
  t.source = "P. Bogacki, L. F. Shampine, A 3(2) pair of Runge-Kutta formulas, "
             "Appl. Math. Lett. 2 (1989) 321-325";
  t.order = 3;
  t.errorOrder = 2;
  t.interpolantOrder = 3;
  t.c = {0, 1. / 2, 3. / 4, 1};
  t.a = {{}, {1. / 2}, {0, 3. / 4}, {2. / 9, 1. / 3, 4. / 9}};
  t.b = lastRow(t.a);
  t.e = {-5. / 72, 1. / 12, 1. / 9, -1. / 8};
  t.p = cubicHermite(t.b);
  return t;
}

Tableau rk4() {
  Tableau t;
  t.name = "rk4";
  t.title = "Classical Runge-Kutta 4";
  t.source = "W. Kutta, Beitrag zur naeherungsweisen Integration totaler Differentialgleichungen, "
             "Z. Math. Phys. 46 (1901) 435-453; interpolant: E. Hairer, S. P. Norsett, G. Wanner, "
             "Solving Ordinary Differential Equations I (1993) II.6";
  t.order = 4;
  t.interpolantOrder = 3;
  t.c = {0, 1. / 2, 1. / 2, 1};
  t.a = {{}, {1. / 2}, {0, 1. / 2}, {0, 0, 1}};
  t.b = {1. / 6, 1. / 3, 1. / 3, 1. / 6};
  t.p = {{1, -3. / 2, 2. / 3}, {0, 1, -2. / 3}, {0, 1, -2. / 3}, {0, -1. / 2, 2. / 3}};
  return t;
}

} // namespace

std::vector<Tableau> lowOrderMethods() {
  return {euler(), midpoint(), heun(), ralston(), bosh3(), rk4()};
}

} // namespace deq
