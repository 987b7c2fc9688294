"""Income tax from a table of brackets: piecewise linear, so its derivative is the marginal rate.

The table is that of the United States for single filers, tax year 2024 (Internal Revenue Service, Rev. Proc. 2023-34,
section 3.01, table 3).
"""
from gradgen import differentiable

# Taxable income from which a rate applies, in dollars, and the rate.
BRACKETS = (
    (0.0, 0.10),
    (11_600.0, 0.12),
    (47_150.0, 0.22),
    (100_525.0, 0.24),
    (191_950.0, 0.32),
    (243_725.0, 0.35),
    (609_350.0, 0.37),
)


@differentiable
def income_tax(income, deduction):
    """The tax in dollars on an income after a deduction, both in dollars. With respect to income: the marginal rate."""
    taxable = max(income - deduction, 0.0)
    tax = 0.0
    rate_below = 0.0
    for start, rate in BRACKETS:
        if taxable <= start:
            break
        tax += (taxable - start) * (rate - rate_below)
        rate_below = rate
    return tax


if __name__ == "__main__":
    for income in (10_000.0, 60_000.0, 250_000.0):
        tax, (marginal, _) = income_tax.value_and_grad(income, 14_600.0)
        print(f"income ${income:,.0f}: tax ${tax:,.2f}, marginal rate {marginal:.0%}")
