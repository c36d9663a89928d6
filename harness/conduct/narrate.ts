import { percentileOfDue } from "../stats/ranked-operations.ts";
import { addUp, rankHistogram } from "../stats/ranked-histograms.ts";
import type { Stage } from "../model/benchmark.ts";
import { ratePerSecond } from "../model/capacity.ts";
import type { Progress } from "../model/progress.ts";
import type { StageSecond } from "../model/stage.ts";
import { totalCount } from "../stats/total-count.ts";
import type { RunningLoad } from "../load/client/start-load.ts";
import { formatCores, formatRate, formatValue } from "../model/format-value.ts";

/** Tells whoever watches how a stage fares, with every second that comes in. */
export function narrateStage(stage: Stage, progress: Progress): (second: StageSecond) => void {
  /** Of all steady seconds so far, added up: a day's would take longer to go through than a second lasts. */
  let latencies = addUp([]);
  let notOk = 0;
  const newest = new Map<number, StageSecond>();
  const offered = ratePerSecond(stage.shape);
  return (second) => {
    newest.set(second.client.agent, second);
    if (second.phase === "steady") {
      latencies = addUp([latencies, ...second.operations.map(({ latency }) => latency)]);
      for (const { failed, unknown } of second.operations) notOk += totalCount(failed) + totalCount(unknown);
    }
    const agents = [...newest.values()];
    const sum = (of: (one: StageSecond) => number): number => agents.reduce((all, one) => all + of(one), 0);
    const lasted = (second.toUs - second.fromUs) / 1e6;
    const count = (of: (each: StageSecond["operations"][number]) => number): number =>
      sum(({ operations }) => operations.reduce((all, each) => all + of(each), 0));
    const failed = count((each) => totalCount(each.failed) + totalCount(each.unknown));
    const p99 = percentileOfDue(99, rankHistogram(latencies, { notOk, timeoutMs: 0 }));
    progress.detail(
      [
        ...(offered === null ? [] : [`${formatRate(offered)}/s offered`]),
        `${formatRate(count(({ ok }) => ok) / Math.max(lasted, 0.001))}/s answered`,
        ...(failed === 0 ? [] : [`${failed} not ok`]),
        ...(p99.kind === "value" ? [`p99 ${formatValue(p99.value, "ms")} so far`] : []),
        `client ${formatCores(sum(({ client }) => client.cpuCores))} cores`,
        ...(second.phase === "steady" ? [] : [second.phase]),
      ].join(" · "),
    );
  };
}

const EVERY_MS = 500;

/** Tells whoever watches how the load fares, twice a second, until disposed of. */
export function narrateLoad(load: RunningLoad, progress: Progress): Disposable {
  const timer = setInterval(() => {
    const { operations, writesServed, readsServed, lagP99Us } = load.stats();
    progress.detail(
      [
        `writes ${served(writesServed)}, reads ${served(readsServed)}`,
        `${operations.ok} ok, ${operations.failed} failed, ${operations.unknown} unknown`,
        `lag p99 ${formatValue(lagP99Us / 1000, "ms")}`,
      ].join(" · "),
    );
  }, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function served(answer: boolean | null): string {
  if (answer === null) return "not known yet";
  return answer ? "served" : "NOT served";
}
