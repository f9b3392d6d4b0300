"""The two command lines, `grade.py` (staff.py) and `autograder` (student.py): parse, call, print."""
