"""The region in which plans are measured holds whole plans."""

import asyncio
from pathlib import Path

from app.assembly import build_runtime
from app.runtime import Runtime
from app.settings import Settings
from benchmarks.plan import plan_times
from benchmarks.plan_world import add_planners, add_region
from tests.support.server import fresh_region, urls


def test_everybody_who_plans_there_has_a_whole_plan(worker: str, tmp_path: Path) -> None:
    app_url, owner_url = urls()
    region = f"b_{worker}"
    fresh_region(region)
    settings = Settings(database_url=app_url, owner_database_url=owner_url, data_dir=tmp_path, regions=[region])

    async def measure(runtime: Runtime) -> list[float]:
        await add_region(runtime, 12)
        await add_planners(runtime, 2)
        try:
            return await plan_times(runtime, 2)
        finally:
            await runtime.close()

    assert len(asyncio.run(measure(build_runtime(settings)))) == 2
