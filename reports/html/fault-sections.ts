import type { Run } from "../run.ts";
import { contentsList } from "./contents-list.ts";
import { Footnotes } from "./footnotes.ts";
import { html, type Markup } from "./markup.ts";
import { banner } from "./sections/banner.ts";
import { distribution } from "./sections/distribution.ts";
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

/** The page of a run of faults, in the order in which it is read. */
export function faultSections(run: Run): Markup {
  const footnotes = new Footnotes();
  return html`${banner(run)} ${contentsList(CONTENTS)} ${targets(run, footnotes)} ${gaps(run)}
  ${keyFacts(run)} ${distribution(run, footnotes)} ${phases(run, footnotes)} ${timeline(run)}
  ${injections(run, footnotes)} ${latency(run, footnotes)} ${safety(run, footnotes)}
  ${redundancy(run, footnotes)} ${prediction(run, footnotes)} ${findings(run)} ${howMeasured(run, footnotes)}
  ${environment(run)} ${eventLog(run)} ${reproduce(run)}`;
}

const CONTENTS = {
  targets: "Targets",
  gaps: "Not measured",
  facts: "Question and cluster",
  failover: "Failover",
  phases: "Where the time went",
  timeline: "Time line",
  injections: "Injections",
  latency: "Latency",
  safety: "Data safety",
  redundancy: "Redundancy",
  prediction: "Predicted",
  findings: "Findings",
  method: "How measured",
  environment: "Environment",
  log: "Events",
  reproduce: "Again",
};
