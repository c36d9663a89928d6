import { describe, expect, it } from "vitest";
import { switchoverCommand } from "./patroni-control.ts";

describe("switchoverCommand", () => {
  it("names the candidate only when there is one", () => {
    expect(switchoverCommand("coordinators", "coordinator-1", null).join(" ")).toBe(
      "patronictl -c /etc/dpg-bench/patroni.yml switchover coordinators --leader coordinator-1 --force",
    );
    expect(switchoverCommand("coordinators", "coordinator-1", "coordinator-2")).toContain("coordinator-2");
  });
});
