import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { engineGaps } from "../../../model/engine-abilities.ts";
import type { Micros } from "../../../model/clock.ts";
import type { EngineDescription, StageEnd } from "../../../model/stage.ts";
import { runSql, SqlFailure } from "../../wire/run-sql.ts";
import type { Engine, EngineLoad, RunningStage, StageSink } from "../engine.ts";
import { followK6 } from "./follow-k6.ts";
import { startK6 } from "./k6-process.ts";
import type { ReportLine } from "./parse-report.ts";
import { renderScript } from "./render-script.ts";

/** Where the agent image has it. */
const PROGRAM = "/opt/dpg-bench/k6/k6";
/** k6 makes its virtual users before it begins. */
const BEGIN_BUDGET_MS = 50_000;

/**
 * k6 with the extension of docker/k6, and a script made from the workload or the user's own. Its processes are the
 * agents, each with one core. k6 does not tell when an iteration was due: latency counts from its begin (waiting for a
 * free connection is in it), lag is not known, and iterations for which no virtual user was free are never sent.
 */
export const k6Engine: Engine = {
  name: "k6",
  async start(load, sink) {
    const { shape, client, definition: workload, phases } = load;
    const wanted = { shapes: [shape], client, workload, phases: [phases] };
    const [gap] = load.k6Script === null ? engineGaps("k6", wanted) : [];
    if (gap !== undefined) throw new SqlFailure({ code: "engine-cannot", message: gap });
    const description = await describeK6();
    const environment = await prepareEnvironment(load);
    const folder = await mkdtemp(path.join(tmpdir(), "dpg-k6-"));
    try {
      return await startIn(folder, { description, environment, load, sink });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  },
};

async function describeK6(): Promise<EngineDescription> {
  const { stdout } = await promisify(execFile)(PROGRAM, ["version"], { timeout: 10_000 }).catch(
    (error: unknown) => {
      const message = `Expected k6 in the agent's image, found: ${String(error)}. It is built by \`dpg-bench setup\` where Go is installed.`;
      throw new SqlFailure({ code: "no-k6", message });
    },
  );
  return {
    version: `k6 ${/v(\d[\d.]*)/.exec(stdout)?.[1] ?? "of an unknown version"}`,
    timer: "CLOCK_MONOTONIC, whole microseconds in the extension's report; k6 tells no intended start",
    timerResolutionNs: 1000,
    ownCostUs: null,
  };
}

/** Tries to log in first, so that a refusal has its SQLSTATE. The password goes by the environment alone. */
async function prepareEnvironment(load: EngineLoad): Promise<Readonly<Record<string, string>>> {
  const { endpoints, login, addressOf, database, client, shape, phases, seed, firstId } = load;
  const { readWrite, readOnly } = endpoints;
  for (const at of new Set(load.definition.operations.map(({ endpoint }) => endpoints[endpoint])))
    await runSql({
      at,
      login: { ...login, database },
      addressOf,
      statements: [],
      budgetMs: client.timeoutMs,
    });
  const rate = shape.kind === "open" && shape.rate.kind === "constant" ? shape.rate.perSecond : 0;
  return {
    DPG_HOST: await addressOf(readWrite.host),
    DPG_PORT: String(readWrite.port),
    DPG_READ_HOST: await addressOf(readOnly.host),
    DPG_READ_PORT: String(readOnly.port),
    DPG_READ_OPTIONS: readOnly.options ?? "",
    DPG_DATABASE: database,
    DPG_USER: login.user,
    DPG_PASSWORD: login.password,
    DPG_TIMEOUT_MS: String(client.timeoutMs),
    DPG_SESSIONS: client.sessions,
    DPG_SEED: String(seed),
    DPG_FIRST_ID: String(firstId),
    DPG_RATE: String(rate),
    DPG_CLIENTS: String(shape.kind === "closed" ? shape.clients : client.connections),
    DPG_WARMUP_SECONDS: String(phases.warmupSeconds),
    DPG_STEADY_SECONDS: String(phases.steadySeconds),
    DPG_COOL_DOWN_SECONDS: String(phases.coolDownSeconds),
  };
}

async function startIn(
  folder: string,
  starting: {
    readonly description: EngineDescription;
    readonly environment: Readonly<Record<string, string>>;
    readonly load: EngineLoad;
    readonly sink: StageSink;
  },
): Promise<RunningStage> {
  const { description, environment, load, sink } = starting;
  const script = path.join(folder, "script.js");
  await writeFile(script, load.k6Script ?? renderScript(load));
  const epochUs = Number(load.epochNs / 1000n);
  const early: { readonly agent: number; readonly line: ReportLine }[] = [];
  let receive = (agent: number, line: ReportLine): void => void early.push({ agent, line });
  let begin = (_atUs: number): void => undefined;
  const began = new Promise<number>((resolve) => {
    begin = resolve;
  });
  const processes = Array.from({ length: load.client.agents }, (_, index) =>
    startK6({
      program: PROGRAM,
      script,
      folder,
      agent: index + 1,
      of: load.client.agents,
      environment: { ...environment, DPG_CONNECTIONS: String(shareOf(load.client, index)) },
      onLine: (line) => {
        if (line.kind === "began") begin(line.atUs);
        else receive(index + 1, line);
      },
    }),
  );
  const beganUs = await Promise.race([
    began,
    ...processes.map(async ({ exited, errors }) => {
      await exited;
      throw new SqlFailure({
        code: "k6-failed",
        message: `k6 ended before its first operation: ${errors()}`,
      });
    }),
    afterBudget(),
  ]).catch((error: unknown) => {
    for (const each of processes) each.kill("SIGKILL");
    throw error;
  });
  const startedUs = beganUs - epochUs;
  const following = followK6({
    processes,
    load,
    startedUs,
    epochUs,
    nowUs: (): Micros => Number((process.hrtime.bigint() - load.epochNs) / 1000n),
    sink,
  });
  for (const { agent, line } of early) following.receive(agent, line);
  receive = (agent, line) => following.receive(agent, line);
  return {
    startedUs,
    engine: description,
    ended: following.ended
      .catch((error: unknown): StageEnd => ({ kind: "failed", code: "engine-error", reason: String(error) }))
      .finally(() => rm(folder, { recursive: true, force: true })),
    stop: () => following.stop(),
  };
}

/** Connections of one process of several. */
function shareOf({ connections, agents }: EngineLoad["client"], index: number): number {
  return Math.floor(connections / agents) + (index < connections % agents ? 1 : 0);
}

function afterBudget(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => {
      const message = `k6 did not begin within ${BEGIN_BUDGET_MS / 1000} s`;
      reject(new SqlFailure({ code: "k6-failed", message }));
    }, BEGIN_BUDGET_MS).unref();
  });
}
