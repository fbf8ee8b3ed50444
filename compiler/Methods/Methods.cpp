// The Runge-Kutta methods as data: a function per method, and the list of them at the end.
// What follows from other coefficients is derived, integer ratios stay ratios, and the tests run
// `check` over all of it.
#include "Interpolants.h"
#include "Tableau.h"

namespace deq {

namespace {

/// The weights of a method whose last stage is evaluated at y1: the last row of a, and nothing for
/// that stage.
std::vector<double> lastRow(const std::vector<std::vector<double>> &a) {
  std::vector<double> b = a.back();
  b.push_back(0);
  return b;
}

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

/// The digits beyond those of the paper satisfy the order conditions to sixty places. The
/// polynomials are the paper's factored b_i(theta), multiplied out.
Tableau tsit5() {
  Tableau t;
  t.name = "tsit5";
  t.title = "Tsitouras 5(4)";
  t.source = "Ch. Tsitouras, Runge-Kutta pairs of order 5(4) satisfying only the first column "
             "simplifying assumption, Comput. Math. Appl. 62 (2011) 770-775";
  t.order = 5;
  t.errorOrder = 4;
  t.interpolantOrder = 4;
  t.c = {0, 0.161, 0.327, 0.9, 0.98002554090450968573, 1, 1};
  t.a = {{},
         {0.161},
         {-0.0084806554923569885444, 0.33548065549235698854},
         {2.8971530571054934321, -6.3594484899750748431, 4.3622954328695814110},
         {5.3258648284392566044, -11.748883564062827877, 7.4955393428898362083,
          -0.092495066361755249257},
         {5.8614554429464200287, -12.920969317847109292, 8.1593678985761586432,
          -0.071584973281400997225, -0.028269050394068382909},
         {0.096460766818065229518, 0.01, 0.47988965041449957475, 1.3790085741037418932,
          -3.2900695154360806799, 2.3247105240997739824}};
  t.b = lastRow(t.a);
  t.e = {-0.0017800110522257714434,
         -0.00081643445965674690322,
         0.0078808780102619960103,
         -0.14471100717326290754,
         0.58235716545255522502,
         -0.45808210592918694666,
         1. / 66};
  t.p = {{1, -2.7637061972748259113, 2.9132554618219127438, -1.0530884977290216},
         {0, 0.1317, -0.2234, 0.1017},
         {0, 3.9302962368947515285, -5.9410338721315047347, 2.490627285651252793},
         {0, -12.411077166933676984, 30.338188630282321598, -16.54810288924490272},
         {0, 37.509313416511039195, -88.178904894766401101, 47.37952196281928122},
         {0, -27.896526289197287792, 65.091894674793671515, -34.87065786149660974},
         {0, 3. / 2, -4, 5. / 2}};
  return t;
}

Tableau dopri5() {
  Tableau t;
  t.name = "dopri5";
  t.title = "Dormand-Prince 5(4)";
  t.source = "J. R. Dormand, P. J. Prince, A family of embedded Runge-Kutta formulae, "
             "J. Comput. Appl. Math. 6 (1980) 19-26; interpolant: L. F. Shampine, "
             "Some practical Runge-Kutta formulas, Math. Comp. 46 (1986) 135-150";
  t.order = 5;
  t.errorOrder = 4;
  t.interpolantOrder = 4;
  t.c = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
  t.a = {{},
         {1. / 5},
         {3. / 40, 9. / 40},
         {44. / 45, -56. / 15, 32. / 9},
         {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
         {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
         {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}};
  t.b = lastRow(t.a);
  t.e = {71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40};
  const std::vector<double> mid = {
      6025192743. / 30085553152 / 2,     0,
      51252292925. / 65400821598 / 2,    -2691868925. / 45128329728 / 2,
      187940372067. / 1594534317056 / 2, -1776094331. / 19743644256 / 2,
      11237099. / 235043384 / 2};
  t.p = quarticThroughMidpoint(t.b, mid);
  return t;
}

} // namespace

const std::vector<Tableau> &methods() {
  static const std::vector<Tableau> list = {euler(), heun(), rk4(), bosh3(), tsit5(), dopri5()};
  return list;
}

} // namespace deq
