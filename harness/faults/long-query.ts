import type { Fault } from "../model/fault.ts";
import { onEachNode } from "./on-each-node.ts";
import { everyNodeWorks } from "./work-on-postgres.ts";

const NAME = "dpg-bench long-query";
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
  inject: ({ work }, victim) =>
    onEachNode(victim, (node) =>
      work.begin({ node, name: NAME, statements: [statement], seconds: SECONDS + 5 }),
    ),
  tookHold: ({ work }, victim) => everyNodeWorks(work, victim, NAME),
  heal: ({ work }, victim) => onEachNode(victim, (node) => work.end({ node, name: NAME, statements: [] })),
};
