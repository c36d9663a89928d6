import type { Fault } from "../model/fault.ts";
import { areSilent, onEachNode } from "./on-each-node.ts";

export const crashPostgres: Fault = {
  kind: "fault",
  name: "crash-postgres",
  title: "PostgreSQL crashes",
  mechanism: "SIGKILL of the postmaster; the Patroni beside it lives on.",
  why: "The kernel's out-of-memory killer, a segmentation fault in an extension, a corrupted shared memory segment.",
  failureClass: "process-crash",
  hits: ["postgres"],
  needs: ["processControl"],
  needsPatroni: true,
  alsoWithPgAutoFailover: true,
  healing: "at-once",
  inject: ({ processes }, victim) => onEachNode(victim, (node) => processes.killPostmaster(node)),
  isObserved: areSilent,
  // Patroni starts PostgreSQL again.
  heal: () => Promise.resolve(),
};
