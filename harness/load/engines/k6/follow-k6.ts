import type { Micros } from "../../../model/clock.ts";
import type { StageEnd } from "../../../model/stage.ts";
import { clientCodes } from "../../wire/outcomes.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import { longestTimeoutMs } from "../outside/longest-timeout.ts";
import { readUsage } from "../outside/process-usage.ts";
import { OutsideStageRecorder } from "../outside/outside-stage-recorder.ts";
import { UsageReadings } from "../outside/usage-readings.ts";
import type { K6Process } from "./k6-process.ts";
import { DROPPED_CODE, outcomeOf, type ReportLine } from "./parse-report.ts";
import { takeTurns } from "./take-turns.ts";

interface FollowedK6 {
  readonly processes: readonly K6Process[];
  readonly load: EngineLoad;
  readonly startedUs: Micros;
  /** Moment 0 of Micros on the clock of the reports. */
  readonly epochUs: number;
  readonly nowUs: () => Micros;
  readonly sink: StageSink;
}

const LOOK_EVERY_MS = 100;
/** Reports come ten times a second; what ended before this is told by now. */
const REPORT_LAG_US = 300_000;
/** Beyond the operations' time-out, for k6 to put its things away. */
const GRACE_MS = 5000;
/** k6's exit codes (errext/exitcodes): thresholds that were crossed are the script's own matter. */
const CROSSED_THRESHOLDS = 99;
const EXTERNAL_ABORT = 105;

/** Makes seconds of what the processes report, until they end. */
export function followK6(followed: FollowedK6): {
  readonly ended: Promise<StageEnd>;
  receive(agent: number, line: ReportLine): void;
  stop(): Promise<void>;
} {
  const { processes, load, nowUs } = followed;
  const follower = new Follower(followed);
  const { endUs } = follower.recorder.slices;
  const state = { interrupted: false, killed: false };
  const interrupt = (): void => {
    state.interrupted = true;
    for (const each of processes) each.kill("SIGINT");
  };
  const killAfter = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      state.killed = true;
      for (const each of processes) each.kill("SIGKILL");
    }, ms);
  const leftMs = Math.max(0, (endUs - nowUs()) / 1000);
  const timers = [killAfter(leftMs + longestTimeoutMs(load) + GRACE_MS)];
  // The script that is made here ends by itself; a user's may go on for longer than the stage.
  if (load.k6Script !== null) timers.push(setTimeout(interrupt, leftMs));
  const ended = follower.untilExit().then((statuses) => {
    for (const timer of timers) clearTimeout(timer);
    const endedUs = nowUs();
    follower.finish(endedUs);
    return endOf(statuses, endedUs < endUs - EARLY_US, state, followed);
  });
  return {
    ended,
    receive: (agent, line) => follower.receive(agent, line),
    async stop() {
      interrupt();
      timers.push(killAfter(longestTimeoutMs(load) + GRACE_MS));
      await ended;
    },
  };
}

/** An end this much before the stage's is none of it. */
const EARLY_US = 500_000;

function endOf(
  statuses: readonly (number | null)[],
  early: boolean,
  { interrupted, killed }: { readonly interrupted: boolean; readonly killed: boolean },
  { processes, load }: FollowedK6,
): StageEnd {
  if (killed) {
    const reason = `k6 did not end within ${longestTimeoutMs(load) + GRACE_MS} ms of the stage's end and was ended`;
    return { kind: "failed", code: clientCodes.timeout, reason };
  }
  const fine = [0, CROSSED_THRESHOLDS, ...(interrupted ? [EXTERNAL_ABORT] : [])];
  const wrong = statuses.findIndex((status) => status === null || !fine.includes(status));
  if (wrong !== -1) {
    const reason = `k6 ended with ${statuses[wrong] ?? "no"} exit code: ${processes[wrong]?.errors() ?? ""}`;
    return { kind: "failed", code: "k6-failed", reason };
  }
  if (early && !interrupted)
    return { kind: "failed", code: "k6-ended-early", reason: "k6's script was over before the stage was" };
  return { kind: "complete" };
}

class Follower {
  readonly recorder: OutsideStageRecorder;
  readonly #followed: FollowedK6;
  readonly #usage: readonly UsageReadings[];
  readonly #connections: number[];
  /** Operations of the workload that a dropped iteration is counted as, by weight. */
  readonly #nextDropped: () => string;

  constructor(followed: FollowedK6) {
    const { load, startedUs, processes, sink } = followed;
    this.#followed = followed;
    this.recorder = new OutsideStageRecorder({
      stage: load.stage,
      seed: load.seed,
      firstId: load.firstId,
      startedUs,
      phases: load.phases,
      agents: processes.length,
      latencyLimitMs: load.client.latencyLimitMs,
      timeoutMs: load.client.timeoutMs,
      samplesKept: load.client.samplesKept,
      knowsLag: false,
      knowsLateness: false,
      sink,
    });
    this.#usage = processes.map(() => new UsageReadings(startedUs));
    this.#connections = processes.map(() => 0);
    this.#nextDropped = takeTurns(load.definition.operations);
  }

  receive(agent: number, line: ReportLine): void {
    const { epochUs, load } = this.#followed;
    switch (line.kind) {
      case "began":
        return;
      case "connections":
        this.#connections[agent - 1] = line.open;
        return;
      case "dropped": {
        const atUs = line.atUs - epochUs;
        const never = { agent, client: 0, intendedUs: atUs, startUs: atUs, endUs: atUs, latenessUs: null };
        for (let count = 0; count < line.count; count += 1) {
          const operation = this.#nextDropped();
          this.recorder.add({ ...never, operation, outcome: null, code: DROPPED_CODE, retried: [] });
        }
        return;
      }
      case "ended": {
        // What the user's own script calls its operations may be no operation of the workload: any may have written.
        const known = load.definition.operations.find(({ name }) => name === line.operation);
        this.recorder.add({
          operation: line.operation,
          agent,
          client: line.client,
          intendedUs: line.begunUs - epochUs,
          startUs: line.startUs - epochUs,
          endUs: line.endUs - epochUs,
          ...outcomeOf(known?.kind ?? "write", line),
          retried: line.retried,
          latenessUs: null,
        });
      }
    }
  }

  /** The exit codes of all processes. */
  async untilExit(): Promise<readonly (number | null)[]> {
    const { processes, nowUs } = this.#followed;
    const end: { statuses?: readonly (number | null)[] } = {};
    const ended = Promise.all(processes.map(({ exited }) => exited)).then((statuses) => {
      end.statuses = statuses;
    });
    while (end.statuses === undefined) {
      for (const [index, { pid }] of processes.entries()) {
        const usage = await readUsage(String(pid));
        if (usage !== null) this.#usage[index]?.add({ atUs: nowUs(), ...usage });
      }
      for (const index of processes.keys()) this.#tell(index, nowUs() - REPORT_LAG_US, null);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]);
    }
    return end.statuses;
  }

  finish(endedUs: Micros): void {
    for (const index of this.#followed.processes.keys()) this.#tell(index, endedUs, endedUs);
  }

  #tell(index: number, toldToUs: Micros, endedUs: Micros | null): void {
    this.recorder.tell(index + 1, toldToUs, endedUs, (slice) => ({
      ...(this.#usage[index]?.within(slice) ?? { cpuCores: 0, memoryMb: 0 }),
      connectionsOpen: this.#connections[index] ?? 0,
    }));
  }
}
