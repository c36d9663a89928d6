import type { EngineLoad } from "../engine.ts";
import type { PgbenchScripts } from "./render-scripts.ts";

/** SQLSTATEs that pgbench can try again. */
const RETRIABLE = ["40001", "40P01"];

/** pgbench's arguments for a stage, without the password: that goes by the environment. Assumes no engineGaps. */
export function composeArguments(
  load: Pick<EngineLoad, "shape" | "client" | "database" | "definition" | "seed" | "login">,
  where: {
    /** An address. */
    readonly host: string;
    readonly port: number;
    /** Paths of the scripts, in the order of `scripts`. */
    readonly files: readonly string[];
    readonly scripts: PgbenchScripts;
    readonly logPrefix: string;
    /** Bound on the whole; the stage ends it before. */
    readonly seconds: number;
  },
): readonly string[] {
  const { shape, client, database, seed, login } = load;
  const { scripts, defines } = where.scripts;
  return [
    "--no-vacuum",
    "--protocol=prepared",
    `--client=${clientsOf(load)}`,
    `--jobs=${client.agents}`,
    `--time=${Math.ceil(where.seconds)}`,
    `--random-seed=${seed >>> 0}`,
    ...scripts.map(({ weight }, index) => `--file=${where.files[index] ?? ""}@${weight}`),
    ...Object.entries(defines).map(([name, value]) => `--define=${name}=${value}`),
    "--log",
    `--log-prefix=${where.logPrefix}`,
    "--failures-detailed",
    ...(triesOf(load) > 1 ? [`--max-tries=${triesOf(load)}`] : []),
    ...(shape.kind === "open" && shape.rate.kind === "constant"
      ? // What would be sent later than its time-out is not sent at all.
        [`--rate=${shape.rate.perSecond}`, `--latency-limit=${client.timeoutMs}`]
      : []),
    ...(client.sessions === "each-operation" ? ["--connect"] : []),
    `--host=${where.host}`,
    `--port=${where.port}`,
    `--username=${login.user}`,
    database,
  ];
}

/** Clients in all; of an open shape each is one of its connections. */
export function clientsOf({ shape, client }: Pick<EngineLoad, "shape" | "client">): number {
  return shape.kind === "closed" ? shape.clients : client.connections;
}

/** Attempts of each transaction. */
export function triesOf({ definition }: Pick<EngineLoad, "definition">): number {
  const { retry } = definition;
  return retry !== null && RETRIABLE.some((code) => retry.codes.includes(code)) ? retry.attempts : 1;
}

/**
 * The thread of each client: consecutive clients share one, and what does not divide evenly goes one each to the first
 * threads (pgbench.c, main: `(nclients - nclients_dealt + nthreads - i - 1) / (nthreads - i)`).
 */
export function threadsOfClients(clients: number, threads: number): readonly number[] {
  const dealt: number[] = [];
  for (let thread = 0; thread < threads; thread += 1) {
    const left = threads - thread;
    const share = Math.floor((clients - dealt.length + left - 1) / left);
    for (let each = 0; each < share; each += 1) dealt.push(thread);
  }
  return dealt;
}
