"""The mathematics of the committee: scoring, ranking, allocation, assignment and draws.

Pure functions over plain values: no Flask, no SQL, no clock, no files, nothing of ours from outside this package.
Official figures are exact (int, Fraction, Decimal); floats serve statistics only and never decide.
"""
