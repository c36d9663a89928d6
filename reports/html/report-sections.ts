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
import { distribution } from "./sections/distribution.ts";
import { disturbances } from "./sections/disturbances.ts";
import { environment } from "./sections/environment.ts";
import { eventLog } from "./sections/event-log.ts";
import { findings } from "./sections/findings.ts";
import { gaps } from "./sections/gaps.ts";
import { howMeasured } from "./sections/how-measured.ts";
import { injections } from "./sections/injections.ts";
import { keyFacts } from "./sections/key-facts.ts";
import { latency } from "./sections/latency.ts";
import { phases } from "./sections/phases.ts";
import { prediction } from "./sections/prediction.ts";
import { redundancy } from "./sections/redundancy.ts";
import { reproduce } from "./sections/reproduce.ts";
import { safety } from "./sections/safety.ts";
import { targets } from "./sections/targets.ts";
import { timeline } from "./sections/timeline.ts";

/** A card of the page: the id that the contents list links to, its word there, and what is in it; null: nothing to show. */
type Entry = readonly [id: string, word: string, markup: Markup | null];

/** The page of a run, in the order in which it is read. What there is nothing of is not there. */
export function reportSections(run: Run): Markup {
  const footnotes = new Footnotes();
  const { load, benchmark } = run.recording.plan;
  const ofFaults = (make: () => Markup | null): Markup | null => (load === null ? null : make());
  const ofStages = (make: () => Markup | null): Markup | null => (benchmark === null ? null : make());
  const entries: readonly Entry[] = [
    ["targets", "Targets", targets(run, footnotes)],
    ["gaps", "Not measured", gaps(run)],
    benchmark === null
      ? ["facts", "Question and cluster", keyFacts(run)]
      : ["facts", "What was asked", asked(run, benchmark)],
    ["disturbances", "Load under faults", disturbances(run, footnotes)],
    ["failover", "Failover", ofFaults(() => distribution(run, footnotes))],
    ["phases", "Where the time went", ofFaults(() => phases(run, footnotes))],
    ["timeline", "Time line", ofFaults(() => timeline(run))],
    ["injections", "Injections", ofFaults(() => injections(run, footnotes))],
    [
      "latency",
      load === null || benchmark === null ? "Latency" : "Probes",
      ofFaults(() => latency(run, footnotes)),
    ],
    ["load", "Latency by load", ofStages(() => latencyByLoad(run, footnotes))],
    ["variants", "Variants", benchmark === null ? null : variants(run, benchmark, footnotes)],
    ["search", "Capacity", benchmark === null ? null : capacitySearch(run, benchmark, footnotes)],
    ["distribution", "Distribution", ofStages(() => stageDistribution(run))],
    [
      load === null ? "timeline" : "stages",
      load === null ? "Time line" : "Stages",
      ofStages(() => stageTimeline(run)),
    ],
    ["client", "Client", ofStages(() => clientShare(run, footnotes))],
    ["resources", load === null ? "Where time went" : "Resources", bottlenecks(run)],
    ["safety", "Data safety", ofFaults(() => safety(run, footnotes))],
    ["invariants", "Data", ofStages(() => invariants(run))],
    ["redundancy", "Redundancy", ofFaults(() => redundancy(run, footnotes))],
    ["prediction", "Predicted", ofFaults(() => prediction(run, footnotes))],
    ["findings", "Findings", findings(run)],
    ["method", "How measured", howMeasured(run, footnotes)],
    ["environment", "Environment", environment(run)],
    ["log", "Events", eventLog(run)],
    ["reproduce", "Again", reproduce(run)],
  ];
  const shown = entries.filter(([, , markup]) => markup !== null);
  return html`${banner(run)} ${contentsList(Object.fromEntries(shown.map(([id, word]) => [id, word])))}
  ${shown.map(([, , markup]) => html`${markup} `)}`;
}
