import { beforeAll, describe, expect, it } from "vitest";
import { diagnose } from "./diagnose.ts";
import { ensureImages } from "./images.ts";
import { quietProgress } from "../model/progress.fake.ts";

const signal = new AbortController().signal;
const progress = quietProgress;

beforeAll(async () => {
  await ensureImages({ progress, signal });
});

describe("diagnose", () => {
  it("finds this machine ready, with its images and with what its kernel can do", async () => {
    const { ready, findings } = await diagnose();
    const found = (what: string) => findings.find((finding) => finding.what === what);
    expect(ready).toBe(true);
    expect(found("node image")).toMatchObject({ state: "ok" });
    expect(found("agent image")).toMatchObject({ state: "ok" });
    expect(found("iptables in containers")).toMatchObject({ state: "ok" });
    expect(["1", "2"]).toContain(found("cgroup version")?.found);
  });
});
