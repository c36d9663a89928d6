import type { ChildProcess } from "node:child_process";
import { readdir } from "node:fs/promises";
import type { Micros } from "../../../model/clock.ts";
import type { StageEnd } from "../../../model/stage.ts";
import { classify, clientCodes } from "../../wire/outcomes.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import { longestTimeoutMs } from "../outside/longest-timeout.ts";
import { readUsage } from "../outside/process-usage.ts";
import { OutsideStageRecorder } from "../outside/outside-stage-recorder.ts";
import type { StageInterval } from "../native/schedule/stage-intervals.ts";
import { UsageReadings } from "../outside/usage-readings.ts";
import { threadsOfClients, triesOf } from "./compose-arguments.ts";
import { codeOfError, findAborted } from "./explain-errors.ts";
import { logParser } from "./parse-log.ts";
import type { PgbenchScript } from "./render-scripts.ts";
import { tailFile } from "./tail-file.ts";
import { transactionTeller } from "./tell-transactions.ts";

export interface FollowedPgbench {
  readonly child: ChildProcess;
  /** Its exit code. */
  readonly exited: Promise<number | null>;
  /** All that it wrote on standard error. */
  readonly errors: () => string;
  /** One of each thread. */
  readonly logFiles: readonly string[];
  readonly load: EngineLoad;
  readonly scripts: readonly PgbenchScript[];
  readonly clients: number;
  readonly startedUs: Micros;
  readonly wallToMicros: number;
  readonly nowUs: () => Micros;
  readonly sink: StageSink;
}

/** Beyond the operations' time-out, for the answers that are still on their way when the stage is over. */
const GRACE_MS = 1000;
const LOOK_AFTER_END_US = 200_000;

/**
 * Reads the logs of a running pgbench and what it uses, once a second, until it ends. pgbench fills a buffer of 4 KiB
 * (about a hundred lines) before it writes, so a second is told when a later line has shown that it is whole.
 */
export function followPgbench(followed: FollowedPgbench): {
  readonly ended: Promise<StageEnd>;
  stop(): Promise<void>;
} {
  const { child, load, startedUs } = followed;
  const follower = new Follower(followed);
  const endUs = follower.recorder.slices.endUs;
  /** Its own way to end after `--time`: nothing new is begun, and what is under way is waited for. */
  const askToEnd = (): void => void child.kill("SIGALRM");
  const waitMs = (endUs - startedUs) / 1000 + longestTimeoutMs(load) + GRACE_MS;
  let killed = false;
  const killAfter = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      killed = true;
      child.kill("SIGKILL");
    }, ms);
  const killers = [killAfter(waitMs)];
  const ended = follower.untilExit(askToEnd).then(async (status) => {
    killers.forEach((killer) => clearTimeout(killer));
    await follower.finish();
    return endOf(status, killed, followed);
  });
  return {
    ended,
    async stop() {
      askToEnd();
      killers.push(killAfter(longestTimeoutMs(load) + GRACE_MS));
      await ended;
    },
  };
}

function endOf(status: number | null, killed: boolean, { errors, clients, load }: FollowedPgbench): StageEnd {
  const text = errors().trim();
  if (killed) {
    const reason = `pgbench did not end within ${longestTimeoutMs(load)} ms of the stage's end and was ended; its last lines are lost`;
    return { kind: "failed", code: clientCodes.timeout, reason };
  }
  const aborted = findAborted(errors());
  const [first] = aborted;
  if (first !== undefined) {
    const reason = `pgbench gave up ${aborted.length} of its ${clients} clients, the first one with ${first.code}: ${first.text}`;
    return { kind: "failed", code: first.code, reason };
  }
  if (status === 0) return { kind: "complete" };
  return {
    kind: "failed",
    code: codeOfError(text),
    reason: `pgbench ended with ${status ?? "no"} exit code: ${text}`,
  };
}

class Follower {
  readonly recorder: OutsideStageRecorder;
  readonly #followed: FollowedPgbench;
  readonly #logs: readonly {
    readonly tail: ReturnType<typeof tailFile>;
    readonly parser: ReturnType<typeof logParser>;
  }[];
  readonly #usage: readonly UsageReadings[];
  readonly #threadOf: readonly number[];
  /** End of the last transaction that each thread's log told of. */
  readonly #toldToUs: number[];
  #aborted = 0;

  constructor(followed: FollowedPgbench) {
    const { load, scripts, startedUs, logFiles, clients, wallToMicros, sink } = followed;
    this.#followed = followed;
    const scheduled = load.shape.kind === "open";
    this.recorder = new OutsideStageRecorder({
      stage: load.stage,
      seed: load.seed,
      firstId: load.firstId,
      startedUs,
      phases: load.phases,
      agents: load.client.agents,
      latencyLimitMs: load.client.latencyLimitMs,
      timeoutMs: load.client.timeoutMs,
      samplesKept: load.client.samplesKept,
      knowsLag: scheduled,
      // With a new connection each time it is not told apart from the log-in.
      knowsLateness: scheduled && load.client.sessions !== "each-operation",
      sink,
    });
    this.#threadOf = threadsOfClients(clients, load.client.agents);
    this.#usage = logFiles.map(() => new UsageReadings(startedUs));
    this.#toldToUs = logFiles.map(() => startedUs);
    this.#logs = logFiles.map((file, thread) => {
      const tell = transactionTeller({
        agent: thread + 1,
        operations: scripts.map(({ operation }) => operation.name),
        scheduled,
        connectsEachTime: load.client.sessions === "each-operation",
        wallToMicros,
      });
      const parser = logParser({ lag: scheduled, retries: triesOf(load) > 1 }, (transaction) => {
        const told = tell(transaction);
        this.#toldToUs[thread] = told.endUs;
        this.recorder.add(told);
      });
      return { tail: tailFile(file), parser };
    });
  }

  /** Looks at the end of every slice until the program has ended; its exit code. */
  async untilExit(whenOver: () => void): Promise<number | null> {
    const { exited, nowUs } = this.#followed;
    const end: { status?: number | null } = {};
    const ended = exited.then((status) => {
      end.status = status;
    });
    await this.#readUsage();
    for (let atUs = this.recorder.slices.all[0]?.toUs ?? 0; end.status === undefined;) {
      await Promise.race([
        ended,
        new Promise((resolve) => setTimeout(resolve, Math.max(1, (atUs - nowUs()) / 1000))),
      ]);
      await this.#readUsage();
      if (atUs === this.recorder.slices.endUs) whenOver();
      await this.#readLogs();
      this.#countAborted();
      for (const thread of this.#logs.keys()) this.#tell(thread, null);
      atUs = atUs < this.recorder.slices.endUs ? this.#sliceAfter(atUs).toUs : atUs + LOOK_AFTER_END_US;
    }
    return end.status;
  }

  async finish(): Promise<void> {
    const endedUs = this.#followed.nowUs();
    await this.#readLogs();
    this.#countAborted();
    for (const [thread, { tail }] of this.#logs.entries()) {
      this.#tell(thread, endedUs);
      await tail.close();
    }
  }

  #sliceAfter(atUs: Micros): StageInterval {
    const slice = this.recorder.slices.all[this.recorder.slices.indexAt(atUs)];
    if (slice === undefined) throw new Error("Expected a stage of some length, found none");
    return slice;
  }

  async #readUsage(): Promise<void> {
    const { child, nowUs } = this.#followed;
    const threads = await readdir(`/proc/${child.pid}/task`).catch(() => []);
    const process = await readUsage(`${child.pid}`);
    const inOrder = threads.map(Number).sort((a, b) => a - b);
    for (const [thread, usage] of this.#usage.entries()) {
      const own = await readUsage(`${child.pid}/task/${inOrder[thread]}`);
      if (own !== null && process !== null) {
        usage.add({
          atUs: nowUs(),
          cpuSeconds: own.cpuSeconds,
          memoryMb: process.memoryMb / this.#usage.length,
        });
      }
    }
  }

  async #readLogs(): Promise<void> {
    for (const { tail, parser } of this.#logs) await tail.read((bytes) => parser.push(bytes));
  }

  #tell(thread: number, endedUs: Micros | null): void {
    const clients = this.#threadOf.filter((of) => of === thread).length;
    this.recorder.tell(thread + 1, this.#toldToUs[thread] ?? 0, endedUs, (slice) => {
      const usage = this.#usage[thread]?.within(slice) ?? { cpuCores: 0, memoryMb: 0 };
      // An agent is one of its threads.
      return {
        ...usage,
        senderCores: usage.cpuCores,
        connectionsOpen: clients - this.#abortedOf(thread),
      };
    });
  }

  #abortedOf(thread: number): number {
    return findAborted(this.#followed.errors()).filter(({ client }) => this.#threadOf[client] === thread)
      .length;
  }

  /** A log has no line for the operation that ended its client. */
  #countAborted(): void {
    const { errors, scripts, nowUs } = this.#followed;
    const aborted = findAborted(errors());
    for (const { client, script, code } of aborted.slice(this.#aborted)) {
      const operation = scripts[script ?? 0]?.operation;
      const atUs = nowUs();
      this.recorder.add({
        operation: operation?.name ?? "",
        agent: (this.#threadOf[client] ?? 0) + 1,
        client,
        intendedUs: atUs,
        startUs: atUs,
        endUs: atUs,
        ...classify(operation?.kind ?? "write", {
          kind: script === null ? "not-sent" : "error-after-sending",
          code,
        }),
        retried: [],
        latenessUs: null,
      });
    }
    this.#aborted = aborted.length;
  }
}
