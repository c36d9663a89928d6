import { Worker } from "node:worker_threads";
import type { Workload } from "../../../../model/workload.ts";
import { engineClock } from "../schedule/engine-clock.ts";
import { prepareSender } from "../prepare-sender.ts";
import { threadCpuUs } from "./thread-cpu.ts";

let measured: Promise<number | null> | null = null;

/**
 * CPU time of the sending thread for one operation, its share of the kernel's work included, measured once in each
 * process: eight clients send to a stub in another thread that answers at once. Microseconds; null where the system does
 * not tell a thread's CPU time, or the stub does not come up. In the first tenths of a second of a process the compiler
 * is still at work, so it is rather too high than too low.
 */
export function ownCostUs(): Promise<number | null> {
  measured ??= measure().catch(() => null);
  return measured;
}

const PHASES = { warmupSeconds: 0.08, steadySeconds: 0.1, coolDownSeconds: 0 };

async function measure(): Promise<number | null> {
  if (threadCpuUs() === null) return null;
  const stub = new Worker(STUB, { eval: true });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      stub.once("message", resolve);
      stub.once("error", reject);
    });
    return await sendTo(port);
  } finally {
    await stub.terminate();
  }
}

async function sendTo(port: number): Promise<number | null> {
  const epochNs = process.hrtime.bigint();
  const clock = engineClock(epochNs);
  const at = { host: "127.0.0.1", port };
  const load: Parameters<typeof prepareSender>[0] = {
    stage: 0,
    seed: 1,
    workload: "own-cost",
    parameters: {},
    shape: { kind: "closed", clients: 8, thinkTimeMs: 0 },
    phases: PHASES,
    client: {
      engine: "native",
      agents: 1,
      sessions: "own",
      connections: 8,
      mix: "per-operation",
      timeoutMs: 1000,
      latencyLimitMs: 1000,
      samplesKept: 100,
    },
    endpoints: { readWrite: at, readOnly: at },
    database: "stub",
    firstId: 0,
    k6Script: null,
    definition,
    login: { user: "stub", password: "stub" },
    addressOf: (host) => Promise.resolve(host),
    epochNs,
  };
  const prepared = await prepareSender(load, { agent: 1, of: 1 }, clock);
  if (prepared.kind === "refused") return null;
  let operations = 0;
  const cpuUs: number[] = [];
  const sender = prepared.sender.begin(
    clock.nowUs(),
    {
      second: (second) => {
        cpuUs.push(threadCpuUs() ?? NaN);
        if (second.phase === "steady") operations += second.operations[0]?.ok ?? 0;
      },
      samples: () => undefined,
    },
    () => undefined,
  );
  await sender.ended;
  const [beforeUs = NaN, afterUs = NaN] = cpuUs;
  const costUs = (afterUs - beforeUs) / operations;
  return Number.isFinite(costUs) ? Math.round(costUs * 10) / 10 : null;
}

const definition: Workload = {
  name: "own-cost",
  summary: "One prepared statement with one value.",
  tables: [],
  seed: [],
  dataBytes: 0,
  operations: [
    {
      name: "select",
      kind: "read",
      endpoint: "readWrite",
      weight: 1,
      form: "statement",
      variables: [{ name: "id", kind: "uniform", from: 1, to: 1_000_000 }],
      statements: [{ sql: "select $1", uses: ["id"] }],
      rows: 0,
      timeoutMs: null,
      ledgerTable: null,
    },
  ],
  retry: null,
  invariants: [],
};

/**
 * Plain JavaScript in a string, so that the agent stays one file: takes any log-in, and answers every Sync with one
 * row as soon as it arrives. Counts on messages arriving whole, which they do from a client that waits for each answer.
 */
const STUB = `
const { createServer } = require("node:net");
const { parentPort } = require("node:worker_threads");
const message = (type, body) => {
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};
const ready = message("Z", Buffer.from("I"));
const login = Buffer.concat([message("R", Buffer.alloc(4)), message("K", Buffer.alloc(8, 1)), ready]);
const row = Buffer.from([0, 1, 0, 0, 0, 1, 49]);
const answer = Buffer.concat([message("2", Buffer.alloc(0)), message("D", row), message("C", Buffer.from("SELECT 1\\0")), ready]);
const parsed = Buffer.concat([message("1", Buffer.alloc(0)), answer]);
const server = createServer({ noDelay: true }, (socket) => {
  let started = false;
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    if (!started) {
      started = true;
      socket.write(login);
    } else if (chunk[0] === 80) socket.write(parsed);
    else if (chunk[0] === 66) socket.write(answer);
    else socket.end();
  });
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;
