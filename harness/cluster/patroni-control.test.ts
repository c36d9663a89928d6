import { describe, expect, it } from "vitest";
import { patroniControl } from "./patroni-control.ts";

/** A control, and what it ran: `NODE as USER: VERB ...`. */
function recorded(sharding: "fdw" | "citus") {
  const commands: string[] = [];
  const exec = (node: string, { command, user }: { command: readonly string[]; user: string }) => {
    commands.push(`${node} as ${user}: ${command.slice(3).join(" ")}`);
    return Promise.resolve("");
  };
  return { commands, control: patroniControl({ exec }, { sharding }) };
}

describe("patroniControl", () => {
  it("names the candidate of a switchover only when there is one", async () => {
    const { commands, control } = recorded("fdw");
    const asked = { group: "coordinators", leader: "coordinator-1" };
    await control.switchover({ ...asked, candidate: null });
    await control.switchover({ ...asked, candidate: "coordinator-2" });
    const switchover = "switchover coordinators --leader coordinator-1";
    expect(commands).toEqual([
      `coordinator-1 as postgres: ${switchover} --force`,
      `coordinator-2 as postgres: ${switchover} --candidate coordinator-2 --force`,
    ]);
  });

  it("changes the dynamic configuration of a group, takes parameters out again, and reloads all its members", async () => {
    const { commands, control } = recorded("fdw");
    const group = { group: "worker-1", member: "worker-1a" };
    await control.setParameter({ ...group, parameter: "work_mem", value: "8MB" });
    await control.reload(group);
    await control.setParameter({ ...group, parameter: "work_mem", value: null });
    const set = "worker-1a as postgres: edit-config worker-1 --set postgresql.parameters.work_mem";
    expect(commands).toEqual([
      `${set}=8MB --force`,
      "worker-1a as postgres: reload worker-1 --force",
      `${set}=null --force`,
    ]);
  });

  it("names the group by its number in the one scope of a Citus cluster", async () => {
    const { commands, control } = recorded("citus");
    await control.restart({ group: "worker-12", member: "worker-12a" });
    await control.reload({ group: "coordinators", member: "coordinator-1" });
    expect(commands).toEqual([
      "worker-12a as postgres: restart citus worker-12a --group 12 --force",
      "coordinator-1 as postgres: reload citus --group 0 --force",
    ]);
  });
});
