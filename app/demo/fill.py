"""Fills the first region by hand, and shows how far it is."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.demo.seed import Clerk, seed
from app.runtime import Runtime


async def fill(build: Callable[[], Runtime], data_dir: Path, console: Console) -> list[Clerk]:
    """The clerks of the demonstration points."""
    runtime = build()
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("Demonstration region", total=None)
        clerks = await seed(runtime, data_dir, lambda done, total: progress.update(bar, completed=done, total=total))
    await runtime.close()
    return clerks
