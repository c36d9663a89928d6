import type { Fault } from "../model/fault.ts";
import { workOnPostgres } from "./work-on-postgres.ts";

const TABLE = "dpg_bench_checkpoint_storm";
const SECONDS = 15;
/** About 20 MB, all of which each round makes dirty and each checkpoint writes. */
const ROWS = 40_000;

const create = `CREATE TABLE IF NOT EXISTS ${TABLE} AS SELECT i AS id, 0 AS round, repeat('x', 400) AS filler FROM generate_series(1, ${ROWS}) i`;

const storm = `
DO $work$
DECLARE until timestamptz := clock_timestamp() + interval '${SECONDS} s';
BEGIN
  WHILE clock_timestamp() < until LOOP
    UPDATE ${TABLE} SET round = round + 1;
    COMMIT;
    EXECUTE 'CHECKPOINT';
  END LOOP;
END
$work$`;

const drop = `DROP TABLE IF EXISTS ${TABLE}`;

export const checkpointStorm: Fault = {
  kind: "fault",
  name: "checkpoint-storm",
  title: "Checkpoint storm",
  mechanism: `For ${SECONDS} s one session changes every row of a table of 20 MB and checkpoints, again and again; afterwards its backend is terminated and the table dropped.`,
  why: "A bulk load with a max_wal_size that is too small: every page is written again and again, and its full image to the WAL.",
  failureClass: "slowness",
  hits: ["postgres"],
  needs: ["commands"],
  needsPatroni: false,
  healing: "after-recovery",
  lastsSeconds: SECONDS,
  ...workOnPostgres({
    name: "dpg-bench checkpoint-storm",
    statements: [create, storm, drop],
    seconds: SECONDS + 15,
    undo: [drop],
  }),
};
