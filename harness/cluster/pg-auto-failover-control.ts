import type { PatroniControl } from "../model/capabilities.ts";
import { HarnessError } from "../model/errors.ts";
import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** What pg_autoctl has of what an operator would ask of Patroni: operations that need the rest are refused beforehand. */
export function pgAutoFailoverControl(cluster: Pick<RuntimeCluster, "exec">): PatroniControl {
  return {
    switchover: async ({ group, leader, candidate }) => {
      const which =
        candidate === null
          ? ["perform", "switchover", "--formation", group]
          : ["perform", "promotion", "--formation", group, "--name", candidate];
      await cluster.exec(leader, {
        what: `switch ${group} over from ${leader}`,
        command: ["env", "HOME=/var/lib/postgresql", "pg_autoctl", ...which],
        user: "postgres",
      });
    },
    restart: () => lacks("restart of a member"),
    setParameter: () => lacks("configuration for a group"),
    reload: () => lacks("reload of a group"),
  };
}

function lacks(what: string): Promise<never> {
  const message = `Expected Patroni, found pg_auto_failover, which has no ${what}.`;
  return Promise.reject(new HarnessError({ code: "injection-failed", message }));
}
