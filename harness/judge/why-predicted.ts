import { bandFor, metricOf, rolesOf, type PredictedBand } from "../model/advice.ts";
import type { InjectionMeasurement, NamedFigure } from "../model/measurement.ts";
import { metrics } from "../model/metric.ts";
import type { RunPlan } from "../model/plan.ts";
import { injectionTitle, kindTitle } from "../model/figure-names.ts";
import type { Target } from "../model/target.ts";
import { possibleRoles } from "../model/victim-role.ts";
import type { Judged } from "./judged.ts";
import { bounded } from "./sentences.ts";
import { formatBand } from "../model/format-value.ts";

/**
 * Did the plan's advice already say that this target could not be kept? A band of the target's metric whose low end lies
 * beyond the bound rules it out, for the faults and victims' roles that were injected. Lost writes are foreseen where the
 * advice found the replication asynchronous, and unserved connections where it found more clients than sessions. One or
 * two sentences, or null.
 */
export function whyPredicted(
  target: Target,
  failing: NamedFigure | undefined,
  judged: Pick<Judged, "plan" | "measurements">,
): string | null {
  const { plan } = judged;
  const { foreseenBy } = metrics[target.metric];
  if (foreseenBy !== undefined) return byFinding(foreseenBy, failing, plan);
  if (target.statistic === "sum") return null;
  const kinds = kindsOf(target, judged);
  const ruledOut = kinds.flatMap(({ bands, cannot }) => (cannot ? bands.slice(0, 1) : []));
  if (ruledOut.length === 0 || (target.statistic !== "each" && ruledOut.length < kinds.length)) return null;
  const failed = failing === undefined ? undefined : injectionOf(failing, judged);
  const band =
    ruledOut.find(
      (each) => each.fault === failed?.fault && rolesOf(each).some((role) => role === failed.role),
    ) ?? ruledOut[0];
  if (band === undefined) return null;
  const beyond = [...new Set(ruledOut.map(nameOf))].join(", ");
  return (
    `Predicted ${formatBand(band)} for ${nameOf(band)} (${words[band.failureClass]})${withTtl(band, plan)}: ` +
    `${target.id} (${bounded(target)}) cannot be met by ${beyond}.${because(band, plan)}`
  );
}

/** One kind of fault on one kind of victim, as it was injected or may be, and its bands of the target's metric. */
interface Kind {
  readonly bands: readonly PredictedBand[];
  /** Whatever the victim turns out to be, the bound cannot be kept. */
  readonly cannot: boolean;
}

/** By fault and role: the role is the measured one, else any that the victim may have. */
function kindsOf(target: Target, { plan, measurements }: Pick<Judged, "plan" | "measurements">): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { injection, fault, victim, failureClass } of plan.injections) {
    const measured = measurements.injections.find((each) => each.injection === injection)?.role ?? null;
    const roles = measured === null ? possibleRoles(victim, plan.topology, failureClass) : [measured];
    const names = [injectionTitle(fault, injection), ...roles.map((role) => kindTitle({ fault, role }))];
    if (target.of !== undefined && !names.includes(target.of)) continue;
    const bands = roles.map((role) => bandFor(plan.advice, { metric: target.metric, fault, role }));
    const known = bands.filter((band) => band !== undefined);
    const cannot =
      known.length > 0 && known.length === bands.length && known.every((band) => isBeyond(band, target));
    kinds.set(`${fault} ${roles.join(" ")}`, { bands: known, cannot });
  }
  return [...kinds.values()];
}

function isBeyond({ lowSeconds }: PredictedBand, { bound }: Target): boolean {
  if ("below" in bound) return lowSeconds >= bound.below;
  return "atMost" in bound && lowSeconds > bound.atMost;
}

function injectionOf(
  { of }: NamedFigure,
  { measurements }: Pick<Judged, "measurements">,
): InjectionMeasurement | undefined {
  return measurements.injections.find(({ fault, injection }) => of === `${fault}, injection ${injection}`);
}

/** A victim's role goes without saying where it is the primary, or does not matter. */
function nameOf(band: PredictedBand): string {
  const [role, another] = rolesOf(band);
  const plain =
    role === undefined ||
    role === "primary" ||
    another !== undefined ||
    metricOf(band) !== "write-unavailability";
  return plain ? band.fault : `${band.fault} on the ${role}`;
}

const words: Readonly<Record<PredictedBand["failureClass"], string>> = {
  planned: "planned",
  reload: "configuration reload",
  rescaling: "move of shards",
  "process-crash": "crash of PostgreSQL",
  "node-loss": "node loss",
  "node-pause": "frozen node",
  "network-isolation": "cut-off node",
  "link-cut": "cut link",
  slowness: "slow node",
  "etcd-handover": "change of etcd's leader",
};

/** The finding that stands behind a band of something else than a lost primary. */
function because(band: PredictedBand, { advice }: RunPlan): string {
  const id =
    metricOf(band) === "circuit-open" ? "D13" : rolesOf(band).includes("synchronous standby") ? "D14" : null;
  const finding = advice.findings.find((each) => each.id === id);
  return finding === undefined ? "" : ` ${finding.id}: ${finding.title}.`;
}

/** The floor is the one that advice/effective-timing cites. */
function withTtl(band: PredictedBand, { advice: { timing } }: RunPlan): string {
  if (timing === null || metricOf(band) !== "write-unavailability") return "";
  return timing.ttl <= 20 ? ` with ttl ${timing.ttl}, Patroni's floor` : ` with ttl ${timing.ttl}`;
}

/** The advice is on the plan's topology, which is the first variant's. */
function byFinding(
  wanted: string,
  failing: NamedFigure | undefined,
  { advice, benchmark }: RunPlan,
): string | null {
  const finding = advice.findings.find(({ id }) => id === wanted);
  const variant = benchmark?.variants[0]?.name ?? "";
  const concerned = failing !== undefined && (variant === "" || failing.of.startsWith(`${variant}: `));
  return finding === undefined || !concerned ? null : `${finding.title}: ${finding.truth}`;
}
