import { describe, expect, it } from "vitest";
import { currentOwner, formatOwner, ownerState, parseOwner, type Owner, type ProcessTable } from "./owner.ts";

const owner: Owner = { pid: 4711, startTicks: "123", bootId: "boot-a", pidNamespace: "1" };

describe("owner", () => {
  it("is this process, alive, and survives the way through a label", () => {
    const me = currentOwner();
    expect(ownerState(parseOwner(formatOwner(me))!)).toBe("alive");
  });

  it("is dead when no process has its pid", () => {
    expect(ownerState(owner, table({}))).toBe("dead");
  });

  it("is dead when its pid came again with another start time", () => {
    expect(ownerState(owner, table({ 4711: "999" }))).toBe("dead");
  });

  it("is alive with the same pid, start time and boot", () => {
    expect(ownerState(owner, table({ 4711: "123" }))).toBe("alive");
  });

  it("cannot be judged from another boot or from another PID namespace", () => {
    expect(ownerState(owner, { ...table({ 4711: "123" }), bootId: "boot-b" })).toBe("unknown");
    expect(ownerState(owner, { ...table({}), pidNamespace: "2" })).toBe("unknown");
  });

  it.each([undefined, "", "4711", "x:1:boot:ns", "1:2:3:4:5"])("is not read from %s", (text) => {
    expect(parseOwner(text)).toBeNull();
  });
});

function table(living: Record<number, string>): ProcessTable {
  return { bootId: "boot-a", pidNamespace: "1", startTicks: (pid) => living[pid] ?? null };
}
