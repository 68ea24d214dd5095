"""The commands that answer from files alone; each module holds one click command called `command`."""
