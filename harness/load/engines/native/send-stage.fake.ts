import type { ClientSettings, LoadShape, StagePhases } from "../../../model/benchmark.ts";
import type { OperationSecond, StageEnd, StageSecond } from "../../../model/stage.ts";
import type { RetryPolicy, WorkloadOperation } from "../../../model/workload.ts";
import { noOutcomes, type WriteOutcomes } from "../../../model/write-outcomes.ts";
import type { SampleRow } from "../../protocol/sample-row.ts";
import { addPiece } from "../../protocol/write-outcomes-piece.ts";
import type { EngineLoad } from "../engine.ts";
import type { Dial } from "./sessions/dialler.ts";
import { engineClock } from "./schedule/engine-clock.ts";
import { openRoutes, prepareRoutes } from "./sessions/open-routes.ts";
import type { Share } from "./schedule/open-schedule.ts";
import type { Refusal } from "./sessions/refusal.ts";
import type { Sender } from "./sender.ts";
import { startStageSender } from "./stage-sender.ts";

/** All that a stage has told. */
export interface SentStage {
  readonly refusal: Refusal | null;
  readonly end: StageEnd | null;
  readonly seconds: readonly StageSecond[];
  readonly samples: readonly (readonly [operation: string, row: SampleRow])[];
  /** By operation. */
  readonly writes: ReadonlyMap<string, WriteOutcomes>;
}

const point: WorkloadOperation = {
  name: "select",
  kind: "read",
  endpoint: "readWrite",
  weight: 1,
  form: "statement",
  variables: [{ name: "id", kind: "id" }],
  statements: [{ sql: "select $1", uses: ["id"] }],
  rows: 0,
  timeoutMs: null,
  ledgerTable: null,
};

const client: ClientSettings = {
  engine: "native",
  agents: 1,
  sessions: "own",
  connections: 4,
  mix: "per-operation",
  timeoutMs: 5000,
  latencyLimitMs: 100,
  samplesKept: 1000,
};

/** A load over a fake, or with changes for a real server. */
export function stageLoad(changes: {
  readonly shape: LoadShape;
  readonly phases: StagePhases;
  readonly client?: Partial<ClientSettings>;
  readonly operations?: readonly Partial<WorkloadOperation>[];
  readonly retry?: RetryPolicy;
}): EngineLoad {
  const at = { host: "database", port: 5432 };
  const operations = (changes.operations ?? [{}]).map((change) => ({ ...point, ...change }));
  return {
    stage: 1,
    seed: 1,
    workload: "fake",
    parameters: {},
    shape: changes.shape,
    phases: changes.phases,
    client: { ...client, ...changes.client },
    endpoints: { readWrite: at, readOnly: at },
    database: "bench",
    firstId: 1,
    k6Script: null,
    definition: {
      name: "fake",
      summary: "",
      tables: [],
      seed: [],
      dataBytes: 0,
      operations,
      retry: changes.retry ?? null,
      invariants: [],
    },
    login: { user: "u", password: "p" },
    addressOf: (host) => Promise.resolve(host),
    epochNs: process.hrtime.bigint(),
  };
}

/** Sends a whole stage in this process; `during` runs when it has begun. */
export async function sendStage(
  load: EngineLoad,
  dial: Dial,
  during: (sender: Sender) => void = () => undefined,
  share: Share = { agent: 1, of: 1 },
): Promise<SentStage> {
  const clock = engineClock(load.epochNs);
  const routes = openRoutes(load, share, { readWrite: dial, readOnly: dial }, clock.nowUs);
  const refusal = await prepareRoutes(routes, 2000);
  const seconds: StageSecond[] = [];
  const samples: [string, SampleRow][] = [];
  const writes = new Map<string, WriteOutcomes>();
  if (refusal !== null) return { refusal, end: null, seconds, samples, writes };
  const sender = startStageSender({
    load,
    share,
    clock,
    routes,
    startedUs: Math.round(clock.nowUs()) + 5000,
    sink: {
      second: (second) => seconds.push(second),
      samples: (operation, rows) => samples.push(...rows.map((row): [string, SampleRow] => [operation, row])),
      writes: (piece) => {
        const { operation } = piece;
        const told = writes.get(operation) ?? noOutcomes(operation, load.firstId);
        writes.set(operation, told);
        addPiece(told, piece);
      },
    },
    onError: (error) => {
      throw error;
    },
  });
  during(sender);
  await sender.ended;
  return { refusal, end: { kind: "complete" }, seconds, samples, writes };
}

/** The counts of one operation over all seconds (of one phase). */
export function total(
  { seconds }: SentStage,
  operation = "select",
  phase?: StageSecond["phase"],
): Required<Omit<OperationSecond, "operation" | "latency" | "noticed" | "serviceTime" | "lag">> {
  const add = (one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) => {
    const sum: Record<string, number> = { ...one };
    for (const [code, count] of Object.entries(other)) sum[code] = (sum[code] ?? 0) + count;
    return sum;
  };
  const sum = {
    ok: 0,
    inTime: 0,
    failed: {},
    unknown: {},
    retried: {},
    neverSent: 0,
    late: 0,
    stalled: 0,
    cutShort: 0,
  };
  for (const second of seconds) {
    if (phase !== undefined && second.phase !== phase) continue;
    for (const each of second.operations) {
      if (each.operation !== operation) continue;
      sum.ok += each.ok;
      sum.inTime += each.inTime;
      sum.neverSent += each.neverSent;
      sum.late += each.late;
      sum.stalled += each.stalled ?? 0;
      sum.cutShort += each.cutShort ?? 0;
      sum.failed = add(sum.failed, each.failed);
      sum.unknown = add(sum.unknown, each.unknown);
      sum.retried = add(sum.retried, each.retried);
    }
  }
  return sum;
}
