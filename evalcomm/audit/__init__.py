"""The trail: who did what, when, from where. Append-only, sealed in hash-chained batches; and the log of personal data that was read.

Invariants: an entry is written in the transaction of the verb (`services.record`) and carries its own hash; the database refuses to update
or delete it; `services.seal` orders committed entries into batches, each naming the hash of the one before; `services.verify` names the
first break, in the chain or in what an entry names by its hash (`evidence`). Entries carry ids and version hashes, never scores, texts or names.
"""
