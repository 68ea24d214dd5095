"""evalcomm: how a ministry spends a fund fairly, from the call to the signed memo."""

__version__ = "0.1.0"
