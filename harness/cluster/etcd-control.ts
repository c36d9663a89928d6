import type { EtcdControl } from "../model/capabilities.ts";
import { HarnessError } from "../model/errors.ts";
import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** What an operator would do: etcdctl, on the member that leads. */
export function etcdControl(cluster: Pick<RuntimeCluster, "exec">): EtcdControl {
  const ask = (member: string, what: string, ...command: readonly string[]): Promise<string> =>
    cluster.exec(member, { what, command: ["etcdctl", "--command-timeout=5s", ...command], user: "root" });
  return {
    async moveLeader({ from, to }) {
      const what = `move etcd's leadership from ${from} to ${to}`;
      const members = await ask(from, what, "member", "list");
      await ask(from, what, "move-leader", memberId(members, to));
    },
  };
}

/** `8e9e05c52164694d, started, etcd-1, http://etcd-1:2380, http://etcd-1:2379, false` of each member. */
function memberId(members: string, name: string): string {
  const found = members
    .split("\n")
    .map((line) => line.split(", "))
    .find((fields) => fields[2] === name)?.[0];
  if (found !== undefined) return found;
  throw new HarnessError({
    code: "no-etcd-member",
    message: `Expected ${name} among etcd's members, found ${JSON.stringify(members.slice(0, 500))}.`,
  });
}
