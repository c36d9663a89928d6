import { startAgentLoad } from "../../harness/load/agent/agent-load.ts";
import type { EngineLoad } from "../../harness/load/engines/engine.ts";
import { prepareSender } from "../../harness/load/engines/native/prepare-sender.ts";
import { ClientGauge } from "../../harness/load/engines/native/record/client-gauge.ts";
import { StageRecorder } from "../../harness/load/engines/native/record/stage-recorder.ts";
import { WriteOutcomesRecorder } from "../../harness/load/engines/native/record/write-outcomes-recorder.ts";
import { engineClock } from "../../harness/load/engines/native/schedule/engine-clock.ts";
import { compileOperation } from "../../harness/load/engines/native/sessions/compile-operation.ts";
import { Deadlines } from "../../harness/load/engines/native/sessions/deadlines.ts";
import { newInFlight } from "../../harness/load/engines/native/sessions/in-flight.ts";
import { seededRandom } from "../../harness/support/seeded-random.ts";
import { findWorkload } from "../../harness/workloads/catalogue.ts";
import type { GrowingPart } from "./growing-part.ts";

/** Until everything that is made once has been made. */
const WARM_SECONDS = 6;
const SECONDS = 26;

/** A closed load of inserts, as fast as one process sends them. */
export const agentStage: GrowingPart = async ({ port, read }) => {
  const epochNs = process.hrtime.bigint();
  const clock = engineClock(epochNs);
  const prepared = await prepareSender(stageLoad(port, epochNs), { agent: 1, of: 1 }, clock);
  if (prepared.kind === "refused") throw new Error(prepared.refusal.text);
  const startedUs = clock.nowUs();
  let operations = 0;
  let seconds = 0;
  const sink = {
    second: (second: { readonly operations: readonly { readonly ok: number }[] }) => {
      for (const { ok } of second.operations) operations += ok;
      seconds += 1;
      if (seconds === WARM_SECONDS || seconds === SECONDS) void read({ operations, seconds });
    },
    samples: () => undefined,
  };
  const sender = prepared.sender.begin(startedUs, sink, raise);
  await sender.ended;
};

/** Both probes, at twenty times their usual rate. */
export const agentProbes: GrowingPart = async ({ port, read }) => {
  const epochNs = process.hrtime.bigint();
  const at = { host: "127.0.0.1", port };
  const probe = { ratePerSecond: 2000, timeoutMs: 1000 };
  let operations = 0;
  const load = await startAgentLoad({
    spec: {
      load: { writeProbe: probe, readProbe: probe, background: null },
      endpoints: { readWrite: at, readOnly: at },
      database: "bench",
      seed: 1,
    },
    workload: null,
    login: { user: "bench", password: "" },
    addressOf: (host) => Promise.resolve(host),
    epochNs,
    clock: engineClock(epochNs),
    send: (message) => {
      if (message.type === "samples") for (const { rows } of message.streams) operations += rows.length;
    },
    onError: raise,
  });
  await new Promise((resolve) => setTimeout(resolve, WARM_SECONDS * 1000));
  await read({ operations, seconds: WARM_SECONDS });
  await new Promise((resolve) => setTimeout(resolve, (SECONDS - WARM_SECONDS) * 1000));
  await read({ operations, seconds: SECONDS });
  await load.stop();
};

/** Four hours of a stage at twenty operations per second. */
export const agentRecorder: GrowingPart = async ({ port, read }) => {
  const { definition } = stageLoad(port, 0n);
  const seconds = 4 * 3600;
  const [operation] = definition.operations;
  if (operation === undefined) throw new Error("Expected an operation, found none");
  const inFlight = newInFlight({
    operation: compileOperation(operation, 0, { named: true, keepsRow: false }),
    // Nothing of it is asked.
    sessions: null as never,
    deadlines: new Deadlines(),
    timeoutUs: 1e6,
  });
  const recorder = new StageRecorder({
    stage: 1,
    operations: [operation.name],
    phases: { warmupSeconds: 0, steadySeconds: seconds, coolDownSeconds: 0 },
    startedUs: 0,
    samplesKept: 10_000,
    agents: 1,
    latencyLimitUs: 1e6,
    random: seededRandom(1, "samples"),
    gauge: new ClientGauge(1, 0),
    answers: [undefined],
    writes: new WriteOutcomesRecorder([{ name: operation.name, ledgerTable: "ledger" }], 0),
    sender: { sessions: [], pacingThread: null, nextDueUs: Infinity, takeStoodStill: () => 0 },
    sink: { second: () => undefined, samples: () => undefined },
  });
  const random = seededRandom(1, "latencies");
  let operations = 0;
  for (let second = 1; second <= seconds; second += 1) {
    for (let due = 0; due < 20; due += 1) {
      operations += 1;
      const dueUs = (second - 1) * 1e6 + due * 40_000;
      const endUs = dueUs + 1000 * (1 + 100 * random());
      Object.assign(inFlight, {
        id: operations,
        intendedUs: dueUs,
        noticedUs: dueUs,
        startUs: dueUs,
        sentUs: dueUs,
      });
      recorder.began(inFlight);
      recorder.completed(inFlight, endUs, "ok", null, 0);
    }
    recorder.tick(second * 1e6);
    if (second === 100 || second === seconds - 1) await read({ operations, seconds: second });
    if (second % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
};

function stageLoad(port: number, epochNs: bigint): EngineLoad {
  const at = { host: "127.0.0.1", port };
  const parameters = { payloadBytes: 1 };
  const definition = findWorkload("insert", parameters);
  if (definition === undefined) throw new Error("Expected a workload insert, found none");
  return {
    stage: 1,
    seed: 1,
    workload: "insert",
    parameters,
    shape: { kind: "closed", clients: 16, thinkTimeMs: 0 },
    phases: { warmupSeconds: 0, steadySeconds: SECONDS, coolDownSeconds: 3 },
    client: {
      engine: "native",
      agents: 1,
      sessions: "own",
      connections: 16,
      mix: "per-operation",
      timeoutMs: 1000,
      latencyLimitMs: 1000,
      samplesKept: 10_000,
    },
    endpoints: { readWrite: at, readOnly: at },
    database: "bench",
    firstId: 0,
    k6Script: null,
    definition,
    login: { user: "bench", password: "" },
    addressOf: (host) => Promise.resolve(host),
    epochNs,
  };
}

function raise(error: Error): void {
  throw error;
}
