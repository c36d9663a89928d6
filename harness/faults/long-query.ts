import type { Fault } from "../model/fault.ts";
import { workOnPostgres } from "./work-on-postgres.ts";

const SECONDS = 30;

const statement = `
DO $work$
DECLARE until timestamptz := clock_timestamp() + interval '${SECONDS} s';
BEGIN
  WHILE clock_timestamp() < until LOOP
    PERFORM count(sqrt(i)) FROM generate_series(1, 100000) i;
  END LOOP;
END
$work$`;

export const longQuery: Fault = {
  kind: "fault",
  name: "long-query",
  title: "Long query",
  mechanism: `One session keeps a core busy with one statement for ${SECONDS} s; afterwards its backend is terminated.`,
  why: "A report, a badly planned join, an analyst: what a primary has to bear every day.",
  failureClass: "slowness",
  hits: ["postgres"],
  needs: ["commands"],
  needsPatroni: false,
  healing: "after-recovery",
  lastsSeconds: SECONDS,
  ...workOnPostgres({
    name: "dpg-bench long-query",
    statements: [statement],
    seconds: SECONDS + 5,
    undo: [],
  }),
};
