import { expect, test } from "vitest";
import type { Message } from "../protocol/agent-protocol.ts";
import { startAgentStage } from "./agent-stage.ts";
import { startPostgresStub } from "./postgres-stub.fake.ts";

test("while the harness is far behind samples are counted and left out, and seconds are told all the same", async () => {
  await using stub = await startPostgresStub();
  const behind = await messagesOf(stub.port, true);
  expect(behind.filter(({ type }) => type === "stage-samples")).toEqual([]);
  expect(behind.filter(({ type }) => type === "stage-second")).toHaveLength(1);
  expect(behind.at(-1)).toMatchObject({ type: "stage-ended", samplesLeftOut: { select: 100 } });

  const inTime = await messagesOf(stub.port, false);
  expect(inTime.map(({ type }) => type)).toEqual(["stage-second", "stage-samples", "stage-ended"]);
  expect(inTime.at(-1)).toMatchObject({ samplesLeftOut: {} });
});

/** All that is said of a stage of 100 operations. */
async function messagesOf(port: number, isBehind: boolean): Promise<readonly Message[]> {
  const at = { host: "127.0.0.1", port };
  const messages: Message[] = [];
  const epochNs = process.hrtime.bigint();
  await new Promise<void>((resolve, reject) => {
    startAgentStage({
      load: {
        stage: 1,
        seed: 1,
        workload: "point-select",
        parameters: {},
        shape: { kind: "open", arrival: "constant", rate: { kind: "constant", perSecond: 500 } },
        phases: { warmupSeconds: 0, steadySeconds: 0.2, coolDownSeconds: 0 },
        client: {
          engine: "native",
          agents: 1,
          sessions: "pool",
          connections: 2,
          mix: "per-operation",
          timeoutMs: 10_000,
          latencyLimitMs: 100,
          samplesKept: 1000,
        },
        endpoints: { readWrite: at, readOnly: at },
        database: "bench",
        firstId: 1,
        k6Script: null,
      },
      login: { user: "u", password: "p" },
      addressOf: (host) => Promise.resolve(host),
      epochNs,
      nowUs: () => Number((process.hrtime.bigint() - epochNs) / 1000n),
      outlet: {
        isBehind,
        send: (message) => {
          messages.push(message);
          if (message.type === "stage-ended") resolve();
        },
      },
    }).catch(reject);
  });
  return messages;
}
