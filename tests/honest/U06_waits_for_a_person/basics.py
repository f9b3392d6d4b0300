"""It asks for something when it is imported."""

from right import *  # noqa: F403

name = input("Your name? ")
