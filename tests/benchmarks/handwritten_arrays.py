"""Functions of arrays as people write them, each with the value and gradient that a good engineer writes by hand.

Written by the authors of gradgen to be measured against: forward, then backward; what two lines share is computed once, and
nothing is looked up or checked. Never made by gradgen.
"""
# The text is what is measured: no annotations but those that gradgen reads.
import numpy as np


def logistic(w, b, X, y):
    """Mean cross-entropy of labels y, 0 or 1, in a logistic regression."""
    z = X @ w + b
    return np.mean(np.logaddexp(0, z) - y * z)


def logistic_value_and_grad(w, b, X, y):
    z = X @ w + b
    softplus = np.logaddexp(0, z)
    dz = (np.exp(z - softplus) - y) / len(y)
    return np.mean(softplus - y * z), (X.T @ dz, np.sum(dz))


def mlp(X, labels, W1, b1, W2, b2):
    """Mean cross-entropy of class labels in a network of two layers."""
    h = np.tanh(X @ W1 + b1)
    scores = h @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def mlp_value_and_grad(X, labels, W1, b1, W2, b2):
    h = np.tanh(X @ W1 + b1)
    scores = h @ W2 + b2
    scores -= scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    total = np.sum(p, axis=1, keepdims=True)
    p /= total
    log_p = scores - np.log(total)
    rows = np.arange(len(labels))
    value = -np.mean(log_p[rows, labels])
    p[rows, labels] -= 1
    p /= len(labels)
    dz = (p @ W2.T) * (1 - h ** 2)
    return value, (X.T @ dz, dz.sum(axis=0), h.T @ p, p.sum(axis=0))


def gmm(alphas, means, log_scales, lower, X):
    """Log-likelihood of points under a mixture of Gaussians: weights softmax(alphas), roots of the precisions in `lower`."""
    n, d = X.shape
    roots = np.exp(log_scales)[:, :, None] * np.eye(d) + np.tril(lower, -1)
    z = (X - means[:, None, :]) @ np.swapaxes(roots, 1, 2)
    terms = (alphas + np.sum(log_scales, axis=1))[:, None] - 0.5 * np.sum(z ** 2, axis=2)
    top = np.max(terms, axis=0)
    inner = top + np.log(np.sum(np.exp(terms - top), axis=0))
    return np.sum(inner) - n * np.log(np.sum(np.exp(alphas)))


def gmm_value_and_grad(alphas, means, log_scales, lower, X):
    n, d = X.shape
    scales = np.exp(log_scales)
    roots = scales[:, :, None] * np.eye(d) + np.tril(lower, -1)
    centred = X - means[:, None, :]
    z = centred @ np.swapaxes(roots, 1, 2)
    terms = (alphas + np.sum(log_scales, axis=1))[:, None] - 0.5 * np.sum(z ** 2, axis=2)
    top = np.max(terms, axis=0)
    p = np.exp(terms - top)
    total = np.sum(p, axis=0)
    weights = np.exp(alphas)
    weight = np.sum(weights)
    value = np.sum(top + np.log(total)) - n * np.log(weight)

    p /= total
    counts = p.sum(axis=1)
    dz = -p[:, :, None] * z
    droots = np.swapaxes(dz, 1, 2) @ centred
    dmeans = -(dz @ roots).sum(axis=1)
    dlog_scales = counts[:, None] + np.diagonal(droots, axis1=1, axis2=2) * scales
    return value, (counts - n * weights / weight, dmeans, dlog_scales, np.tril(droots, -1))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(W, U, b, xs):
    """Sum of squares of the outputs of a long short-term memory that is run over xs."""
    n = U.shape[0]
    h = np.zeros(n)
    c = np.zeros(n)
    total = 0.0
    for x in xs:
        z = x @ W + h @ U + b
        i = sigmoid(z[:n])
        f = sigmoid(z[n:2 * n])
        g = np.tanh(z[2 * n:3 * n])
        o = sigmoid(z[3 * n:])
        c = f * c + i * g
        h = o * np.tanh(c)
        total = total + np.sum(h ** 2)
    return total


def lstm_value_and_grad(W, U, b, xs):
    n = U.shape[0]
    h = np.zeros(n)
    c = np.zeros(n)
    total = 0.0
    tape = []
    for x in xs:
        z = x @ W + h @ U + b
        i = sigmoid(z[:n])
        f = sigmoid(z[n:2 * n])
        g = np.tanh(z[2 * n:3 * n])
        o = sigmoid(z[3 * n:])
        last_c, last_h = c, h
        c = f * c + i * g
        tanh_c = np.tanh(c)
        h = o * tanh_c
        total = total + np.sum(h ** 2)
        tape.append((last_c, last_h, i, f, g, o, tanh_c, h))

    dW = np.zeros_like(W)
    dU = np.zeros_like(U)
    db = np.zeros_like(b)
    dxs = np.empty_like(xs)
    dc = np.zeros(n)
    dh = np.zeros(n)
    for t in range(len(xs) - 1, -1, -1):
        c, last_h, i, f, g, o, tanh_c, h = tape.pop()
        dh = dh + 2 * h
        dc = dc + dh * o * (1 - tanh_c ** 2)
        dz = np.empty_like(b)
        dz[:n] = dc * g * i * (1 - i)
        dz[n:2 * n] = dc * c * f * (1 - f)
        dz[2 * n:3 * n] = dc * i * (1 - g ** 2)
        dz[3 * n:] = dh * tanh_c * o * (1 - o)
        dc = dc * f
        dW += np.outer(xs[t], dz)
        dU += np.outer(last_h, dz)
        db += dz
        dxs[t] = W @ dz
        dh = U @ dz
    return total, (dW, dU, db, dxs)


def reprojection(rotation, translation, focal, k1, k2, points, pixels):
    """Sum of the squared distances between the pixels that a camera saw and those where it should see the points."""
    theta = np.sqrt(np.sum(rotation ** 2))
    axis = rotation / theta
    cos, sin = np.cos(theta), np.sin(theta)
    along = points @ axis
    p = points * cos + np.cross(axis, points) * sin + np.outer(along, axis) * (1 - cos) + translation
    u = -p[:, 0] / p[:, 2]
    v = -p[:, 1] / p[:, 2]
    r2 = u ** 2 + v ** 2
    scale = focal * (1 + k1 * r2 + k2 * r2 ** 2)
    return np.sum((scale * u - pixels[:, 0]) ** 2 + (scale * v - pixels[:, 1]) ** 2)


def reprojection_value_and_grad(rotation, translation, focal, k1, k2, points, pixels):
    theta = np.sqrt(np.sum(rotation ** 2))
    axis = rotation / theta
    cos, sin = np.cos(theta), np.sin(theta)
    along = points @ axis
    crossed = np.cross(axis, points)
    outer = np.outer(along, axis)
    p = points * cos + crossed * sin + outer * (1 - cos) + translation
    z = p[:, 2]
    u = -p[:, 0] / z
    v = -p[:, 1] / z
    r2 = u ** 2 + v ** 2
    distortion = 1 + k1 * r2 + k2 * r2 ** 2
    scale = focal * distortion
    eu = scale * u - pixels[:, 0]
    ev = scale * v - pixels[:, 1]
    value = np.sum(eu ** 2 + ev ** 2)

    deu, dev = 2 * eu, 2 * ev
    dscale = deu * u + dev * v
    dfocal = dscale @ distortion
    ddistortion = dscale * focal
    dk1 = ddistortion @ r2
    dk2 = ddistortion @ r2 ** 2
    dr2 = ddistortion * (k1 + 2 * k2 * r2)
    du = deu * scale + 2 * dr2 * u
    dv = dev * scale + 2 * dr2 * v
    dp = np.empty_like(p)
    dp[:, 0] = -du / z
    dp[:, 1] = -dv / z
    dp[:, 2] = -(du * u + dv * v) / z
    dtranslation = dp.sum(axis=0)
    dcrossed = dp * sin
    douter = dp * (1 - cos)
    dalong = douter @ axis
    dpoints = dp * cos + np.cross(dcrossed, axis) + np.outer(dalong, axis)
    daxis = np.cross(points, dcrossed).sum(axis=0) + along @ douter + dalong @ points
    dcos = np.sum(dp * points) - np.sum(dp * outer)
    dtheta = np.sum(dp * crossed) * cos - dcos * sin - (daxis @ axis) / theta
    drotation = daxis / theta + dtheta * axis
    return value, (drotation, dtranslation, dfocal, dk1, dk2, dpoints)


def heat(u0, k, steps: int):
    """The heat equation on a square, in place: the sum of squares after some steps."""
    u = u0.copy()
    for _ in range(steps):
        u[1:-1, 1:-1] += k * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1])
    return np.sum(u ** 2)


def heat_value_and_grad(u0, k, steps: int):
    u = u0.copy()
    tape = []
    for _ in range(steps):
        tape.append(u.copy())
        u[1:-1, 1:-1] += k * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1])
    value = np.sum(u ** 2)

    du = 2 * u
    dk = 0.0
    for _ in range(steps):
        u = tape.pop()
        inner = du[1:-1, 1:-1]
        dk += np.sum(inner * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]))
        flow = k * inner
        du[2:, 1:-1] += flow
        du[:-2, 1:-1] += flow
        du[1:-1, 2:] += flow
        du[1:-1, :-2] += flow
        du[1:-1, 1:-1] -= 4 * flow
    return value, (du, dk)


def logsumexp(x):
    """log(sum(exp(x))), safe for large x."""
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def logsumexp_value_and_grad(x):
    top = np.max(x)
    e = np.exp(x - top)
    total = np.sum(e)
    return top + np.log(total), e / total


def log_determinant(A):
    """The logarithm of the absolute value of a determinant."""
    return np.linalg.slogdet(A)[1]


def log_determinant_value_and_grad(A):
    return np.linalg.slogdet(A)[1], np.linalg.inv(A).T


def kmeans(centres, X):
    """Sum of the squared distances of points to the nearest centre."""
    distances = np.sum((X[:, None, :] - centres) ** 2, axis=2)
    return np.sum(np.min(distances, axis=1))


def kmeans_value_and_grad(centres, X):
    away = X[:, None, :] - centres
    distances = np.sum(away ** 2, axis=2)
    nearest = np.min(distances, axis=1)
    held = (distances == nearest[:, None]).astype(float)
    held /= held.sum(axis=1, keepdims=True)
    return np.sum(nearest), -2 * np.sum(held[:, :, None] * away, axis=0)


def rosenbrock(x):
    """Rosenbrock's function of a vector."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_value_and_grad(x):
    first = x[:-1]
    r = x[1:] - first ** 2
    s = 1 - first
    value = np.sum(100.0 * r ** 2 + s ** 2)
    dr = 200.0 * r
    dx = np.zeros_like(x)
    dx[1:] = dr
    dx[:-1] -= 2 * dr * first + 2 * s
    return value, dx


def rosenbrock_loop(x):
    """Rosenbrock's function of a vector, in a loop over its elements."""
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return total


def rosenbrock_loop_value_and_grad(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2

    dx = np.zeros_like(x)
    for i in range(len(x) - 1):
        dr = 200.0 * (x[i + 1] - x[i] ** 2)
        dx[i + 1] += dr
        dx[i] -= 2 * dr * x[i] + 2 * (1 - x[i])
    return total, dx
