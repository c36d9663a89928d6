import type Dockerode from "dockerode";
import { describe, expect, it } from "vitest";
import type { LabelledThing } from "./list-things.ts";
import { describeStuck, removeThings } from "./remove-things.ts";

/** An engine with one network, whose endpoints stay until they are disconnected. */
function engineWith(
  endpoints: Map<string, string>,
  { countsEndpoints = false } = {},
): {
  engine: Dockerode;
  disconnected: string[];
  removed: () => boolean;
} {
  const disconnected: string[] = [];
  let removed = false;
  const network = {
    id: "5f1c0ffee000",
    remove: (): Promise<void> => {
      if (endpoints.size > 0 || countsEndpoints)
        return Promise.reject(new Error("network n id 5f1c has active endpoints"));
      removed = true;
      return Promise.resolve();
    },
    inspect: () =>
      Promise.resolve({
        Containers: Object.fromEntries([...endpoints].map(([id, name]) => [id, { Name: name }])),
      }),
    disconnect: ({ Container, Force }: { Container: string; Force: boolean }): Promise<void> => {
      expect(Force).toBe(true);
      disconnected.push(Container);
      for (const [id, name] of endpoints) if (name === Container) endpoints.delete(id);
      return Promise.resolve();
    },
  };
  return {
    engine: { getNetwork: () => network } as unknown as Dockerode,
    disconnected,
    removed: () => removed,
  };
}

const network = { kind: "network", id: "5f1c0ffee000", name: "n" } as LabelledThing;

describe("a network with active endpoints", () => {
  it("is removed once an endpoint that the engine lost with its container is disconnected", async () => {
    const { engine, disconnected, removed } = engineWith(new Map([["ep-1a2b", "coordinator-2"]]));
    await removeThings(engine, [network], 10_000);
    expect(disconnected).toEqual(["coordinator-2"]);
    expect(removed()).toBe(true);
  });

  it("is told of, without a failure, when the engine counts endpoints that it does not list", async () => {
    const { engine, disconnected } = engineWith(new Map(), { countsEndpoints: true });
    const stuck = await removeThings(engine, [network], 30_000);
    expect(stuck.map(describeStuck)).toEqual([
      {
        kind: "network",
        name: "n",
        why: expect.stringMatching(/network n.*there are none.*restarted/) as string,
      },
    ]);
    expect(disconnected).toEqual([]);
  }, 15_000);

  it("keeps a container that somebody attached to it, and says so", async () => {
    const { engine, disconnected } = engineWith(new Map([["9f8e7d", "debugging"]]));
    await expect(removeThings(engine, [network], 2500)).rejects.toThrow(/found 1 left.*active endpoints/);
    expect(disconnected).toEqual([]);
  });
});
