"""What all the files of a run share within one process."""

from __future__ import annotations

import gc

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


def calm_collector() -> None:
    """Let the garbage collector look at old objects less often in a process of our own.

    What a run keeps, the modules of the project, is no garbage, and there is much of it.
    """
    gc.freeze()
    gc.set_threshold(600_000, 20, 50)


def spare_collector() -> None:
    """Take what is kept out of the sight of the garbage collector of somebody else's process.

    flake8 makes much garbage.  Each time the collector looks for it, it would walk the trees of the
    project's modules as well, which costs more than linting.
    """
    gc.collect(1)
    gc.freeze()
