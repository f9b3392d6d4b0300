"""The two folders that staff and students share."""

import os
import stat
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError, GraderError

__all__ = ["open_folders"]

INBOX_MODE = 0o1733
"""Everybody may add a file, nobody but the owner may list the folder, and nobody may move what is not theirs."""
FEEDBACK_MODE = 0o711


def open_folders(course: Course) -> tuple[Path, Path]:
    """Return the inbox and the feedback folder, made with the rights that they need where they are missing.

    Raises:
        CourseError: course.toml does not name both.
        GraderError: one of them cannot be made or read.
    """
    if course.inbox is None or course.feedback is None:
        raise CourseError(
            "course.toml names no inbox, or no feedback folder. Add `inbox` and `feedback`: two folders on a disk that "
            "students reach."
        )
    for folder, mode in ((course.inbox, INBOX_MODE), (course.feedback, FEEDBACK_MODE)):
        try:
            if not folder.exists():
                folder.mkdir(parents=True)
            about = folder.stat()
            if stat.S_ISDIR(about.st_mode) and stat.S_IMODE(about.st_mode) != mode:
                if about.st_uid != os.geteuid():
                    raise GraderError(
                        f"{folder} has the rights {stat.S_IMODE(about.st_mode):o}, with which students could read or "
                        f"change what is not theirs. Have its owner run: chmod {mode:o} {folder}"
                    )
                folder.chmod(mode)
            os.listdir(folder)
        except OSError as error:
            raise GraderError(
                f"{folder} cannot be opened: {error.strerror}. Run this as the user who owns the folder, or correct "
                "its name in course.toml."
            ) from error
    return course.inbox, course.feedback
