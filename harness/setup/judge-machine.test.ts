import { describe, expect, it } from "vitest";
import { judgeMachine, type Observations } from "./judge-machine.ts";

const GIB = 1024 ** 3;

const good: Observations = {
  nodeVersion: "20.19.0",
  cores: 2,
  memoryBytes: 8 * GIB,
  freeMemoryBytes: 4 * GIB,
  engine: {
    version: "20.10.24+dfsg1",
    storageDriver: "overlay2",
    cgroupVersion: "2",
    root: "/var/lib/docker",
    freeBytes: 50 * GIB,
  },
  images: { node: "dpg-bench/node:1", agent: "dpg-bench/agent:1" },
  k6: "built",
  kernel: { iptables: true, packetQueues: true, netem: true, tbf: true, cpuLimits: true },
  clusters: [{ id: "a", mode: "run", owner: "alive", containers: [1, 2] }],
};

describe("judgeMachine", () => {
  it("finds nothing to mend on a machine that has everything", () => {
    const { ready, findings } = judgeMachine(good);
    expect(ready).toBe(true);
    expect(findings.filter((finding) => finding.state !== "ok")).toEqual([]);
  });

  it.each<[string, Partial<Observations>, string]>([
    ["an old Node.js", { nodeVersion: "18.20.4" }, "Node.js"],
    ["an old engine", { engine: { ...engineOf(good), version: "19.03.8" } }, "Docker Engine"],
    [
      "no engine",
      { engine: { problem: "none", mend: "start it" }, images: null, kernel: null },
      "Docker Engine",
    ],
    ["a full disk", { engine: { ...engineOf(good), freeBytes: GIB } }, "free disk"],
    ["no compiled harness", { images: { problem: "no files", mend: "npm run build" } }, "images"],
    [
      "a kernel without packet filter",
      { kernel: { iptables: false, packetQueues: true, netem: true, tbf: true, cpuLimits: true } },
      "iptables in containers",
    ],
  ])("says that no run can start with %s, and the way out", (_title, part, what) => {
    const { ready, findings } = judgeMachine({ ...good, ...part });
    expect(ready).toBe(false);
    const missing = findings.filter((finding) => finding.state === "missing");
    expect(missing.map((finding) => finding.what)).toEqual([what]);
    expect(missing[0]?.mend).not.toBe("");
  });

  it.each<[string, Partial<Observations>, readonly string[]]>([
    [
      "missing images",
      { images: { node: null, agent: null }, kernel: null },
      ["node image", "agent image", "kernel"],
    ],
    [
      "a kernel without netem and limits that nobody could tell of",
      { kernel: { iptables: true, packetQueues: false, netem: false, tbf: false, cpuLimits: null } },
      ["packet queues", "netem", "tbf", "CPU limits"],
    ],
    ["no k6 yet", { k6: "not-built" }, ["k6"]],
    ["no Go", { k6: "no-go" }, ["k6"]],
    ["little memory", { memoryBytes: 2 * GIB }, ["size"]],
    ["one core", { cores: 1 }, ["size"]],
    ["vfs", { engine: { ...engineOf(good), storageDriver: "vfs" } }, ["storage driver"]],
    [
      "what a killed run left",
      { clusters: [{ id: "a", mode: "run", owner: "dead", containers: [1] }] },
      ["leftovers"],
    ],
  ])("lets a run start with %s, and says what is limited", (_title, part, limited) => {
    const { ready, findings } = judgeMachine({ ...good, ...part });
    expect(ready).toBe(true);
    expect(findings.filter(({ state }) => state === "limited").map(({ what }) => what)).toEqual(limited);
  });

  it("does not take an interactive cluster for a leftover", () => {
    const clusters = [{ id: "a", mode: "interactive", owner: "dead", containers: [1] }];
    expect(judgeMachine({ ...good, clusters }).findings.at(-1)).toMatchObject({ state: "ok" });
  });

  it("says nothing of the disk of an engine elsewhere", () => {
    const { findings } = judgeMachine({ ...good, engine: { ...engineOf(good), freeBytes: null } });
    expect(findings.find(({ what }) => what === "free disk")).toMatchObject({ state: "ok" });
  });
});

function engineOf(seen: Observations): Exclude<Observations["engine"], { problem: string }> {
  if ("problem" in seen.engine) throw new Error("the good machine has an engine");
  return seen.engine;
}
