// Pairs of order 5(4): a function per method, and the list of them at the end.
// The workhorses at everyday tolerances.
#include "Families.h"
#include "Interpolants.h"

namespace deq {

namespace {

/// The solution of order 5 goes on, as in later codes; Fehlberg's went on with the other. The
/// interpolant is of our own: the conditions of order 4 leave b_6(theta) free, which is set to b_6
/// theta^2 (3 - 2 theta); the slope at y1 makes it continuously differentiable.
Tableau rkf45() {
  Tableau t;
  t.name = "rkf45";
  t.title = "Fehlberg 5(4)";
  t.source = "E. Fehlberg, Low-order classical Runge-Kutta formulas with stepsize control, NASA "
             "Technical Report R-315 (1969)";
  t.order = 5;
  t.errorOrder = 4;
  t.interpolantOrder = 4;
  t.c = {0, 1. / 4, 3. / 8, 12. / 13, 1, 1. / 2, 1};
  t.a = {{},
         {1. / 4},
         {3. / 32, 9. / 32},
         {1932. / 2197, -7200. / 2197, 7296. / 2197},
         {439. / 216, -8, 3680. / 513, -845. / 4104},
         {-8. / 27, 2, -3544. / 2565, 1859. / 4104, -11. / 40}};
  t.b = {16. / 135, 0, 6656. / 12825, 28561. / 56430, -9. / 50, 2. / 55};
  t.a.push_back(t.b); // the slope at y1
  t.e = {1. / 360, 0, -128. / 4275, -2197. / 75240, 1. / 50, 2. / 55};
  t.p = {{1, -71. / 30, 298. / 135, -13. / 18},
         {0, 0, 0, 0},
         {0, 1664. / 475, -3328. / 675, 1664. / 855},
         {0, -15379. / 3135, 17576. / 1485, -2197. / 342},
         {0, 54. / 25, -126. / 25, 27. / 10},
         {0, 6. / 55, -4. / 55, 0},
         {0, 3. / 2, -4, 5. / 2}};
  return t;
}

/// The interpolant is of our own, made like that of rkf45.
Tableau cashKarp() {
  Tableau t;
  t.name = "cash_karp";
  t.title = "Cash-Karp 5(4)";
  t.source =
      "J. R. Cash, A. H. Karp, A variable order Runge-Kutta method for initial value problems "
      "with rapidly varying right-hand sides, ACM Trans. Math. Softw. 16 (1990) 201-222";
  t.order = 5;
  t.errorOrder = 4;
  t.interpolantOrder = 4;
  t.c = {0, 1. / 5, 3. / 10, 3. / 5, 1, 7. / 8, 1};
  t.a = {{},
         {1. / 5},
         {3. / 40, 9. / 40},
         {3. / 10, -9. / 10, 6. / 5},
         {-11. / 54, 5. / 2, -70. / 27, 35. / 27},
         {1631. / 55296, 175. / 512, 575. / 13824, 44275. / 110592, 253. / 4096}};
  t.b = {37. / 378, 0, 250. / 621, 125. / 594, 0, 512. / 1771};
  t.a.push_back(t.b); // the slope at y1
  t.e = difference(t.b, {2825. / 27648, 0, 18575. / 48384, 13525. / 55296, 277. / 14336, 1. / 4});
  t.p = {{1, -65. / 21, 677. / 189, -25. / 18},
         {0, 0, 0, 0},
         {0, 2500. / 483, -38000. / 4347, 250. / 63},
         {0, -125. / 44, 3875. / 594, -125. / 36},
         {0, -45. / 28, 45. / 14, -45. / 28},
         {0, 1536. / 1771, -1024. / 1771, 0},
         {0, 3. / 2, -4, 5. / 2}};
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

std::vector<Tableau> fifthOrderMethods() { return {rkf45(), cashKarp(), tsit5(), dopri5()}; }

} // namespace deq
