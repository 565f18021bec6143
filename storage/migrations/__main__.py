"""Writes the next step from what the records say: `python -m storage.migrations "What it does"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from storage import schema
from storage.engine import connect


def write_step(what: str) -> Path:
    """The file of a new step that leads from the steps so far to the records as they are."""
    number = f"{len(schema.steps()) + 1:04}"
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/so-far.db", "BEGIN IMMEDIATE")
        if schema.steps():
            # To that step by name: what follows the newest one counts on the records of today.
            schema.upgrade(engine, schema.steps()[-1])
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.revision(config, what, autogenerate=True, rev_id=number)
        engine.dispose()
    (path,) = schema.MIGRATIONS.glob(f"versions/{number}_*.py")
    lines = path.read_text("utf-8").splitlines()
    # Alembic asks for the step to be read through, which the review of the change is for.
    path.write_text("\n".join(line for line in lines if "# ###" not in line) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write_step(' '.join(sys.argv[1:]) or 'Change the schema')}\n")
