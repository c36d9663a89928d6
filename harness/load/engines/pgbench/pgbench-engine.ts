import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { engineGaps } from "../../../model/engine-abilities.ts";
import type { ClientEndpoint } from "../../../model/layout.ts";
import type { Micros } from "../../../model/clock.ts";
import type { EngineDescription, StageEnd } from "../../../model/stage.ts";
import { runSql, SqlFailure } from "../../wire/run-sql.ts";
import type { Engine, EngineLoad, RunningStage, StageSink } from "../engine.ts";
import { wallClockOffsetUs } from "../outside/wall-clock-offset.ts";
import { clientsOf, composeArguments } from "./compose-arguments.ts";
import { codeOfError } from "./explain-errors.ts";
import { followPgbench } from "./follow-pgbench.ts";
import { renderScripts } from "./render-scripts.ts";

/** Time that pgbench gets beyond the stage itself: to connect, and to end. Seconds. */
const SPARE_SECONDS = 120;
const POLL_MS = 5;
const DEBIANS_FOLDER = "/usr/lib/postgresql/17/bin";

/**
 * pgbench of the PostgreSQL that the image has, with scripts made from the workload. Its threads are the agents. What
 * it does not do like the native engine: an operation that takes longer than its time-out goes on and ends ok (late);
 * an error other than 40001 and 40P01 ends the client that met it, and the stage then ends failed.
 */
export const pgbenchEngine: Engine = {
  name: "pgbench",
  async start(load, sink) {
    const [gap] = engineGaps("pgbench", {
      shapes: [load.shape],
      client: load.client,
      workload: load.definition,
      phases: [load.phases],
    });
    if (gap !== undefined) throw new SqlFailure({ code: "engine-cannot", message: gap });
    const program = existsSync(`${DEBIANS_FOLDER}/pgbench`) ? `${DEBIANS_FOLDER}/pgbench` : "pgbench";
    const description = await describePgbench(program);
    const at = await checkLogin(load);
    const folder = await mkdtemp(path.join(tmpdir(), "dpg-pgbench-"));
    try {
      return await startIn(folder, { program, description, at, load, sink });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  },
};

interface Starting {
  readonly program: string;
  readonly description: EngineDescription;
  readonly at: ClientEndpoint;
  readonly load: EngineLoad;
  readonly sink: StageSink;
}

async function describePgbench(program: string): Promise<EngineDescription> {
  const { stdout } = await promisify(execFile)(program, ["--version"], { timeout: 5000 }).catch(
    (error: unknown) => {
      throw new SqlFailure({ code: "no-pgbench", message: `pgbench cannot be run: ${String(error)}` });
    },
  );
  return {
    version: `pgbench ${/\d[\d.]*/.exec(stdout)?.[0] ?? "of an unknown version"}`,
    timer: "CLOCK_MONOTONIC, whole microseconds in pgbench's log",
    timerResolutionNs: 1000,
    ownCostUs: null,
  };
}

/** pgbench shows no SQLSTATE, so whether it will be let in is tried before. Resolves with the address. */
async function checkLogin(load: EngineLoad): Promise<Starting["at"]> {
  const { endpoints, definition, login, addressOf, database, client } = load;
  const reads = definition.operations.find(({ weight }) => weight > 0)?.endpoint === "readOnly";
  const at = reads ? endpoints.readOnly : endpoints.readWrite;
  await runSql({ at, login: { ...login, database }, addressOf, statements: [], budgetMs: client.timeoutMs });
  return { ...at, host: await addressOf(at.host) };
}

async function startIn(folder: string, starting: Starting): Promise<RunningStage> {
  const { program, description, at, load, sink } = starting;
  const { warmupSeconds, steadySeconds, coolDownSeconds } = load.phases;
  const stageSeconds = warmupSeconds + steadySeconds + coolDownSeconds;
  const clients = clientsOf(load);
  const scripts = renderScripts(load.definition, { firstId: load.firstId, clients });
  const files = scripts.scripts.map((_script, index) => path.join(folder, `${index}.sql`));
  for (const [index, { text }] of scripts.scripts.entries()) await writeFile(files[index] ?? "", text);
  const logPrefix = path.join(folder, "log");
  const parameters = composeArguments(load, {
    host: at.host,
    port: at.port,
    files,
    scripts,
    logPrefix,
    seconds: stageSeconds + SPARE_SECONDS,
  });

  const wallOffsetUs = wallClockOffsetUs();
  const child = spawn(program, parameters, {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: environmentOf(load, at),
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (errors.length < MOST_ERRORS) errors += text;
  });
  const exited = new Promise<number | null>((resolve) => {
    child.on("error", () => resolve(null));
    child.on("close", resolve);
  });
  await untilConnected(child, exited, {
    descriptors:
      STANDARD_DESCRIPTORS + load.client.agents + (load.client.sessions === "each-operation" ? 0 : clients),
    budgetMs: SPARE_SECONDS * 1000,
    failure: () => errors,
  });
  const nowUs = (): Micros => Number((process.hrtime.bigint() - load.epochNs) / 1000n);
  const startedUs = nowUs();
  const following = followPgbench({
    child,
    exited,
    errors: () => errors,
    logFiles: Array.from({ length: load.client.agents }, (_, thread) =>
      thread === 0 ? `${logPrefix}.${child.pid}` : `${logPrefix}.${child.pid}.${thread}`,
    ),
    load,
    scripts: scripts.scripts,
    clients,
    startedUs,
    wallToMicros: -wallOffsetUs - Number(load.epochNs / 1000n),
    nowUs,
    sink,
  });
  return {
    startedUs,
    engine: description,
    ended: following.ended
      .catch((error: unknown): StageEnd => ({ kind: "failed", code: "engine-error", reason: String(error) }))
      .finally(() => rm(folder, { recursive: true, force: true })),
    stop: () => following.stop(),
  };
}

/** What pgbench and libpq read. TLS is not tried: the other engines do not either. */
function environmentOf({ login, client }: EngineLoad, { options }: ClientEndpoint): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LC_ALL: "C.UTF-8",
    PGPASSWORD: login.password,
    PGSSLMODE: "disable",
    PGGSSENCMODE: "disable",
    ...(options === undefined ? {} : { PGOPTIONS: options }),
    PGCONNECT_TIMEOUT: String(Math.max(2, Math.ceil(client.timeoutMs / 1000))),
  };
}

const MOST_ERRORS = 1_000_000;
/** Input, output and errors. */
const STANDARD_DESCRIPTORS = 3;

/**
 * Waits until every thread has its log and every client its socket: pgbench says nothing when its clients are
 * connected and the first operations begin, which is then a few milliseconds away at most.
 */
async function untilConnected(
  child: ChildProcess,
  exited: Promise<number | null>,
  { descriptors, budgetMs, failure }: { descriptors: number; budgetMs: number; failure: () => string },
): Promise<void> {
  const untilMs = performance.now() + budgetMs;
  const state = { gone: false };
  const ended = exited.then(() => {
    state.gone = true;
  });
  for (;;) {
    const open = await readdir(`/proc/${child.pid}/fd`).catch(() => []);
    if (state.gone) {
      throw new SqlFailure({
        code: codeOfError(failure()),
        message: `pgbench did not start: ${failure().trim()}`,
      });
    }
    if (open.length >= descriptors) return;
    if (performance.now() > untilMs) {
      child.kill("SIGKILL");
      throw new SqlFailure({
        code: "CONNECT_TIMEOUT",
        message: "pgbench's clients were not connected in time",
      });
    }
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, POLL_MS))]);
  }
}
