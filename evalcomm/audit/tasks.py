"""What the worker does for the trail."""

from datetime import datetime

from evalcomm.audit import services
from evalcomm.foundation import outbox


@outbox.periodic("audit.seal", every_seconds=1)
def seal(at: datetime) -> None:
    services.seal(at)


@outbox.periodic("audit.expire_access_log", every_seconds=24 * 3600)
def expire_access_log(at: datetime) -> None:
    services.expire_access_log(at)
