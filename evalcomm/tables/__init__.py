"""The engine for people with a spreadsheet: CSV, XLSX and TOML in; table, JSON, CSV and XLSX out; the file commands.

Every refusal names file, row and column. Nothing here loads Flask, a database or the network.
"""
