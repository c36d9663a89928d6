import type { PlannedBenchmark } from "../../harness/model/benchmark.ts";
import type { Run } from "../run.ts";
import { contentsList } from "./contents-list.ts";
import { Footnotes } from "./footnotes.ts";
import { html, type Markup } from "./markup.ts";
import { banner } from "./sections/banner.ts";
import { asked } from "./sections/benchmark/asked.ts";
import { bottlenecks } from "./sections/benchmark/bottlenecks.ts";
import { capacitySearch } from "./sections/benchmark/capacity-search.ts";
import { clientShare } from "./sections/benchmark/client-share.ts";
import { invariants } from "./sections/benchmark/invariants.ts";
import { latencyByLoad } from "./sections/benchmark/latency-by-load.ts";
import { stageDistribution } from "./sections/benchmark/stage-distribution.ts";
import { stageTimeline } from "./sections/benchmark/stage-timeline.ts";
import { variants } from "./sections/benchmark/variants.ts";
import { environment } from "./sections/environment.ts";
import { eventLog } from "./sections/event-log.ts";
import { findings } from "./sections/findings.ts";
import { gaps } from "./sections/gaps.ts";
import { howMeasured } from "./sections/how-measured.ts";
import { reproduce } from "./sections/reproduce.ts";
import { targets } from "./sections/targets.ts";

/** The page of a benchmark, in the order in which it is read. */
export function benchmarkSections(run: Run, benchmark: PlannedBenchmark): Markup {
  const footnotes = new Footnotes();
  const search = capacitySearch(run, benchmark, footnotes);
  const sideBySide = variants(run, benchmark, footnotes);
  const contents = Object.entries(CONTENTS).filter(
    ([id]) => (id !== "search" || search !== null) && (id !== "variants" || sideBySide !== null),
  );
  return html`${banner(run)} ${contentsList(Object.fromEntries(contents))} ${targets(run, footnotes)}
  ${gaps(run)} ${asked(run, benchmark)} ${latencyByLoad(run, footnotes)} ${sideBySide} ${search}
  ${stageDistribution(run)} ${stageTimeline(run)} ${clientShare(run, footnotes)} ${bottlenecks(run)}
  ${invariants(run)} ${findings(run)} ${howMeasured(run, footnotes)} ${environment(run)} ${eventLog(run)}
  ${reproduce(run)}`;
}

const CONTENTS = {
  targets: "Targets",
  gaps: "Not measured",
  facts: "What was asked",
  load: "Latency by load",
  variants: "Variants",
  search: "Capacity",
  distribution: "Distribution",
  timeline: "Time line",
  client: "Client",
  resources: "Where time went",
  invariants: "Data",
  findings: "Findings",
  method: "How measured",
  environment: "Environment",
  log: "Events",
  reproduce: "Again",
};
