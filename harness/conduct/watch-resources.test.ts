import { describe, expect, test } from "vitest";
import type { ResourceMeter } from "../model/capabilities.ts";
import { fakeClock } from "../model/clock.fake.ts";
import type { MachineReading, ResourceReading, StatementReading } from "../model/resource.ts";
import { watchResources, type ResourceWatch } from "./watch-resources.ts";

const machine: MachineReading = { kind: "machine", cores: 2, busyCores: 1, ioWaitCores: 0, stolenCores: 0 };
const statement = {
  member: "coordinator-1",
  query: "select 1",
  calls: 1,
  totalMs: 1,
  meanMs: 1,
  rows: 1,
  walBytes: 0,
};

describe("watchResources", () => {
  test("records a reading each second and what the observer tells, until it is disposed of", async () => {
    const { clock, watching, readings, observer } = await watched();
    await clock.run(2_500_000);
    observer.sink?.({ ...machine, atUs: 7 });
    await watching[Symbol.asyncDispose]();
    await clock.run();
    expect(readings.map(({ atUs }) => atUs)).toEqual([1_000_000, 2_000_000, 7]);
    expect(observer.sink).toBeNull();
  });

  test("records what statements cost in the stage that has ended, without what came before the first", async () => {
    const { watching, statements } = await watched();
    expect(statements).toEqual([]);
    await watching.stageEnded(3);
    expect(statements).toEqual([{ stage: 3, ...statement }]);
    await watching[Symbol.asyncDispose]();
  });

  test("notes once what cannot be read, and goes on", async () => {
    const { clock, watching, notes } = await watched({
      missing: ["What etcd-1 uses could not be read: gone."],
      readStatements: () => Promise.reject(new Error("the observer is silent")),
    });
    await clock.run(3_500_000);
    await watching.stageEnded(1);
    expect(notes).toEqual([
      "No statements could be read: the observer is silent",
      "What etcd-1 uses could not be read: gone.",
    ]);
    await watching[Symbol.asyncDispose]();
  });
});

async function watched(
  trouble: {
    readonly missing?: readonly string[];
    readonly readStatements?: () => Promise<never>;
  } = {},
) {
  const clock = fakeClock();
  const readings: ResourceReading[] = [];
  const statements: StatementReading[] = [];
  const notes: string[] = [];
  const observer: { sink: ((reading: ResourceReading) => void) | null } = { sink: null };
  let looks = 0;
  const meter: Pick<ResourceMeter, "read"> = {
    read: () => Promise.resolve({ readings: looks++ === 0 ? [] : [machine], missing: trouble.missing ?? [] }),
  };
  const watching: ResourceWatch = await watchResources({
    cluster: {
      meter,
      watch: {
        readResources: (sink) => void (observer.sink = sink),
        readStatements:
          trouble.readStatements ?? (() => Promise.resolve({ statements: [statement], missing: [] })),
      },
    },
    recording: {
      resources: (batch) => void readings.push(...batch),
      statements: (batch) => void statements.push(...batch),
      event: (event) => {
        if (event.kind === "note") notes.push(event.text);
      },
    },
    clock,
    signal: new AbortController().signal,
  });
  return { clock, watching, readings, statements, notes, observer };
}
