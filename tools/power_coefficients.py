#!/usr/bin/env python3
"""Prints the polynomials of compiler/Transforms/Power.h, which interpolate log2(1 + x)/x and (2^x - 1)/x at
Chebyshev nodes.

A polynomial through these nodes is within a small factor of the best one (L. N. Trefethen, Approximation Theory and
Approximation Practice, ch. 16). Sixty digits make the solution of the Vandermonde system exact for all purposes.
"""

from decimal import Decimal, getcontext
from math import cos, pi

getcontext().prec = 60
LN2 = Decimal(2).ln()


def interpolate(function, low, high, count):
    """Coefficients, lowest first, of the polynomial through `count` Chebyshev nodes: Newton's form, multiplied out."""
    nodes = [(low + high) / 2 + (high - low) / 2 * Decimal(cos(pi * (2 * i + 1) / (2 * count))) for i in range(count)]
    table = [function(x) for x in nodes]
    for level in range(1, count):
        for i in range(count - 1, level - 1, -1):
            table[i] = (table[i] - table[i - 1]) / (nodes[i] - nodes[i - level])
    coefficients = [Decimal(0)]
    for value, node in zip(reversed(table), reversed(nodes)):
        shifted = [Decimal(0)] + coefficients
        coefficients = [s - node * c for s, c in zip(shifted, coefficients + [Decimal(0)])]
        coefficients[0] += value
    return coefficients[:count]


def worst(function, coefficients, low, high):
    """Largest relative error on a fine grid, of the coefficients as doubles."""
    error = Decimal(0)
    for i in range(2001):
        x = low + (high - low) * i / 2000
        if x == 0:
            continue
        value = Decimal(0)
        for c in reversed(coefficients):
            value = value * x + Decimal(float(c))
        error = max(error, abs(value / function(x) - 1))
    return float(error)


def show(name, function, low, high, count):
    coefficients = interpolate(function, low, high, count)
    print(f"{name}: {count} coefficients, relative error {worst(function, coefficients, low, high):.1e}")
    for c in coefficients:
        print(f"    {float(c)!r},")


root = Decimal(2).sqrt()
show("log2(1 + x)/x", lambda x: (1 + x).ln() / LN2 / x, 1 / root - 1, root - 1, 16)
show("(2^x - 1)/x", lambda x: ((x * LN2).exp() - 1) / x if x else LN2, Decimal("-0.5"), Decimal("0.5"), 9)
