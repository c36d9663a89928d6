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
    async setParameter({ group, member, parameter, value }) {
      await cluster.exec(member, {
        what: `set ${parameter} in the configuration of ${group}`,
        command: setParameterCommand(group, parameter, value),
        user: "postgres",
      });
    },
    async reload({ group, member }) {
      await cluster.exec(member, {
        what: `reload the members of ${group}`,
        command: ["patronictl", "-c", patroniConfigPath, "reload", group, "--force"],
        user: "postgres",
      });
    },
  };
}

/** Patroni takes a parameter that is null out. */
export function setParameterCommand(
  group: string,
  parameter: string,
  value: string | null,
): readonly string[] {
  return [
    "patronictl",
    "-c",
    patroniConfigPath,
    "edit-config",
    group,
    "--set",
    `postgresql.parameters.${parameter}=${value ?? "null"}`,
    "--force",
  ];
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
