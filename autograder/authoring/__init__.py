"""What instructors need to write exercises and to prove them."""
