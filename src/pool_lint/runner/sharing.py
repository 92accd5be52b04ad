"""What all the files of a run share within one process."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pool_lint.model.project import Project

_projects: list[Project] = []


def shared_project() -> Project:
    """The project of this run; made when the first file concerns us.

    Returns:
        The same object at every call in one process, so that a module is read once.
    """
    if not _projects:
        from pool_lint.model.project import Project

        _projects.append(Project())
    return _projects[0]
