import { describe, expect, it } from "vitest";
import { rulesOf } from "./network-control.ts";
import {
  cutCommand,
  delayCommand,
  droppedPackets,
  isolateCommand,
  mendCommand,
  undelayCommand,
} from "./packet-rules.ts";

describe("isolateCommand", () => {
  const rules = rulesIn(isolateCommand(["10.0.0.7"]));

  it("lets the loopback and the addresses given through, and drops the rest, both ways", () => {
    expect(rules).toEqual([
      "*filter",
      ":DPG_BENCH_ISOLATE - [0:0]",
      "-A DPG_BENCH_ISOLATE -i lo -j RETURN",
      "-A DPG_BENCH_ISOLATE -o lo -j RETURN",
      "-A DPG_BENCH_ISOLATE -s 10.0.0.7 -j RETURN",
      "-A DPG_BENCH_ISOLATE -d 10.0.0.7 -j RETURN",
      "-A DPG_BENCH_ISOLATE -j DROP",
      "-I INPUT 1 -j DPG_BENCH_ISOLATE",
      "-I OUTPUT 1 -j DPG_BENCH_ISOLATE",
      "COMMIT",
    ]);
  });
});

describe("a cut link", () => {
  const all = { from: ["coordinator-1"], to: ["etcd-1", "etcd-2"] };

  it("drops what comes from and goes to the other end, of connections that there are as well", () => {
    expect(rulesIn(cutCommand({ from: ["10.0.0.2"], to: ["10.0.0.2", "10.0.0.3"] }))).toEqual([
      "*filter",
      ":DPG_BENCH_LINK - [0:0]",
      "-A DPG_BENCH_LINK -s 10.0.0.2 -j DROP",
      "-A DPG_BENCH_LINK -d 10.0.0.2 -j DROP",
      "-A DPG_BENCH_LINK -d 10.0.0.3 -j DROP",
      "-I INPUT 1 -j DPG_BENCH_LINK",
      "-I OUTPUT 1 -j DPG_BENCH_LINK",
      "COMMIT",
    ]);
  });

  it("is cut at one end, in both directions or in one", () => {
    expect(rulesOf({ ...all, bothWays: true })).toEqual({
      at: all.from,
      drop: { from: all.to, to: all.to },
    });
    expect(rulesOf({ ...all, bothWays: false })).toEqual({ at: all.from, drop: { from: [], to: all.to } });
  });

  it("is cut at the other end where the first one is the clients', who have no packet filter", () => {
    const clients = { from: ["agent"], to: ["haproxy"] };
    expect(rulesOf({ ...clients, bothWays: false })).toEqual({
      at: ["haproxy"],
      drop: { from: ["agent"], to: [] },
    });
    expect(rulesOf({ ...clients, bothWays: true }).drop).toEqual({ from: ["agent"], to: ["agent"] });
  });

  it("is cut at the other end of a guard too, which runs in the clients' image", () => {
    const { at } = rulesOf({ from: ["guard-1"], to: ["etcd-1", "etcd-2"], bothWays: true });
    expect(at).toEqual(["etcd-1", "etcd-2"]);
  });

  it("is mended by taking away its own chain, and leaves that of a node that is cut off alone", () => {
    expect(mendCommand()).toContain("iptables --wait 5 -X DPG_BENCH_LINK");
    expect(mendCommand()).not.toContain("DPG_BENCH_ISOLATE");
  });

  it("counts the packets that its rules have dropped", () => {
    const printed = [
      "Chain DPG_BENCH_LINK (2 references)",
      "    pkts      bytes target     prot opt in     out     source               destination",
      "      12      720 DROP       0    --  *      *       172.18.0.2           0.0.0.0/0",
      "       0        0 DROP       all  --  *      *       0.0.0.0/0            172.18.0.2",
      "       3      180 DROP       all  --  *      *       0.0.0.0/0            172.18.0.3",
    ];
    expect(droppedPackets(printed.join("\n"))).toBe(15);
    expect(droppedPackets("")).toBe(0);
  });
});

describe("delayCommand", () => {
  it("queues what goes out, but for the loopback and the addresses given, and lets it go when nobody reads the queue", () => {
    expect(rulesIn(delayCommand(50, ["10.0.0.7"]))).toEqual([
      "*filter",
      ":DPG_BENCH_DELAY - [0:0]",
      "-A DPG_BENCH_DELAY -o lo -j RETURN",
      "-A DPG_BENCH_DELAY -d 10.0.0.7 -j RETURN",
      "-A DPG_BENCH_DELAY -j NFQUEUE --queue-num 5050 --queue-bypass",
      "-I OUTPUT 1 -j DPG_BENCH_DELAY",
      "COMMIT",
    ]);
  });

  it("sets its rules only when the program that reads the queue is ready, and fails with what that printed", () => {
    const command = delayCommand(200, []);
    expect(command.indexOf("dpg-delay-packets 200 600")).toBeGreaterThan(0);
    expect(command.indexOf("grep -q ready")).toBeGreaterThan(command.indexOf("dpg-delay-packets 200 600"));
    expect(command.indexOf("NFQUEUE")).toBeGreaterThan(command.indexOf("exit 1"));
  });

  it("is taken away by its own chain, and the program ended", () => {
    expect(undelayCommand()).toContain("iptables --wait 5 -X DPG_BENCH_DELAY");
    expect(undelayCommand()).toContain("kill ");
  });
});

function rulesIn(command: string): string[] {
  const lines = command.split("\n");
  return lines.slice(lines.findIndex((line) => line.endsWith("<<RULES")) + 1, -1);
}
