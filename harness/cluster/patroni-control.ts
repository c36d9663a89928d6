import type { PatroniControl } from "../model/capabilities.ts";
import { patroniConfigPath } from "../model/layout.ts";
import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** What an operator would do: patronictl, on the member that is to be the leader (or on the leader itself). */
export function patroniControl(cluster: Pick<RuntimeCluster, "exec">): PatroniControl {
  return {
    async switchover({ group, leader, candidate }) {
      await cluster.exec(candidate ?? leader, {
        what: `switch ${group} over from ${leader}`,
        command: switchoverCommand(group, leader, candidate),
        user: "postgres",
      });
    },
    async restart({ group, member }) {
      await cluster.exec(member, {
        what: `restart ${member}`,
        command: ["patronictl", "-c", patroniConfigPath, "restart", group, member, "--force"],
        user: "postgres",
      });
    },
  };
}

/** `--force`: without asking. */
export function switchoverCommand(
  group: string,
  leader: string,
  candidate: string | null,
): readonly string[] {
  return [
    "patronictl",
    "-c",
    patroniConfigPath,
    "switchover",
    group,
    "--leader",
    leader,
    ...(candidate === null ? [] : ["--candidate", candidate]),
    "--force",
  ];
}
