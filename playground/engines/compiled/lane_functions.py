"""exp, tanh and their relatives for sixteen numbers at a time, to the accuracy of float32.

A library call for each number would cost more than the rest of a training step. Each docstring
names the source of its approximation; relative errors stay under 4e-7 (absolute ones, where the
value is near zero), which the tests measure against NumPy's float64.
"""

from __future__ import annotations

from playground.engines.compiled.lanes import (
    absolute,
    compiled,
    floor,
    maximum,
    minimum,
    nearest,
    power_of_two,
)


@compiled
def exp(z):  # type: ignore[no-untyped-def]
    """e^z for z cut to [-87, 88], as 2^k e^r with |r| <= ln 2 / 2 (Cephes, expf.c)."""
    z = maximum(minimum(z, 88.0), -87.0)
    k = nearest(z * 1.44269504088896341)
    r = z - k * 0.693359375
    r = r + k * 2.12194440e-4
    p = r * 1.9875691500e-4 + 1.3981999507e-3
    p = p * r + 8.3334519073e-3
    p = p * r + 4.1665795894e-2
    p = p * r + 1.6666665459e-1
    p = p * r + 5.0000001201e-1
    return (p * (r * r) + r + 1.0) * power_of_two(k)


@compiled
def tanh(z):  # type: ignore[no-untyped-def]
    """tanh z as the quotient of two polynomials (the coefficients of Eigen's
    generic_fast_tanh_float).
    """
    x = maximum(minimum(z, 7.90531110763549805), -7.90531110763549805)
    s = x * x
    p = s * -2.76076847742355e-16 + 2.00018790482477e-13
    p = p * s - 8.60467152213735e-11
    p = p * s + 5.12229709037114e-08
    p = p * s + 1.48572235717979e-05
    p = p * s + 6.37261928875436e-04
    p = p * s + 4.89352455891786e-03
    q = s * 1.19825839466702e-06 + 1.18534705686654e-04
    q = q * s + 2.26843463243900e-03
    q = q * s + 4.89352518554385e-03
    return x * p / q


@compiled
def sigmoid(z):  # type: ignore[no-untyped-def]
    """1 / (1 + e^-z)."""
    return 1.0 / (exp(0.0 - z) + 1.0)


@compiled
def log1p(u):  # type: ignore[no-untyped-def]
    """ln(1 + u) for u in [0, 1], as 2 artanh(u / (2 + u)) by its power series."""
    s = u / (u + 2.0)
    q = s * s
    p = q * (1 / 13) + 1 / 11
    p = p * q + 1 / 9
    p = p * q + 1 / 7
    p = p * q + 1 / 5
    p = p * q + 1 / 3
    return 2.0 * (p * q * s + s)


@compiled
def softplus(z):  # type: ignore[no-untyped-def]
    """ln(1 + e^z), in the form that does not overflow."""
    return maximum(z, 0.0) + log1p(exp(0.0 - absolute(z)))


@compiled
def _alternating_sine(z, k, sign):  # type: ignore[no-untyped-def]
    """sin(z - k pi), negative for odd `sign`: Taylor to r^13, pi in three parts that k times fits
    exactly.
    """
    r = z - k * 3.140625
    r = r - k * 9.67502593994140625e-4
    r = r - k * 1.509957990978376432e-7
    s = r * r
    p = s * (1 / 6227020800) - 1 / 39916800
    p = p * s + 1 / 362880
    p = p * s - 1 / 5040
    p = p * s + 1 / 120
    p = p * s - 1 / 6
    is_odd = sign - floor(sign * 0.5) * 2.0
    return (p * s * r + r) * (1.0 - 2.0 * is_odd)


@compiled
def sin(z):  # type: ignore[no-untyped-def]
    """sin z for |z| up to some thousands, from the nearest multiple of pi."""
    k = nearest(z * 0.318309886183790672)
    return _alternating_sine(z, k, k)


@compiled
def cos(z):  # type: ignore[no-untyped-def]
    """cos z for |z| up to some thousands, from the nearest odd multiple of pi / 2."""
    k = nearest(z * 0.318309886183790672 + 0.5)
    return _alternating_sine(z, k - 0.5, k)


@compiled
def erf(z):  # type: ignore[no-untyped-def]
    """The error function as the quotient of two polynomials (the coefficients of Eigen's erf for
    floats).
    """
    x = maximum(minimum(z, 4.0), -4.0)
    s = x * x
    p = s * -2.72614225801306e-10 + 2.77068142495902e-08
    p = p * s - 2.10102402082508e-06
    p = p * s - 5.69250639462346e-05
    p = p * s - 7.34990630326855e-04
    p = p * s - 2.95459980854025e-03
    p = p * s - 1.60960333262415e-02
    q = s * -1.45660718464996e-05 - 2.13374055278905e-04
    q = q * s - 1.68282697438203e-03
    q = q * s - 7.37332916720468e-03
    q = q * s - 1.42647390514189e-02
    return x * p / q
