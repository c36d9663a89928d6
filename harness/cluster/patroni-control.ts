import type { PatroniControl } from "../model/capabilities.ts";
import { patroniCluster, patroniConfigPath } from "../model/layout.ts";
import type { Topology } from "../model/topology.ts";
import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** What an operator would do: patronictl, on the member that is to be the leader (or on the leader itself). */
export function patroniControl(
  cluster: Pick<RuntimeCluster, "exec">,
  topology: Pick<Topology, "sharding">,
): PatroniControl {
  const ask = async (member: string, what: string, command: readonly string[]): Promise<void> => {
    await cluster.exec(member, { what, command, user: "postgres" });
  };
  const inGroup = (group: string, verb: string, ...rest: readonly string[]): readonly string[] =>
    patronictl(topology, group, verb, rest);
  return {
    switchover: ({ group, leader, candidate }) =>
      ask(
        candidate ?? leader,
        `switch ${group} over from ${leader}`,
        inGroup(
          group,
          "switchover",
          ...["--leader", leader],
          ...(candidate === null ? [] : ["--candidate", candidate]),
        ),
      ),
    restart: ({ group, member }) => ask(member, `restart ${member}`, inGroup(group, "restart", member)),
    // Patroni takes a parameter that is null out.
    setParameter: ({ group, member, parameter, value }) =>
      ask(
        member,
        `set ${parameter} in the configuration of ${group}`,
        inGroup(group, "edit-config", "--set", `postgresql.parameters.${parameter}=${value ?? "null"}`),
      ),
    reload: ({ group, member }) => ask(member, `reload the members of ${group}`, inGroup(group, "reload")),
  };
}

/** `--force`: without asking. */
function patronictl(
  topology: Pick<Topology, "sharding">,
  group: string,
  verb: string,
  rest: readonly string[],
): readonly string[] {
  const { scope, citusGroup } = patroniCluster(topology, group);
  const ofGroup = citusGroup === null ? [] : ["--group", String(citusGroup)];
  return ["patronictl", "-c", patroniConfigPath, verb, scope, ...rest, ...ofGroup, "--force"];
}
