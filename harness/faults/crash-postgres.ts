import type { Fault } from "../model/fault.ts";

export const crashPostgres: Fault = {
  name: "crash-postgres",
  title: "PostgreSQL crashes",
  mechanism: "SIGKILL of the postmaster; the Patroni beside it lives on.",
  why: "The kernel's out-of-memory killer, a segmentation fault in an extension, a corrupted shared memory segment.",
  failureClass: "process-crash",
  needsPatroni: true,
  healing: "at-once",
  inject: ({ processes }, { node }) => processes.killPostmaster(node),
  isFelt: (view, { node }) => view.members[node]?.reachable === false,
  // Patroni starts PostgreSQL again.
  heal: () => Promise.resolve(),
};
