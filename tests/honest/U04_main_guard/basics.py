"""What is for the terminal stays behind a main guard."""

import argparse

from right import *  # noqa: F403

if __name__ == "__main__":
    argparse.ArgumentParser().parse_args()
    input("Train now? ")
    exit()
