import type { ClusterWatch, FaultTools, NodeState } from "./capabilities.ts";
import type { Clock, Micros } from "./clock.ts";
import { HarnessError } from "./errors.ts";
import type { ShardsHeld } from "./shards.ts";
import type { ClusterView } from "./view.ts";

/** How a step of a fake behaves: works after a moment, fails after a moment, or never settles (a wait: runs out of its budget). */
export type Behaviour = "works" | "fails" | "hangs";

/** Names the step that is asked for, such as `kill coordinator-1` or `wait: full redundancy`. */
export type Behave = (step: string) => Behaviour;

/** Tools whose every step behaves as `behave` says, each after `tookMs`; `calls` lists the steps in order. */
export function fakeFaultTools(options: {
  readonly clock: Clock;
  readonly view: ClusterView;
  readonly behave: Behave;
  readonly tookMs: number;
  readonly roundTripMs?: number;
  /** What each PostgreSQL says of its configuration; without it, that it was never read again. */
  readonly configuration?: (node: string) => typeof unknownConfiguration;
  /** Who holds which shards; without it, nobody any. */
  readonly shards?: () => ShardsHeld;
}): FaultTools & { readonly calls: readonly string[] } {
  const { clock, tookMs, behave } = options;
  const calls: string[] = [];
  const step = async (name: string): Promise<void> => {
    calls.push(name);
    const how = behave(name);
    if (how === "hangs") return new Promise(() => undefined);
    await clock.sleep(tookMs);
    if (how === "fails") throw new Error(`${name} failed`);
  };
  return {
    calls,
    nodes: {
      kill: (node) => step(`kill ${node}`),
      start: (node) => step(`start ${node}`),
      pause: (node) => step(`pause ${node}`),
      resume: (node) => step(`resume ${node}`),
      state: (node) => step(`look at ${node}`).then(() => stateAfter(calls, node)),
      limitCpu: (node, cpus) => step(`limit ${node} to ${cpus} CPUs`),
      unlimitCpu: (node) => step(`give ${node} its CPUs back`),
      isHeldBack: (node) => step(`is ${node} held back`).then(() => true),
    },
    processes: { killPostmaster: (node) => step(`kill postmaster of ${node}`) },
    network: {
      isolate: (node, except) => step(`isolate ${node} except ${except.join(", ")}`),
      rejoin: (node) => step(`rejoin ${node}`),
      cut: ({ from, to }) => step(`cut ${from.join(", ")} from ${to.join(", ")}`),
      dropped: ({ from }) => step(`count what ${from.join(", ")} dropped`).then(() => 1),
      delay: ({ node, delayMs, except }) =>
        step(`delay ${node} by ${delayMs} ms except to ${except.join(", ")}`),
      roundTripMs: (node, peer) =>
        step(`measure from ${node} to ${peer}`).then(() => options.roundTripMs ?? 0.1),
      undelay: (node) => step(`take the delay of ${node} away`),
      mend: ({ from }) => step(`mend the link of ${from.join(", ")}`),
    },
    patroni: {
      switchover: ({ group, leader }) => step(`switchover of ${group} from ${leader}`),
      restart: ({ member }) => step(`restart ${member}`),
      setParameter: ({ parameter, value }) => step(`set ${parameter} to ${value ?? "nothing"}`),
      reload: ({ group }) => step(`reload ${group}`),
    },
    postgres: {
      configuration: ({ node, parameter }) =>
        step(`ask ${node} for ${parameter}`).then(
          () => options.configuration?.(node) ?? unknownConfiguration,
        ),
    },
    work: {
      begin: ({ node, name }) => step(`begin ${name} on ${node}`),
      isDone: ({ node, name }) => step(`is ${name} done on ${node}`).then(() => true),
      end: ({ node, name }) => step(`end ${name} on ${node}`),
    },
    etcd: { moveLeader: ({ from, to }) => step(`move etcd's leadership from ${from} to ${to}`) },
    shards: {
      read: () => step("read who holds which shards").then(() => options.shards?.() ?? noShards),
      spreadOver: (groups) => step(`spread shards over ${groups.join(", ")}`),
      cleanUp: () => step("clean up after moves of shards"),
    },
    watch: fakeWatch(options),
  };
}

/** By what was done to it last, whether that worked or not. */
function stateAfter(calls: readonly string[], node: string): NodeState {
  const last = calls.findLast(
    (call) => /^(kill|start|pause|resume) /.test(call) && call.endsWith(` ${node}`),
  );
  if (last?.startsWith("kill ") === true) return "ended";
  return last?.startsWith("pause ") === true ? "paused" : "running";
}

const noShards: ShardsHeld = { inUse: [], idle: [], shards: {}, even: true };
const unknownConfiguration = { loadedAgoMs: Infinity, value: "" };

function fakeWatch({
  clock,
  view,
  behave,
  tookMs,
}: {
  readonly clock: Clock;
  readonly view: ClusterView;
  readonly behave: Behave;
  readonly tookMs: number;
}): ClusterWatch {
  const wait = async (what: string, budgetMs: number, signal: AbortSignal | undefined): Promise<Micros> => {
    const how = behave(`wait: ${what}`);
    await clock.sleep(how === "hangs" ? budgetMs : tookMs, signal);
    if (how === "fails") throw new HarnessError({ code: "observer-ended", message: `wait: ${what} failed` });
    if (how === "works") return clock.nowUs();
    throw new HarnessError({
      code: "wait-timed-out",
      message: `Expected ${what} within ${budgetMs / 1000} s.`,
    });
  };
  return {
    view: () => view,
    waitUntil: ({ what, budgetMs, signal }) => wait(what, budgetMs, signal),
    nextLoopTick: (group, budgetMs, signal) => wait(`loop of ${group}`, budgetMs, signal),
  };
}
