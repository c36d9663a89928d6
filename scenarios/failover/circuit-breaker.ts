import type { FaultStep, Scenario } from "../../harness/model/scenario.ts";
import type { VictimSelector } from "../../harness/model/victim-selector.ts";

const onReplica: VictimSelector = "one replica of coordinators";

/**
 * B9: HAProxy's health checks as a circuit breaker. A replica that vanished, or that takes connections and answers
 * nothing, is in the way of the reads that are routed to it until HAProxy has marked it down.
 */
export const circuitBreaker = {
  name: "circuit-breaker",
  question:
    "How soon does HAProxy stop sending reads to a replica that does not answer, and does it take it back?",
  why:
    "The Architecture Overview has HAProxy check every 2 s, open the circuit after 3 failures and recover by itself. A " +
    "replica is killed and another time paused (it holds its connections and answers nothing). The read probe goes in " +
    "turn to every replica, so some reads fail for as long as the circuit is still closed. Judged is the time until HAProxy " +
    "has marked the server down, and that it marks it up again after the node has returned; a replica is left as it is " +
    "until then, even where nobody misses it. Expect the paused one to miss the bound: its checks fail only by a time-out " +
    "of 2 s each. What writes felt is judged too: with one synchronous standby, losing just that one stops every COMMIT " +
    "until Patroni drops it; with quorum commit over two it stops nothing.",
  topology: "production",
  load: {
    writeProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 3, steadySeconds: 15, recoverySeconds: 3 },
  faults: onceEach(2),
  benchmark: null,
  targets: [
    {
      id: "B9",
      title: "The circuit opens within interval x failures (6 s)",
      metric: "circuit-open",
      statistic: "each",
      bound: { atMost: 6 },
      source: "Architecture Overview, Behaviours: B9, circuit breaker: every 2 s, 3 failures",
    },
    {
      id: "B9-recovery",
      title: "The circuit closes by itself after the replica has returned, within a minute",
      metric: "circuit-closed",
      statistic: "each",
      bound: { below: 60 },
      source:
        "Architecture Overview, Behaviours: B9, automatic recovery; it names no time, the minute is dpg-bench's own",
    },
    {
      id: "T1-replica",
      title: "The loss of a replica stops writes for less than 10 s, every time",
      metric: "write-unavailability",
      statistic: "each",
      bound: { below: 10 },
      source:
        "Architecture Overview, Targets: T1, coordinator failover < 10 s; that no replica may cost more than the primary is dpg-bench's own",
    },
  ],
  quick: {
    faults: onceEach(1),
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 2 },
    benchmark: null,
  },
} as const satisfies Scenario;

function onceEach(injections: number): readonly FaultStep[] {
  return ["kill-node", "pause-node"].map((fault) => ({
    fault,
    victim: onReplica,
    injections,
    holdUntil: "circuit-open",
  }));
}
