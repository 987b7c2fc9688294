"""The price of a European call option by Black and Scholes, and its Greeks: the gradient of the price.

F. Black and M. Scholes, The Pricing of Options and Corporate Liabilities, Journal of Political Economy 81 (1973), 637-654.
The Greeks have closed forms (J. C. Hull, Options, Futures, and Other Derivatives, chapter on the Greek letters), which the
tests compare with: delta = N(d1), vega = S n(d1) sqrt(T), rho = K T exp(-r T) N(d2), theta = -dT.
"""
import math

from gradgen import differentiable


def normal_cdf(x):
    """The probability that a standard normal variable is below x."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


@differentiable
def call_price(S, K, T, r, sigma):
    """The price of the right to buy at K in T years what costs S today.

    S, K: in one currency. T: years. r: risk-free rate per year, continuously compounded. sigma: volatility per square root of a
    year. With respect to S the derivative is delta, to sigma vega, to r rho; theta is minus that with respect to T.
    """
    spread = sigma * math.sqrt(T)
    d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / spread
    d2 = d1 - spread
    return S * normal_cdf(d1) - K * math.exp(-r * T) * normal_cdf(d2)


if __name__ == "__main__":
    price, (delta, dK, dT, rho, vega) = call_price.value_and_grad(S=100.0, K=95.0, T=0.5, r=0.03, sigma=0.2)
    print(f"price {price:.4f}, delta {delta:.4f}, vega {vega:.4f}, theta {-dT:.4f} per year, rho {rho:.4f}")
