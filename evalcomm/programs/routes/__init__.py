"""The pages of this room, by those who use them."""

from evalcomm.programs.routes import amendments, drafts, expert, public
from evalcomm.programs.routes.frame import blueprint

__all__ = ["amendments", "blueprint", "drafts", "expert", "public"]
