"""The database's own guards, as its catalogue tells them: constraints, triggers, functions, partial indexes, grants.

`alembic check` does not see most of these. The list of a freshly migrated region is committed in
`catalogue.txt`; a test compares, and `manzil doctor` compares the living database. Partitions, which come and go,
have what their table has.
"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import APP_ROLE

FILE = Path(__file__).with_name("catalogue.txt")

_GUARDS = text("""
    WITH here AS (SELECT current_schema()::regnamespace AS schema)
    SELECT 'constraint ' || conrelid::regclass || '.' || conname || ': ' || pg_get_constraintdef(c.oid)
    FROM pg_constraint c LEFT JOIN pg_class k ON k.oid = conrelid, here
    WHERE connamespace = schema AND contype <> 'n' AND k.relispartition IS NOT TRUE
    UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' (' || tgenabled::text || '): '
        || pg_get_triggerdef(t.oid, true)
    FROM pg_trigger t JOIN pg_class k ON k.oid = tgrelid, here
    WHERE relnamespace = schema AND NOT tgisinternal AND NOT relispartition
    UNION ALL SELECT 'function ' || proname || ': '
        || md5(replace(pg_get_functiondef(p.oid), current_schema()::text, ''))
        || CASE WHEN has_function_privilege(:role, p.oid, 'EXECUTE') THEN '' ELSE ' (owner only)' END
    FROM pg_proc p, here WHERE pronamespace = schema
    UNION ALL SELECT 'index ' || indexrelid::regclass || ': ' || pg_get_indexdef(indexrelid)
    FROM pg_index i JOIN pg_class k ON k.oid = indexrelid, here
    WHERE relnamespace = schema AND (indpred IS NOT NULL OR indisunique) AND NOT indisprimary AND NOT relispartition
    UNION ALL SELECT 'grant ' || table_name || ': ' || string_agg(privilege_type, ', ' ORDER BY privilege_type)
    FROM information_schema.table_privileges
    WHERE table_schema = current_schema()::text AND grantee = :role GROUP BY table_name
    UNION ALL SELECT 'grant ' || relname || '.' || attname || ': '
        || string_agg(privilege_type, ', ' ORDER BY privilege_type)
    FROM pg_attribute t JOIN pg_class k ON k.oid = attrelid CROSS JOIN aclexplode(attacl) a
    JOIN pg_roles r ON r.oid = a.grantee, here
    WHERE relnamespace = schema AND rolname = :role GROUP BY relname, attname
    ORDER BY 1
""")


async def guards_of(session: AsyncSession) -> list[str]:
    """One line a guard, sorted, without the region's name."""
    schema = await session.scalar(text("SELECT current_schema()::text"))
    rows = (await session.execute(_GUARDS, {"role": APP_ROLE})).scalars()
    return sorted(" ".join(row.split()).replace(f"{schema}.", "").replace(str(schema), "REGION") for row in rows)


def committed() -> list[str]:
    return FILE.read_text(encoding="utf-8").splitlines()
