import type { Check } from "./check.ts";

/** D7: a worker without a standby has nothing to fail over to. */
export const workersWithoutStandby: Check = ({ workers }) => {
  if (workers.groups === 0 || workers.membersPerGroup > 1) return null;
  return {
    id: "D7",
    severity: "impossible",
    title: "Workers without a standby cannot fail over",
    claim: "Worker failover < 5 s (Architecture Overview, Targets: T2).",
    truth:
      `Each of the ${workers.groups} worker groups has one member: when it is lost, its shards are gone until that very ` +
      "node is back, however long that takes.",
    mend: "Set workers.membersPerGroup to 2: a primary and a standby under Patroni for each group.",
    source: "Architecture Overview, Workers: shards are not replicated between workers.",
  };
};
