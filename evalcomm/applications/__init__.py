"""Proposals from the first draft to the receipt, and the check of formal requirements.

Invariants: a submitted version is immutable (`models.Submission`, append-only) and carries the SHA-256 of its content and of every file
(`services.submit_application`); nothing goes in after the deadline (`policies.is_open_for_changes`, decided on the server's receipt of the complete
request); a draft is saved by compare-and-set on its tag (`services.save_section`); an attachment's bytes lie under their hash.
"""
