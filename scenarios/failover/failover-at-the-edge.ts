import type { Scenario, Step } from "../../harness/model/scenario.ts";
import { losesNothing, neverTwoPrimaries } from "../coordinator-promises.ts";
import { guardedAlone } from "../guarded-alone.ts";

/**
 * The guards take a leader for gone 3 s after its last sign of life, which they ask for every 0.5 s, and agree some 0.1 s later; its
 * successor is primary a second or two after that.
 */
const edge = { least: 2.6, most: 4.6 } as const;

/** The worst moment for a primary to wake: when it is being replaced. */
export const failoverAtTheEdge = {
  name: "failover-at-the-edge",
  question:
    "Is anything acknowledged twice, or lost, when a frozen primary wakes while it is being replaced?",
  why:
    "A primary that is frozen for just as long as the leader guard waits wakes while its key is being deleted, while another member " +
    "is being promoted, or right after: what it had begun to commit, and what its clients had sent meanwhile, it then " +
    "goes on with. It is frozen again and again, each time for a time that chance chooses around that moment. " +
    "Writers are connected to every member itself, past HAProxy and PgBouncer, so that an old primary that " +
    "acknowledges anything is caught: all of it is looked for afterwards. Failing over is allowed, and so is not to.",
  topology: "high-availability",
  set: guardedAlone,
  load: {
    writeProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 20, timeoutMs: 1000 },
    directWriters: { ratePerSecond: 5, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 3, steadySeconds: 12, recoverySeconds: 1 },
  benchmark: null,
  faults: freezes(20),
  targets: [
    losesNothing("A primary that wakes at the edge loses no acknowledged write"),
    ...neverTwoPrimaries,
  ],
  quick: {
    faults: freezes(3),
    phases: { warmupSeconds: 2, steadySeconds: 8, recoverySeconds: 1 },
    benchmark: null,
  },
} as const satisfies Scenario;

function freezes(injections: number): readonly Step[] {
  return [{ fault: "pause-node", victim: "primary of coordinators", injections, healBetweenSeconds: edge }];
}
