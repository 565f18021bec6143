"""What is proved about a process that is killed is proved on a disk."""

from pathlib import Path

import pytest


@pytest.fixture
def database_folder(tmp_path: Path) -> Path:
    """On the disk, where each commit waits until it is there."""
    return tmp_path
