"""The optimal portfolio: integer program, multipliers, all selections near the bound, and the certificate."""
