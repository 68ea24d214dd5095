"""`python -m evalcomm`."""

from evalcomm.cli import main

main()
