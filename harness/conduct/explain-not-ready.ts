import type { EndedNode } from "../runtime/container-runtime.ts";
import type { StartedContainers } from "../cluster/start-containers.ts";
import { HarnessError } from "../model/errors.ts";
import type { Budgets } from "../model/plan.ts";
import type { Topology } from "../model/topology.ts";
import { redundancyGaps } from "../cluster/redundancy.ts";
import type { RunningWatch } from "../observe/client/watch-cluster.ts";

const LAST_LINES = 12;
const NODES_SHOWN = 3;

interface Unready {
  readonly topology: Topology;
  /** null when the observer has not come to see anything. */
  readonly watch: Pick<RunningWatch, "view"> | null;
  readonly containers: Pick<StartedContainers, "layout" | "logs" | "ended">;
  readonly keepFile: (relativePath: string, text: string) => Promise<void>;
  readonly budgets: Pick<Budgets, "readyMs">;
  /** Where kept files go, to be named to the user. */
  readonly keptIn: string;
}

/**
 * Turns the error of a cluster that did not become ready into one that says what was missing and how the logs of
 * the nodes concerned end; every node's whole log is kept. Other errors (an interrupt, say) come back as they are.
 */
export async function explainNotReady(error: unknown, unready: Unready): Promise<unknown> {
  if (!(error instanceof HarnessError)) return error;
  const { topology, watch, containers, keptIn } = unready;
  const { layout } = containers;
  const [ended, logs] = await Promise.all([containers.ended().catch(() => []), keepLogs(unready)]);
  const gaps = watch === null ? [] : redundancyGaps(topology, layout, watch.view());
  const names = layout.nodes.map(({ name }) => name);
  // Those that have ended come first: they are most often the cause, and the others the effect.
  const concerned = new Set([
    ...ended.map(({ node }) => node),
    ...names.filter((name) => gaps.some((gap) => gap.split(/[\s:,]+/).includes(name))),
  ]);
  const shown = [...concerned]
    .slice(0, NODES_SHOWN)
    .map((name) => `--- ${name}, last lines\n${tail(logs.get(name) ?? "")}`);
  const more = concerned.size > NODES_SHOWN ? [`--- and ${concerned.size - NODES_SHOWN} more nodes`] : [];
  return new HarnessError({
    code: "cluster-not-ready",
    message: [
      headline(error, unready, ended[0]),
      ...ended.map(({ node, exitCode }) => `  ended: ${node}, exit code ${exitCode}`),
      ...gaps.map((gap) => `  missing: ${gap}`),
      ...shown,
      ...more,
    ].join("\n"),
    hint:
      (error.hint === undefined ? "" : `${error.hint}\n`) +
      `All containers were removed. The logs of all nodes are in ${keptIn}/logs. \`dpg-bench doctor\` tells whether ` +
      "the machine is large enough; more time can be had by --set budgets.readySeconds=N.",
    cause: error,
  });
}

/** The error of a container that ended by itself before the cluster was ready. */
export function componentEnded({ name }: Topology, { node, exitCode }: EndedNode): HarnessError {
  return new HarnessError({
    code: "component-ended",
    message: `Expected every container of ${name} to go on running, found that ${node} has ended (exit code ${exitCode}).`,
  });
}

/** Every node's log, kept as a file and given back by name. */
async function keepLogs({ containers, keepFile }: Unready): Promise<ReadonlyMap<string, string>> {
  const entries = containers.layout.nodes.map(async ({ name }) => {
    const log = await containers.logs(name).catch((cause: unknown) => `(no log: ${String(cause)})`);
    await keepFile(`logs/${name}.log`, log).catch(() => undefined);
    return [name, log] as const;
  });
  return new Map(await Promise.all(entries));
}

/** A container that has ended by itself explains whatever else failed; a wait knows only what was left of the budget. */
function headline(error: HarnessError, { topology, budgets }: Unready, ended: EndedNode | undefined): string {
  if (ended !== undefined) return componentEnded(topology, ended).message;
  if (error.code !== "wait-timed-out") return error.message;
  const seconds = budgets.readyMs / 1000;
  return `Expected ${topology.name} to be ready within ${seconds} s, found that it was not. ${error.message}`;
}

/** The last lines but for those of Python's tracebacks, and the last complaint where it came before them. */
function tail(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "" && !TRACEBACK.test(line));
  if (lines.length === 0) return "(nothing yet)";
  const last = lines.slice(-LAST_LINES);
  const complaint = lines.findLast((line) => COMPLAINT.test(line));
  return [...(complaint === undefined || last.includes(complaint) ? [] : [complaint]), ...last].join("\n");
}

/** Behind the engine's time stamp. */
const TRACEBACK = /^\S+Z (\s|Traceback)/;
const COMPLAINT = /\b(FATAL|PANIC|fatal|panic|ALERT)\b/;
