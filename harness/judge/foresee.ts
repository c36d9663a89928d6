import type { PredictedBand } from "../model/advice.ts";
import type { NamedFigure } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Target } from "../model/target.ts";
import { bounded } from "./say.ts";

/**
 * Did the plan's advice already say that this target could not be kept? Bands speak of unavailability for writes: a band
 * whose low end lies at or above the bound rules it out. Lost writes are foreseen where the advice found the replication
 * asynchronous, and unserved connections where it found more clients than sessions. One sentence, or null.
 */
export function foresee(target: Target, failing: NamedFigure | undefined, plan: RunPlan): string | null {
  if (target.metric === "lost-writes") return foreseeLoss(failing, plan);
  if (target.metric === "connections-served") return foreseeQueue(failing, plan);
  if (target.metric !== "write-unavailability" || target.statistic === "sum") return null;
  const bound = upperBound(target);
  if (bound === null) return null;
  // Bands are predicted for the loss of the coordinators' primary, and say nothing of other victims.
  const onPrimary = plan.injections.filter(({ victim }) => victim === "primary of coordinators");
  const injected = new Set(onPrimary.map(({ fault }) => fault));
  const ruledOut = plan.advice.bands.filter(
    ({ fault, lowSeconds }) => injected.has(fault) && lowSeconds >= bound,
  );
  if (ruledOut.length === 0 || (target.statistic !== "each" && ruledOut.length < injected.size)) return null;
  const band = ruledOut.find(({ fault }) => fault === failing?.fault) ?? ruledOut[0];
  if (band === undefined) return null;
  return (
    `Predicted ${range(band)} for ${band.fault} (${words[band.failureClass]})${withTtl(plan)}: ` +
    `${target.id} (${bounded(target)}) cannot be met by ${ruledOut.map(({ fault }) => fault).join(", ")}.`
  );
}

const words: Readonly<Record<PredictedBand["failureClass"], string>> = {
  planned: "planned",
  "process-crash": "crash of PostgreSQL",
  "node-loss": "node loss",
  "node-pause": "frozen node",
  "network-isolation": "cut-off node",
};

function range({ lowSeconds, highSeconds }: PredictedBand): string {
  return `${Math.round(lowSeconds)}-${Math.round(highSeconds)} s`;
}

/** The floor is the one that advice/effective-timing cites. */
function withTtl({ advice: { timing } }: RunPlan): string {
  if (timing === null) return "";
  return timing.ttl <= 20 ? ` with ttl ${timing.ttl}, Patroni's floor` : ` with ttl ${timing.ttl}`;
}

function upperBound({ bound }: Target): number | null {
  if ("below" in bound) return bound.below;
  return "atMost" in bound ? bound.atMost : null;
}

function foreseeLoss(failing: NamedFigure | undefined, plan: RunPlan): string | null {
  const finding = plan.advice.findings.find(({ id }) => id === "RPO");
  return failing === undefined || finding === undefined ? null : `${finding.title}: ${finding.truth}`;
}

/** The advice is on the plan's topology, which is the first variant's. */
function foreseeQueue(failing: NamedFigure | undefined, { advice, benchmark }: RunPlan): string | null {
  const finding = advice.findings.find(({ id }) => id === "D5");
  const variant = benchmark?.variants[0]?.name ?? "";
  const concerned = failing !== undefined && (variant === "" || failing.of.startsWith(`${variant}: `));
  return finding === undefined || !concerned ? null : `${finding.title}: ${finding.truth}`;
}
