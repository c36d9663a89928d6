import { describe, expect, it } from "vitest";
import { parseVersions } from "./describe-engine.ts";
import { isolateCommand } from "./isolation-rules.ts";
import { switchoverCommand } from "./patroni-control.ts";

describe("isolateCommand", () => {
  const lines = isolateCommand(["10.0.0.7"]).split("\n");
  const rules = lines.slice(lines.findIndex((line) => line.endsWith("<<RULES")) + 1, -1);

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

describe("switchoverCommand", () => {
  it("names the candidate only when there is one", () => {
    expect(switchoverCommand("coordinators", "coordinator-1", null).join(" ")).toBe(
      "patronictl -c /etc/dpg-bench/patroni.yml switchover coordinators --leader coordinator-1 --force",
    );
    expect(switchoverCommand("coordinators", "coordinator-1", "coordinator-2")).toContain("coordinator-2");
  });
});

describe("parseVersions", () => {
  it("finds the version in what each program says", () => {
    const said = [
      "postgresql=postgres (PostgreSQL) 17.6 (Debian 17.6-0+deb13u1)",
      "haproxy=HAProxy version 3.0.11-1+deb13u1 2025/07/01 - https://haproxy.org/",
      "odd=unknown",
      "noise",
    ].join("\n");
    expect(parseVersions(said)).toEqual({ postgresql: "17.6", haproxy: "3.0.11-1", odd: "unknown" });
  });
});
