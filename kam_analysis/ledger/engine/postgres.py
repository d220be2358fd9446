"""PostgreSQL that is only read: each question is one statement in a read-only transaction, which is rolled back.

Ibis compiles; what it would write along the way is done without writing. The columns of a query are learned from
asking for none of its rows, not from a view, and small frames go along as parameters, not as temporary tables.
"""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir
import pandas as pd
import psycopg
from ibis.backends.postgres import Backend
from ibis.backends.postgres.converter import PostgresPandasData

_TYPES = """
SELECT CASE WHEN t.typtype = 'e' THEN 'enum' ELSE format_type(t.oid, asked.modifier) END
FROM unnest(%s::oid[], %s::int[]) WITH ORDINALITY AS asked (id, modifier, place)
JOIN pg_catalog.pg_type t ON t.oid = asked.id ORDER BY asked.place
"""


_NOWHERE = "kam_nowhere"
codecs.register_error(_NOWHERE, lambda fault: ("\x01" * (fault.end - fault.start), fault.end))  # type: ignore[attr-defined]


class Postgres(Backend):
    """Ibis's PostgreSQL backend; made by `from_connection`."""

    def _post_connect(self) -> None:
        self.con.read_only = True  # every transaction, those in which Ibis looks tables up too
        # With None, statements would go by the simple protocol, which takes several at once.
        self.con.prepare_threshold = 5
        with suppress(psycopg.Error):  # before version 14, and on some systems, a server does not look
            # Killed, we can cancel nothing: the server is to notice, or a query goes on for hours for nobody.
            self.con.execute("SET client_connection_check_interval TO '2s'")
        super()._post_connect()

    @contextmanager
    def asking(self) -> Iterator[Any]:
        """A cursor in a read-only transaction; whatever was done in it is undone, a setting of the session too."""
        with self.con.transaction(force_rollback=True), self.con.cursor() as cursor:
            yield cursor

    def execute(
        self, expr: ir.Expr, /, *, params: Any = None, limit: int | str | None = None, **options: Any
    ) -> pd.DataFrame | pd.Series | Any:
        """The frame of a table, the value of a scalar; as Ibis's own, which would write frames to tables first."""
        table = expr.as_table()
        sql, values = self._with_frames(table, self.compile(table, params=params, limit=limit, **options))
        with self.asking() as cursor:
            sql, values = self._as_it_can_hold(sql), self._as_it_can_hold(values)
            # Prepared: the protocol then takes one statement only.
            rows = cursor.execute(sql, values, prepare=True).fetchall()
        schema = table.schema()
        frame = pd.DataFrame.from_records(rows, columns=schema.names, coerce_float=True)
        return expr.__pandas_result__(PostgresPandasData.convert_table(frame, schema))

    def _with_frames(self, table: ir.Table, sql: str) -> tuple[str, list[Any] | None]:
        """The statement with the small frames that it reads before it, and their columns as its parameters."""
        parts, values = [], []
        for frame in table.op().find(ops.InMemoryTable):
            columns = frame.data.to_pyarrow(frame.schema).columns
            kinds = [self.compiler.type_mapper.to_string(kind) for kind in frame.schema.types]
            names = psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, frame.schema.names)).as_string(self.con)
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            parts.append(f'"{frame.name}" AS (SELECT * FROM unnest({arrays}) AS given ({names}))')
            values += [column.to_pylist() for column in columns]
        if not parts:
            return sql, None
        whole = sql.replace("%", "%%")
        others = whole.removeprefix("WITH ")
        return f"WITH {', '.join(parts)}{' ' if others == whole else ', '}{others}", values

    def _as_it_can_hold(self, given: Any) -> Any:
        """Texts with a sign that is in no data in place of those that a database in Latin-1 cannot hold.

        Our patterns name unseen blanks of Unicode; what cannot be there is not found there.
        """
        if isinstance(given, str):
            codec = self.con.info.encoding
            return given.encode(codec, _NOWHERE).decode(codec)
        return [self._as_it_can_hold(each) for each in given] if isinstance(given, list) else given

    def _get_schema_using_query(self, query: str) -> sch.Schema:
        with self.asking() as cursor:
            cursor.execute(f"SELECT * FROM (\n{query}\n) AS asked LIMIT 0", prepare=True)
            names = [column.name for column in cursor.description]
            found = cursor.pgresult
            kinds = [[read(at) for at in range(len(names))] for read in (found.ftype, found.fmod)]
            types = [kind for (kind,) in cursor.execute(_TYPES, kinds, prepare=True)]
        read = self.compiler.type_mapper.from_string
        return sch.Schema.from_tuples([(name, read(kind)) for name, kind in zip(names, types, strict=True)])
