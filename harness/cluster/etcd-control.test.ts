import { expect, test } from "vitest";
import { etcdControl } from "./etcd-control.ts";

const members = `8e9e05c52164694d, started, etcd-1, http://etcd-1:2380, http://etcd-1:2379, false
91bc3c398fb3c146, started, etcd-2, http://etcd-2:2380, http://etcd-2:2379, false
`;

test("leadership is moved by the leader, to the member that etcd knows by that name", async () => {
  const asked: string[] = [];
  const exec = (node: string, { command }: { command: readonly string[] }) => {
    asked.push(`${node}: ${command.slice(2).join(" ")}`);
    return Promise.resolve(members);
  };
  const control = etcdControl({ exec });
  await control.moveLeader({ from: "etcd-1", to: "etcd-2" });
  expect(asked).toEqual(["etcd-1: member list", "etcd-1: move-leader 91bc3c398fb3c146"]);
  await expect(control.moveLeader({ from: "etcd-1", to: "etcd-9" })).rejects.toThrow(/etcd-9 among/);
});
