"""The command line, `rapport`: run it, try it out, set it up, look after it."""

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

# Everything else is imported by the command that needs it: asking for help must not load a CRM.
app = typer.Typer(
    help="A CRM that lives in chat: your team in Slack, your customers in Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Language = Literal["en", "zh"]
Progress = Callable[[int, int], None]
WRONG_SETTINGS = 2
# No permission, no space, a port that is taken: for the operator to change, not bugs.
MACHINE_SAYS_NO = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EADDRINUSE}


def main() -> None:
    """What `rapport` starts."""
    app(prog_name="rapport")


@contextmanager
def in_words() -> Iterator[None]:
    """What may be expected to go wrong is one sentence on stderr, never a traceback."""
    from bot.settings import SettingsError
    from storage.errors import StorageError

    try:
        yield
    except SettingsError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(WRONG_SETTINGS) from None
    except StorageError as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from None
    except OSError as refused:
        if refused.errno not in MACHINE_SAYS_NO:
            raise
        where = f"{refused.filename}: " if refused.filename else ""
        typer.echo(f"{where}{refused.strerror}.", err=True)
        raise typer.Exit(1) from None


@contextmanager
def progress_of(label: str) -> Iterator[Progress]:
    """A bar on stderr while something long goes on; nothing when nobody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def version(wanted: bool) -> None:
    """Print which Rapport this is, and stop."""
    if wanted:
        from importlib import metadata

        try:
            typer.echo(metadata.version("rapport-crm"))
        except metadata.PackageNotFoundError:
            typer.echo("run from its source, not installed")
        raise typer.Exit


@app.callback()
def rapport(
    _: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Which one it is.")
    ] = False,
) -> None:
    """A CRM that lives in chat: your team in Slack, your customers in Telegram."""


@app.command()
def run() -> None:
    """Serve the team and its customers until stopped."""
    _serve()


def _serve(**handed: Any) -> None:
    """`handed` goes to `bot.app.run`: another tempo, another handler."""
    with in_words():
        import asyncio
        import gc

        # What start-up builds stays: looking through it again and again costs a sixth of it. The
        # collector begins when we listen.
        gc.disable()
        from bot.app import run as serve
        from bot.logs import set_up
        from bot.settings import load
        from storage.engine import Store
        from storage.ready import ready
        from storage.work import Clock

        settings = load()
        set_up(settings)
        with ExitStack() as held:
            # The bar is gone before serving begins; the database stays ours until the end.
            with progress_of("Upgrading") as progress:
                readiness = held.enter_context(ready(settings.database_url, Clock(), progress))
            _say_copy(readiness)
            store = Store(settings.database_url)
            held.callback(store.close)
            asyncio.run(serve(settings, store, **handed))


def _say_copy(readiness: Any) -> None:
    if readiness.copy is not None:
        typer.echo(f"The database was upgraded; as it was before it is kept in {readiness.copy}.")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is served.")] = 8000,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    language: Annotated[Language, typer.Option(help="Of the team in it.")] = "en",
) -> None:
    """Try it on this machine; no account needed."""
    with in_words():
        from bot.playground import demo as playing

        playing.main(port, browser=not no_browser, language=language)


@app.command()
def init() -> None:
    """Set up: ask for the tokens, try them, write .env."""
    with in_words():
        from bot.first_steps import begin

        begin()


@app.command()
def doctor() -> None:
    """See what is well and what is not."""
    with in_words():
        import asyncio

        from bot.doctor import ILL, examine
        from storage.work import Clock

        findings = asyncio.run(examine(Clock()))
        for finding in findings:
            typer.echo(str(finding))
        if any(finding.mark == ILL for finding in findings):
            raise typer.Exit(1)


@app.command("slack-manifest")
def slack_manifest(
    url: Annotated[
        str | None,
        typer.Option(help="Public https address of this server, when not in Socket Mode."),
    ] = None,
) -> None:
    """Print the manifest for the Slack app."""
    import json

    from bot.slack.manifest import manifest
    from bot.so_far import public_url

    if url is not None and not url.startswith("https://"):
        raise typer.BadParameter("Slack posts only to an address that begins with https://.")
    typer.echo(json.dumps(manifest(url, public_url()), indent=2, ensure_ascii=False))


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this Rapport."""
    with in_words():
        from bot.so_far import database_url
        from storage.ready import ready
        from storage.work import Clock

        with progress_of("Upgrading") as progress, ready(database_url(), Clock(), progress) as done:
            _say_copy(done)
            if done.before.pending:
                typer.echo(f"The database has schema {done.after.current} now.")
            else:
                typer.echo(f"The database is up to date ({done.after.current}).")


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; backups/ when not given.")] = None,
) -> None:
    """Copy the database, also while Rapport runs."""
    with in_words():
        from bot.so_far import database_url
        from storage.backup import back_up, usual_name
        from storage.work import Clock

        url = database_url()
        with progress_of("Copying") as progress:
            made = back_up(url, file or usual_name(url, Clock().now()), progress)
        typer.echo(f"The copy is {made} ({made.stat().st_size:,} bytes).")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `rapport backup` made.")],
) -> None:
    """Put a copy in the database's place.

    The present one is kept under another name, and messages are held until `rapport release`.
    """
    with in_words():
        from bot.so_far import database_url
        from storage.backup import restore as put_back
        from storage.work import Clock

        with progress_of("Restoring") as progress:
            aside = put_back(database_url(), file, Clock().now(), progress)
        typer.echo(f"The database is as it was in {file}.")
        if aside is not None:
            typer.echo(f"What was there before is kept in {aside}.")
        typer.echo("Messages are held: look at what waits, then `rapport release`.")


@app.command()
def release() -> None:
    """Let messages go again after a restore."""
    with in_words():
        from bot.so_far import database_url
        from handlers.actions.house import release as let_go
        from storage.engine import Store
        from storage.ready import must_be_ours

        url = database_url()
        must_be_ours(url)
        store = Store(url)
        try:
            was_held = store.write(let_go)
        finally:
            store.close()
        typer.echo("Messages go again." if was_held else "Nothing was held.")


@app.command()
def find(
    words: Annotated[list[str], typer.Argument(help="A name, a phone, filters like tag:vip.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at the most.")] = 10,
) -> None:
    """Look somebody up; typos are fine."""
    with in_words():
        from bot.finding import found_people
        from bot.so_far import database_url
        from storage.engine import Store
        from storage.ready import must_be_ours

        url = database_url()
        must_be_ours(url)
        store = Store(url)
        try:
            lines = store.read(lambda work: found_people(work, " ".join(words), limit))
        finally:
            store.close()
        if not lines:
            typer.echo("Nobody comes near.", err=True)
            raise typer.Exit(1)
        typer.echo("\n".join(lines))


@app.command("import")
def import_file(
    file: Annotated[Path | None, typer.Argument(help="CSV, Excel or vCard.")] = None,
    columns: Annotated[
        str, typer.Option("--map", help='What columns mean: "Heading=phone, 3=name, Other=-".')
    ] = "",
    dates: Annotated[
        Literal["auto", "dmy", "mdy"], typer.Option(help="What 3/4/2020 means.")
    ] = "auto",
    region: Annotated[str, typer.Option(help="Country of phones without one: DE, US, CN.")] = "",
    encoding: Annotated[str, typer.Option(help="When it is not told rightly.")] = "",
    sheet: Annotated[str, typer.Option(help="Of a workbook; the first that holds anything.")] = "",
    known: Annotated[
        Literal["fill", "overwrite", "skip"], typer.Option(help="Who is known already.")
    ] = "fill",
    unknown: Annotated[
        Literal["make", "report"], typer.Option(help="Orders of people who are not known.")
    ] = "make",
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing/--skip-bad", help="What a bad row means.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also when it was imported.")] = False,
    undo: Annotated[int | None, typer.Option(help="Take back the import of that number.")] = None,
) -> None:
    """Bring in customers from a file, or take a whole import back."""
    if (file is None) is (undo is None):
        raise typer.BadParameter("Name a file, or an import with --undo.")
    if file is not None and not file.is_file():
        raise typer.BadParameter(f"There is no file {file}.")
    with in_words(), _store_for_importing() as store:
        from bot import importing
        from storage.records import ImportMode, OnKnown

        try:
            if file is None:
                assert undo is not None
                with progress_of("Taking back") as progress:
                    record = importing.undone(store, undo, progress)
                typer.echo(importing.summary(record))
                return
            told = {"changes": columns, "order": "" if dates == "auto" else dates}
            told |= {"use_region": region.upper(), "use_encoding": encoding, "use_sheet": sheet}
            told |= {"unknown": unknown}
            mode = ImportMode.ALL_OR_NOTHING if all_or_nothing else ImportMode.SKIP_BAD
            wish = importing.Wish(file, mode, OnKnown(known), again, told)
            _bring_in(store, wish, dry_run=dry_run, ask=not yes)
        except importing.CannotImport as wrong:
            typer.echo(str(wrong), err=True)
            raise typer.Exit(1) from None


@contextmanager
def _store_for_importing() -> Iterator[Any]:
    """The database, upgraded if need be."""
    from bot.so_far import database_url
    from storage.engine import Store
    from storage.ready import ready
    from storage.work import Clock

    url = database_url()
    with ready(url, Clock()):
        store = Store(url)
        try:
            yield store
        finally:
            store.close()


def _bring_in(store: Any, wish: Any, *, dry_run: bool, ask: bool) -> None:
    """Look at a file, ask, and write its rows; or go on where it was broken off."""
    from bot import importing

    begun = None if dry_run else importing.begun(store, wish)
    if begun is not None:
        typer.echo(f"Import {begun.number} was broken off; it goes on.")
        with progress_of("Importing") as progress:
            record = importing.gone_on(store, begun, wish.file, progress)
    else:
        with progress_of("Reading") as progress:
            look = importing.looked(store, wish, progress)
        typer.echo("\n".join(importing.told(look)))
        if dry_run:
            return
        if ask and not typer.confirm("Import?"):
            raise typer.Exit(1)
        with progress_of("Importing") as progress:
            record = importing.carried_out(store, wish, look, progress)
    typer.echo(importing.summary(record))
    beside = wish.file.with_name(f"{wish.file.stem}-problems-{record.number}.csv")
    if importing.problems(store, record, beside):
        typer.echo(f"The rows to look at are in {beside}.")


@app.command("export")
def export_file(
    file: Annotated[Path, typer.Argument(help="Where to: .csv, .xlsx, .vcf or .json.")],
    words: Annotated[
        str, typer.Option("--filter", help='Whom: "tag:vip city:berlin"; everybody if not given.')
    ] = "",
) -> None:
    """Write customers into a file, also while Rapport runs."""
    with in_words():
        from bot import importing
        from bot.so_far import database_url
        from storage.engine import Store
        from storage.ready import must_be_ours

        url = database_url()
        must_be_ours(url)
        store = Store(url)
        try:
            with progress_of("Exporting") as progress:
                count = importing.exported(store, file, words, progress)
        except importing.CannotImport as wrong:
            typer.echo(str(wrong), err=True)
            raise typer.Exit(1) from None
        finally:
            store.close()
        typer.echo(f"{count:,} customers are in {file}.")


@app.command("commands")
def table_of_commands(
    language: Annotated[Language, typer.Option(help="Of what it says.")] = "en",
) -> None:
    """Print what the team can type, as Markdown."""
    from bot.manual import command_table

    typer.echo(command_table(language), nl=False)


if __name__ == "__main__":
    main()
