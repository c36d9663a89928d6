import { describe, expect, it } from "vitest";
import { patroniControl, switchoverCommand } from "./patroni-control.ts";

describe("switchoverCommand", () => {
  it("names the candidate only when there is one", () => {
    expect(switchoverCommand("coordinators", "coordinator-1", null).join(" ")).toBe(
      "patronictl -c /etc/dpg-bench/patroni.yml switchover coordinators --leader coordinator-1 --force",
    );
    expect(switchoverCommand("coordinators", "coordinator-1", "coordinator-2")).toContain("coordinator-2");
  });
});

describe("patroniControl", () => {
  it("changes the dynamic configuration of a group, takes parameters out again, and reloads all its members", async () => {
    const commands: string[] = [];
    const control = patroniControl({
      exec: (node, { command, user }) => {
        commands.push(`${node} as ${user}: ${command.slice(3).join(" ")}`);
        return Promise.resolve("");
      },
    });
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
});
