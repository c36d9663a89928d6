import type { Micros } from "../model/clock.ts";
import type { ClusterEvent, EventOf } from "../model/event.ts";
import { formatMoment, formatUtilisation, formatValue } from "../model/format-value.ts";
import type { Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import { samplesNeeded } from "../stats/percentiles.ts";
import type { Stretch } from "../stats/stretches.ts";

/** The probes' promise of themselves: above this the schedule was not kept as it should be. Milliseconds. */
const lagP99BoundMs = 2;

/** Above this share of a core the agent's event loop has no room for bursts. */
const busyCpuShare = 0.8;

/** What was not measured, or only in part, and why: one sentence each. */
export function listGaps(
  recording: Recording,
  measured: Omit<Measurements, "gaps" | "figures">,
  {
    clientStalls,
    ofCheckers,
  }: { readonly clientStalls: readonly Stretch[]; readonly ofCheckers: readonly string[] },
): string[] {
  return [
    ...incomplete(recording),
    ...notInjected(recording, measured),
    ...withoutSamples(recording),
    ...blindStretches(recording.events),
    ...observerStalls(recording.events),
    ...unreadLedgers(recording, measured),
    ...stalls(clientStalls),
    ...ofCheckers,
    ...agentHealth(recording.events),
    ...scheduleLag(measured.scheduleLagMs),
    ...withheldPercentiles(measured),
  ];
}

function incomplete({ end }: Recording): string[] {
  return end.kind === "incomplete" ? [`The recording is incomplete: ${end.reason.replace(/\.$/, "")}.`] : [];
}

function notInjected(
  { plan, events }: Recording,
  { injections }: Pick<Measurements, "injections">,
): string[] {
  const done = new Set(
    injections.flatMap(({ injection, commandFailed }) => (commandFailed === null ? [injection] : [])),
  );
  const missing = plan.injections.filter(({ injection }) => !done.has(injection));
  if (missing.length === 0) return [];
  const failed = events.filter(
    (event): event is EventOf<"injection"> => event.kind === "injection" && event.moment === "failed",
  );
  const reasons = failed.flatMap(({ injection, note }) =>
    done.has(injection) || note === undefined ? [] : [`injection ${injection} failed: ${note}`],
  );
  const names = missing.map(({ injection, fault }) => `${injection} (${fault})`).join(", ");
  const because = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  return [
    `${missing.length} of ${plan.injections.length} planned injections were not carried out: ${names}${because}.`,
  ];
}

function withoutSamples({ plan, samples }: Recording): string[] {
  const silent = plan.streams.filter(({ name }) => (samples.get(name)?.length ?? 0) === 0);
  return silent.map(({ name }) => `No sample of ${name} was recorded.`);
}

/** From each loss of an observer's connection to etcd to its return. */
function blindStretches(events: readonly ClusterEvent[]): string[] {
  const gaps: string[] = [];
  let sinceUs: Micros | null = null;
  let reason = "";
  for (const event of events) {
    if (event.kind !== "etcd-watch") continue;
    if (!event.connected) {
      sinceUs ??= event.atUs;
      reason = event.reason === null ? "" : ` (${event.reason})`;
    } else if (sinceUs !== null) {
      gaps.push(
        `Leader keys were not watched from ${formatMoment(sinceUs)} to ${formatMoment(event.atUs)}${reason}.`,
      );
      sinceUs = null;
    }
  }
  if (sinceUs !== null)
    gaps.push(`Leader keys were not watched from ${formatMoment(sinceUs)} to the end${reason}.`);
  return gaps;
}

function observerStalls(events: readonly ClusterEvent[]): string[] {
  return events.flatMap((event) =>
    event.kind === "observer-stood-still"
      ? [
          `The observer itself stood still from ${formatMoment(event.fromUs)} to ${formatMoment(event.atUs)}: nothing was watched.`,
        ]
      : [],
  );
}

function unreadLedgers(
  { ledgers }: Recording,
  { injections, ledgers: whole }: Pick<Measurements, "injections" | "ledgers">,
) {
  const gaps: string[] = [];
  const unjudged = injections.filter(({ lostWrites }) => lostWrites.kind !== "value");
  if (unjudged.length > 0 && whole.length > 0) {
    const numbers = unjudged.map(({ injection }) => injection).join(", ");
    gaps.push(`Not all ledgers were read after injection ${numbers}: its lost writes are not known.`);
  }
  const closed = new Set(ledgers.filter(({ injection }) => injection === null).map(({ stream }) => stream));
  for (const { stream } of whole) {
    if (!closed.has(stream)) gaps.push(`The ledger of ${stream} was not read at the end of the load.`);
  }
  return gaps;
}

/** One sentence, whatever the number of streams and parts: each row of the report's latency table has its reason. */
function withheldPercentiles({ latency }: Pick<Measurements, "latency">): string[] {
  const withheld = ([50, 95, 99] as const).flatMap((which) => {
    const rows = latency.filter(({ latencyMs }) => latencyMs[`p${which}`].kind === "withheld").length;
    return rows === 0 ? [] : [`p${which} in ${rows} (it needs ${samplesNeeded[which]})`];
  });
  if (withheld.length === 0) return [];
  return [
    `Percentiles are withheld for too few samples in some of the latency table's ${latency.length} rows: ${withheld.join(", ")}.`,
  ];
}

function agentHealth(events: readonly ClusterEvent[]): string[] {
  const health = events.filter((event): event is EventOf<"agent-health"> => event.kind === "agent-health");
  if (health.length === 0) return ["The agent's own health was not recorded."];
  const gaps: string[] = [];
  const busy = health.filter(({ cpuShare }) => cpuShare > busyCpuShare);
  if (busy.length > 0) {
    const most = busy.reduce((highest, { cpuShare }) => Math.max(highest, cpuShare), 0);
    gaps.push(
      `The agent used more than ${formatUtilisation(busyCpuShare)} of a core in ${busy.length} of ${health.length} seconds ` +
        `(${formatUtilisation(most)} at most): the client may have been the bottleneck.`,
    );
  }
  const neverSent = health.reduce((sum, event) => sum + event.neverSent, 0);
  if (neverSent > 0) gaps.push(`${neverSent} operations that were due were never sent by the agent.`);
  return gaps;
}

function scheduleLag({ p99 }: Measurements["scheduleLagMs"]): string[] {
  if (p99.kind === "withheld") return [`Schedule lag: ${p99.reason}.`];
  if (p99.kind !== "value" || p99.value <= lagP99BoundMs) return [];
  return [
    `The probes started late: schedule lag p99 was ${formatValue(p99.value, "ms")}, above ${formatValue(lagP99BoundMs, "ms")}; latencies ` +
      "include it.",
  ];
}

/** One sentence: what the client did not see is in the bounds of the figures. */
function stalls(stretches: readonly Stretch[]): string[] {
  const [longest] = stretches.toSorted((a, b) => secondsOf(b) - secondsOf(a));
  if (longest === undefined) return [];
  const sum = stretches.reduce((total, stretch) => total + secondsOf(stretch), 0);
  const times = stretches.length === 1 ? "once" : `${stretches.length} times`;
  const most = stretches.length === 1 ? "" : `, ${formatValue(secondsOf(longest), "s")} at most`;
  return [
    `The client itself stood still ${times}, for ${formatValue(sum, "s")}${most} (from ${formatMoment(longest.fromUs)} on): ` +
      "what was not served meanwhile was not observed, and figures of it are bounds.",
  ];
}

function secondsOf({ fromUs, toUs }: Stretch): number {
  return (toUs - fromUs) / 1e6;
}
