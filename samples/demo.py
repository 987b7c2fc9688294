"""The main job on every sample: a value, a gradient, and SymPy's verdict on the code that computed it.

    python samples/demo.py
"""
import arm
import black_scholes
import colebrook
import course
import fit
import gmm
import heat
import kepler
import logistic
import mlp
import numpy as np
import pendulum
import tariff

# Each function with the arguments to show it at.
SHOWN = [
    (course.J, {"a": 5.0, "b": 3.0, "c": 2.0}),
    (course.triple, {"a": 2.0}),
    (logistic.loss, {"w1": 0.5, "w2": -0.3, "b": 0.1, "x1": 1.0, "x2": 2.0, "y": 1.0}),
    (black_scholes.call_price, {"S": 100.0, "K": 95.0, "T": 0.5, "r": 0.03, "sigma": 0.2}),
    (kepler.eccentric_anomaly, {"M": 0.3, "e": 0.1}),
    (colebrook.friction_factor, {"Re": 1e5, "k": 1e-4}),
    (pendulum.final_angle, {"theta": 0.5, "omega": 0.0, "length": 1.0, "damping": 0.1, "steps": 2}),
    (tariff.income_tax, {"income": 60_000.0, "deduction": 14_600.0}),
    (arm.miss, {"q1": 0.3, "q2": 0.5, "x_target": 0.6, "y_target": 1.2}),
]
# Functions of arrays: small ones, so that SymPy can look at every element.
PLATE = np.array([[0.0, 0.5, 0.25, 0.0], [1.0, 0.5, 0.0, 0.25], [0.0, 1.0, 0.75, 0.0], [0.5, 0.0, 0.25, 1.0]])
SHOWN_ARRAYS = [
    (fit.misfit, (np.array([250.0, 0.5]), fit.PRESSURE[:3], fit.VOLUME[:3])),
    (gmm.log_likelihood, (np.zeros(2), np.diag([1.0, 2.0]), np.zeros((2, 2)), np.array([[0.5, 1.0], [1.5, -1.0]]))),
    (heat.misfit, (PLATE, 0.2, np.zeros((4, 4)), 2)),
    (mlp.loss, (PLATE[:2, :2], np.array([1, 0]), PLATE[:2], PLATE[2], PLATE[:, :2], PLATE[3, :2])),
]


def main():
    """Print all of them."""
    for function, point in SHOWN:
        value, gradient = function.value_and_grad(**point)
        numbers = gradient if isinstance(gradient, tuple) else (gradient,)
        print(f"{function.__name__}({', '.join(f'{name}={number:g}' for name, number in point.items())}) = {value:.6g}")
        print("   ", ", ".join(f"d{name} = {number:.6g}" for name, number in zip(function.wrt, numbers, strict=True)))
        verdict = function.compare(points=[point])
        print(f"    SymPy: {verdict.status} ({', '.join(sorted({partial.how for partial in verdict.partials}))})")
    for function, point in SHOWN_ARRAYS:
        value, gradient = function.value_and_grad(*point)
        parts = gradient if isinstance(gradient, tuple) else (gradient,)
        sizes = ["x".join(map(str, np.shape(part))) or f"{part:g}" for part in point]
        print(f"{function.__name__}({', '.join(sizes)}) = {value:.6g}")
        for name, part in zip(function.wrt, parts, strict=True):
            print(f"    d{name} = {np.round(part, 4).tolist()}")
        verdict = function.compare(like=point)
        print(f"    SymPy: {verdict.status} ({', '.join(sorted({partial.how for partial in verdict.partials}))})")


if __name__ == "__main__":
    main()
