import { expect, it } from "vitest";
import type { FoundCluster, Removal } from "../runtime/container-runtime.ts";
import { fakeRuntime } from "../runtime/container-runtime.fake.ts";
import { removeClusters } from "./remove-clusters.ts";
import { removeOrphans } from "./remove-orphans.ts";

const why = "Docker does not let go of the network dpg-bench-1.";
const removal: Removal = {
  removed: [{ kind: "container", name: "coordinator-1" }],
  stuck: [{ kind: "network", name: "dpg-bench-1", why }],
};

function context() {
  const printed = { stdout: "", stderr: "" };
  const runtime = { ...fakeRuntime(), removeLeftovers: () => Promise.resolve(removal) };
  const io = {
    stdout: (text: string) => void (printed.stdout += text),
    stderr: (text: string) => void (printed.stderr += text),
  };
  return { printed, runtime, io } as unknown as Parameters<typeof removeOrphans>[0] & {
    printed: typeof printed;
  };
}

function cluster(id: string): FoundCluster {
  return {
    id,
    runId: "run",
    mode: "run",
    topology: "development",
    database: "bench",
    owner: "dead",
    containers: [],
  };
}

it("an empty network that the runtime does not let go is told of before a run, and does not keep it from beginning", async () => {
  const { printed, ...rest } = context();
  await removeOrphans(rest);
  expect(printed.stderr).toContain(why);
  expect(printed.stderr).toContain("1 container");
});

it("`clean` removes all others first, then fails with what is left and the way out", async () => {
  const { printed, ...rest } = context();
  await expect(removeClusters([cluster("1"), cluster("2")], false, rest)).rejects.toMatchObject({
    code: "not-removed",
    message: expect.stringContaining("found 2 left. Docker does not let go") as string,
    hint: expect.stringContaining("Restart Docker") as string,
  });
  expect(printed.stdout).toBe(
    "removed development 1 (run): 1 container\nremoved development 2 (run): 1 container\n",
  );
});
