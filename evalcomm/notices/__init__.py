"""Messages to people: written in the transaction of the verb that causes them, sent by the worker after the commit.

Without a mail server they stay in the outbox, where the administrator reads them in the browser. A message is sent at least once; `sent_at`
is set by `tasks.send` only.
"""
