import { expect, it } from "vitest";
import { pgAutoFailoverControl } from "./pg-auto-failover-control.ts";

function recorded() {
  const commands: string[] = [];
  const exec = (node: string, { command, user }: { command: readonly string[]; user: string }) => {
    commands.push(`${node} as ${user}: ${command.slice(2).join(" ")}`);
    return Promise.resolve("");
  };
  return { commands, control: pgAutoFailoverControl({ exec }) };
}

it("asks pg_autoctl for a switchover, or for the promotion of the candidate that is named", async () => {
  const { commands, control } = recorded();
  const asked = { group: "coordinators", leader: "coordinator-1" };
  await control.switchover({ ...asked, candidate: null });
  await control.switchover({ ...asked, candidate: "coordinator-2" });
  expect(commands).toEqual([
    "coordinator-1 as postgres: pg_autoctl perform switchover --formation coordinators",
    "coordinator-1 as postgres: pg_autoctl perform promotion --formation coordinators --name coordinator-2",
  ]);
});

it("says that pg_auto_failover lacks what only Patroni has, and runs nothing", async () => {
  const { commands, control } = recorded();
  const member = { group: "coordinators", member: "coordinator-1" };
  await expect(control.restart(member)).rejects.toThrow("which has no restart of a member");
  await expect(control.reload(member)).rejects.toThrow("which has no reload of a group");
  await expect(control.setParameter({ ...member, parameter: "work_mem", value: "8MB" })).rejects.toThrow(
    "which has no configuration for a group",
  );
  expect(commands).toEqual([]);
});
