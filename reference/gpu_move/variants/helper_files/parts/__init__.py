"""The two halves of the exercise."""
