"""Runs docs/fleet/gates.sql on DuckDB or Spark over the scenarios of ferrule-fleet and compares it with the gate in Rust.

Usage: gates.py duckdb|spark GATES.SQL FOLDER

What it is not: a copy of the SQL; both engines run the file as it is. Exit codes: 0 all agree, 1 some do not, 3 the engine is not installed.
Its last line is `N passed, N failed`.
"""

import json
import pathlib
import sys


def with_duckdb(sql, folder):
    import duckdb

    database = duckdb.connect()
    for view, name in (("lines", "lines.jsonl"), ("features", "features.jsonl")):
        path = str(folder / name).replace("'", "''")
        database.execute(f"CREATE TABLE {view} AS SELECT * FROM read_json('{path}', format = 'newline_delimited', sample_size = -1)")
    result = database.execute(sql)
    names = [column[0] for column in result.description]
    return duckdb.__version__, [dict(zip(names, row)) for row in result.fetchall()]


def with_spark(sql, folder):
    import pyspark
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        # On a busy machine a beat comes late, and Spark gives its own executor up.
        .config("spark.executor.heartbeatInterval", "60s")
        .config("spark.network.timeout", "900s")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for view, name in (("lines", "lines.jsonl"), ("features", "features.jsonl")):
        session.read.json(str(folder / name)).createOrReplaceTempView(view)
    rows = [row.asDict() for row in session.sql(sql).collect()]
    session.stop()
    return pyspark.__version__, rows


def differences(row, expected):
    if row is None:
        return ["the SQL has no row"]
    found = []
    for name in ("evidence", "devices", "devices_burned", "duplicates"):
        if row[name] != expected[name]:
            found.append(f"{name} is {row[name]}, in Rust {expected[name]}")
    # A device that came again counts once, in Rust its first ledger, in SQL the smaller one.
    if expected["duplicates"] == 0:
        for name in ("comparisons", "trials", "burned"):
            if row[name] != expected[name]:
                found.append(f"{name} is {row[name]}, in Rust {expected[name]}")
        for name in ("bound", "device_bound"):
            exact, sql = expected[name], float(row[name])
            # Never below the exact bound, and without an event the same.
            if sql < exact * (1 - 1e-9) or (expected["burned"] == 0 and sql > exact * (1 + 1e-9)):
                found.append(f"{name} is {sql}, in Rust {exact}")
    return found


def main():
    engine, gates, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    try:
        run = {"duckdb": with_duckdb, "spark": with_spark}[engine]
        version, rows = run(gates.read_text(encoding="utf-8"), folder)
    except ModuleNotFoundError as missing:
        print(f"{missing.name} is not installed")
        return 3
    of = {row["feature"]: row for row in rows}
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    passed = failed = 0
    for expected in map(json.loads, lines):
        found = differences(of.pop(expected["feature"], None), expected)
        passed, failed = passed + (not found), failed + bool(found)
        for one in found:
            print(f"{expected['feature']}: {one}")
    for feature in of:
        print(f"{feature}: no scenario has this key")
        failed += 1
    print(f"{engine} {version}: {len(lines)} scenarios")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
