import type { Scenario, Step } from "../../harness/model/scenario.ts";
import { losesNothing } from "../coordinator-promises.ts";

const source =
  "dpg-bench's own: PostgreSQL's manual says of a reload (SIGHUP) that sessions take the new settings after the command that " +
  "they are at; it names no session that is closed";

/** The operation that is done most often, and thought least about: does anybody notice it? */
export const configurationReload = {
  name: "configuration-reload",
  question: "Do reads and writes go on while every member reads its configuration again?",
  why:
    "A reload is how most settings are changed in production, at any hour: it closes no connection, so no failover is " +
    "needed and nobody is warned. Here a setting is changed in Patroni's dynamic configuration and all members reload " +
    "while probes and a background load are sent. Each time every member is asked whether it has read its configuration " +
    "since, and has the new value. Not one operation may go unserved for as long as its client waits.",
  topology: "high-availability",
  load: {
    writeProbe: { ratePerSecond: 100, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
    background: {
      workload: "tenant-orders",
      ratePerSecond: 100,
      arrival: "poisson",
      timeoutMs: 1000,
      connections: 8,
    },
  },
  phases: { warmupSeconds: 3, steadySeconds: 15, recoverySeconds: 5 },
  benchmark: null,
  faults: reloads(3),
  targets: [
    {
      id: "RELOAD-WRITES",
      title: "Writes go on during a reload: none is unserved for 1 s",
      metric: "write-unavailability",
      statistic: "each",
      bound: { below: 1 },
      source,
    },
    {
      id: "RELOAD-READS",
      title: "Reads go on during a reload: none is unserved for 1 s",
      metric: "read-unavailability",
      statistic: "each",
      bound: { below: 1 },
      source,
    },
    losesNothing("A reload loses no acknowledged write"),
  ],
  quick: {
    faults: reloads(1),
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 2 },
    benchmark: null,
  },
} as const satisfies Scenario;

function reloads(injections: number): readonly Step[] {
  return [{ operation: "reload", on: "coordinators", injections }];
}
