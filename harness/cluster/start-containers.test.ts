import { describe, expect, it } from "vitest";
import { topologyCatalogue } from "../../topologies/catalogue.ts";
import type { Topology } from "../model/topology.ts";
import { fakeRuntime } from "../runtime/container-runtime.fake.ts";
import { createCredentials } from "./create-credentials.ts";
import { startContainers } from "./start-containers.ts";
import { quietProgress } from "../model/progress.fake.ts";

describe("startContainers", () => {
  it("starts a container for each node, whatever the runtime, and removes them when it is disposed of", async () => {
    const runtime = fakeRuntime();
    const cluster = await start(topologyCatalogue["high-availability"], runtime);
    expect(runtime.started.map(({ node }) => node.name).toSorted()).toEqual(
      cluster.layout.nodes.map(({ name }) => name).toSorted(),
    );
    await cluster[Symbol.asyncDispose]();
    expect(runtime.calls.at(-1)).toBe("remove");
  });

  it("gives the published way in, and none where the runtime cannot publish one", async () => {
    const topology = topologyCatalogue["high-availability"];
    expect((await start(topology, fakeRuntime())).entry).toEqual({
      readWrite: { host: "127.0.0.1", port: 45_432 },
      readOnly: { host: "127.0.0.1", port: 45_433 },
    });
    const closed = fakeRuntime({ lacks: { publishedEntry: "nothing of it is reached from here" } });
    expect((await start(topology, closed)).entry).toEqual({});
  });

  it("has HAProxy ask the runtime's resolver, and none where names keep their addresses", async () => {
    const configOf = async (runtime: ReturnType<typeof fakeRuntime>): Promise<string> => {
      await start(topologyCatalogue.production, runtime);
      return runtime.started.find(({ node }) => node.name === "haproxy")!.files[0]!.content;
    };
    const asked = await configOf(fakeRuntime({ resolver: { address: "10.96.0.10:53" } }));
    expect(asked).toContain("nameserver dns 10.96.0.10:53");
    expect(asked).toMatch(/default-server .* resolvers runtime init-addr/);
    const unasked = await configOf(fakeRuntime());
    expect(unasked).not.toContain("resolvers");
    expect(unasked).not.toContain("127.0.0.11");
  });

  it("prepares a PostgreSQL without Patroni, switches over and tells versions by commands in its nodes", async () => {
    const runtime = fakeRuntime({ printed: "postgresql=postgres (PostgreSQL) 17.6" });
    const cluster = await start(topologyCatalogue.development, runtime);
    await cluster.bootstrap();
    await cluster.patroni.switchover({ group: "coordinators", leader: "coordinator-1", candidate: null });
    expect(runtime.calls.filter((call) => call.startsWith("coordinator-1:"))).toEqual([
      expect.stringContaining("psql"),
      expect.stringContaining("patronictl"),
    ]);
    expect((await cluster.environment()).components).toEqual({ postgresql: "17.6" });
  });

  it("removes everything when it is interrupted after the start", async () => {
    const runtime = fakeRuntime();
    const controller = new AbortController();
    const starting = start(topologyCatalogue.development, runtime, controller.signal);
    controller.abort(new Error("interrupted"));
    await expect(starting).rejects.toThrow("interrupted");
    expect(runtime.calls.at(-1)).toBe("remove");
  });
});

async function start(
  topology: Topology,
  runtime: ReturnType<typeof fakeRuntime>,
  signal = new AbortController().signal,
) {
  return await startContainers(topology, {
    runtime,
    images: { node: "node", agent: "agent" },
    runId: "test",
    mode: "run",
    credentials: createCredentials(),
    lifetimeSeconds: 600,
    publish: true,
    keepConfig: () => Promise.resolve(),
    progress: quietProgress,
    signal,
    commandMs: 1000,
  });
}
