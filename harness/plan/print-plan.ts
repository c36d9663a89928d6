import { Chalk, type ChalkInstance } from "chalk";
import {
  bandFor,
  metricOf,
  rolesOf,
  type BandTerm,
  type Finding,
  type PredictedBand,
  type PredictedMetric,
} from "../model/advice.ts";
import { kindTitle } from "../model/figure-names.ts";
import { holdWords } from "../model/hold.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { metrics } from "../model/metric.ts";
import { injectedTitle, type BudgetSettings, type PlannedInjection, type RunPlan } from "../model/plan.ts";
import type { PgAutoFailoverSpec } from "../model/topology.ts";
import type { Target } from "../model/target.ts";
import { possibleRoles } from "../model/victim-role.ts";
import { victimText } from "../model/victim-selector.ts";
import { boundText, tree, type Branch } from "./plan-text.ts";
import { describeBenchmark } from "./describe-benchmark.ts";
import { describeCluster } from "./describe-cluster.ts";
import { expectedSeconds } from "./expected-seconds.ts";
import { formatBand, formatNumber, formatSeconds } from "../model/format-value.ts";

/**
 * The plan as a readable tree: all that will happen, what it is judged by, and what is known before it starts. Lines are
 * kept within `width` columns (100, and at least 80).
 */
export function printPlan(
  plan: RunPlan,
  options: { readonly colour: boolean; readonly width?: number },
): string {
  const paint = new Chalk({ level: options.colour ? 1 : 0 });
  const branches: Branch[] = [
    describeCluster(plan.topology, changesOf(plan).length > 0),
    timing(plan),
    ...(plan.benchmark === null ? [] : describeBenchmark(plan.benchmark, plan.topology)),
    ...(plan.load === null ? [] : [load(plan), phases(plan), injections(plan)]),
    targets(plan),
    ...(plan.load === null ? [] : bands(plan)),
    findings(plan, paint),
    budgets(plan),
  ].map((branch) => ({ ...branch, text: paint.bold(branch.text) }));
  return [
    ...heading(plan, paint),
    ...tree(branches, Math.max(80, options.width ?? 100)),
    "",
    duration(plan),
    "",
  ].join("\n");
}

function heading(plan: RunPlan, paint: ChalkInstance): string[] {
  const quick = plan.scenario.quick ? ", quick form" : "";
  const overrides = plan.overrides.length === 0 ? [] : [`Changed:  ${plan.overrides.join("  ")}`];
  return [
    paint.bold(`${plan.scenario.name} on ${plan.topology.name}, seed ${plan.seed}${quick}`),
    plan.scenario.question,
    ...(plan.scenario.set === undefined ? [] : [`Set by the scenario:  ${plan.scenario.set.join("  ")}`]),
    ...overrides,
    "",
  ];
}

/** What makes the topology another than the one of that name, so that its summary need not be true. */
function changesOf({ scenario, overrides, benchmark, topology }: RunPlan): readonly string[] {
  const fields = Object.keys(topology);
  const variants = (benchmark?.variants ?? []).flatMap(({ name }) => (name === "" ? [] : [name]));
  const changed = [...(scenario.set ?? []), ...overrides].filter((one) =>
    fields.includes(one.split(/[.=]/)[0] ?? ""),
  );
  return [...changed, ...variants];
}

function timing(plan: RunPlan): Branch {
  const { timing } = plan.advice;
  const { pgAutoFailover } = plan.topology;
  if (pgAutoFailover.enabled) return { text: `Timing of pg_auto_failover: ${inWords(pgAutoFailover)}` };
  if (timing === null) return { text: "Timing: no Patroni, so nothing fails over" };
  const { ttl, loopWait, retryTimeout, adjusted } = timing;
  return {
    text:
      `Timing that Patroni will run with: ttl ${ttl} s, loop_wait ${loopWait} s, retry_timeout ${retryTimeout} s; ` +
      `failsafe_mode ${plan.topology.patroni.failsafeMode ? "on" : "off"}`,
    children: adjusted.map((text) => ({ text })),
  };
}

/** By its own names, in seconds. */
function inWords(spec: PgAutoFailoverSpec): string {
  return [
    `health_check_period ${spec.healthCheckPeriodMs / 1000} s`,
    `health_check_timeout ${spec.healthCheckTimeoutMs / 1000} s`,
    `health_check_max_retries ${spec.healthCheckMaxRetries}`,
    `health_check_retry_delay ${spec.healthCheckRetryDelayMs / 1000} s`,
    `node_considered_unhealthy_timeout ${spec.nodeConsideredUnhealthyTimeoutMs / 1000} s`,
    `primary_demote_timeout ${spec.primaryDemoteTimeoutMs / 1000} s`,
    `network_partition_timeout ${spec.networkPartitionTimeoutSeconds} s`,
  ].join(", ");
}

function load(plan: RunPlan): Branch {
  return {
    text: "Load, from inside the cluster's network, at open rates that are reached in the first half of the warm-up",
    children: plan.streams.map((stream) => {
      const ledger =
        stream.ledgerTable === null ? "" : `, every acknowledged id is looked up in ${stream.ledgerTable}`;
      return {
        text: `${stream.name.padEnd(20)} ${stream.kind.padEnd(5)} ${stream.ratePerSecond}/s, time-out ${stream.timeoutMs} ms${ledger}`,
      };
    }),
  };
}

function phases(plan: RunPlan): Branch {
  const { warmupSeconds, steadySeconds, recoverySeconds } = plan.phases;
  return {
    text: `Phases: warm-up ${warmupSeconds} s, steady ${steadySeconds} s, then each ${injected(plan)}, followed by ${recoverySeconds} s of recovery`,
  };
}

/** "fault", "operation", or "fault or operation". */
function injected(plan: RunPlan): string {
  return injectedTitle(plan).toLowerCase();
}

function injections(plan: RunPlan): Branch {
  return {
    text: `Injections: ${plan.injections.length}, each from full redundancy`,
    children: plan.injections.map((injection) => ({ text: injectionLine(injection, plan) })),
  };
}

function injectionLine(injection: PlannedInjection, plan: RunPlan): string {
  const at = plan.topology.pgAutoFailover.enabled
    ? "at a moment of its own"
    : `at ${formatNumber(injection.loopPhase, 2)} of Patroni's loop`;
  return `${String(injection.injection).padStart(2)} ${injection.fault.padEnd(15)} ${victimText(injection.victim, plan.topology.workers.groups)}, ${at}${heldFor(injection)}${predicted(injection, plan)}`;
}

/** The band of writes; one for each role that the victim may turn out to have. */
function predicted({ fault, victim, failureClass }: PlannedInjection, { advice, topology }: RunPlan): string {
  const roles = possibleRoles(victim, topology, failureClass);
  const each = roles.flatMap((role) => {
    const band = bandFor(advice, { metric: "write-unavailability", fault, role });
    return band === undefined ? [] : [`${formatBand(band)}${role === "primary" ? "" : ` as ${role}`}`];
  });
  return each.length === 0 ? "" : `, predicted ${each.join(" or ")}`;
}

/** What the fault is held for beyond the outage; nothing: until the probes are served. */
function heldFor({ holdUntil, leastSeconds, healAfterSeconds }: PlannedInjection): string {
  if (healAfterSeconds !== undefined) return `, healed after ${healAfterSeconds} s`;
  const until = holdUntil === undefined ? [] : [`until ${holdWords[holdUntil]}`];
  const least = leastSeconds === undefined ? [] : [`for at least ${leastSeconds} s`];
  const all = [...until, ...least];
  return all.length === 0 ? "" : `, held ${all.join(" and ")}`;
}

function targets(plan: RunPlan): Branch {
  return {
    text: `Targets: ${plan.targets.length === 0 ? "none" : plan.targets.length}`,
    children: plan.targets.map((target) => ({
      text: `${target.id}: ${target.title}`,
      children: [
        {
          text: `${metrics[target.metric].title}${target.of === undefined ? "" : ` of ${target.of}`}, ${target.statistic}: ${boundText(target)} ${metrics[target.metric].unit}`,
        },
        { text: `source: ${target.source}` },
      ],
    })),
  };
}

function bands(plan: RunPlan): Branch[] {
  const shown = PREDICTED.map(([metric, what]) => ({
    what,
    own: plan.advice.bands.filter((band) => metricOf(band) === metric),
  })).filter(({ own }, index) => index === 0 || own.length > 0);
  return shown.map(({ what, own }) => ({
    text: `Predicted ${what}${own.length === 0 ? ": none" : ""}`,
    children: own.map((band) => ({
      text: `${band.fault.padEnd(15)} ${formatBand(band)}${rolesText(band)}${foreseen(band, plan.targets)}`,
      children: band.terms.map((term) => ({ text: termLine(term) })),
    })),
  }));
}

const PREDICTED: readonly (readonly [PredictedMetric, string])[] = [
  ["write-unavailability", "unavailability for writes"],
  ["read-unavailability", "unavailability for reads"],
  ["circuit-open", "time until HAProxy's circuit is open"],
];

/** A victim that is not said to be another is the primary. */
function rolesText(band: PredictedBand): string {
  const roles = rolesOf(band);
  return roles.includes("primary") ? "" : `  ${roles.join(" or ")}`;
}

/** What the band says of the targets on its metric, before anything is measured. */
function foreseen(band: PredictedBand, all: readonly Target[]): string {
  const kinds = rolesOf(band).map((role) => kindTitle({ fault: band.fault, role }));
  const words = all.flatMap(({ id, metric, of, bound }) => {
    if (metric !== metricOf(band) || "atLeast" in bound) return [];
    if (of !== undefined && !kinds.includes(of) && !of.startsWith(`${band.fault}, injection `)) return [];
    const isBeyond = (seconds: number): boolean =>
      "below" in bound ? seconds >= bound.below : seconds > bound.atMost;
    if (isBeyond(band.lowSeconds)) return [`${id} cannot be kept`];
    return isBeyond(band.highSeconds) ? [`${id} may be missed`] : [];
  });
  return words.length === 0 ? "" : `  (${words.join("; ")})`;
}

function termLine(term: BandTerm): string {
  return `${formatBand(term)}  ${term.name}: ${term.because}`;
}

function findings(plan: RunPlan, paint: ChalkInstance): Branch {
  const colours = { impossible: paint.red, risk: paint.yellow, note: paint.cyan };
  return {
    text: `Findings: ${plan.advice.findings.length === 0 ? "none" : plan.advice.findings.length}`,
    children: plan.advice.findings.map((finding: Finding) => ({
      text: `${colours[finding.severity](`${finding.id} ${finding.severity}`)}: ${finding.title}`,
      children: [
        { text: `documented: ${finding.claim}` },
        { text: `actual: ${finding.truth}` },
        { text: `fix: ${finding.mend}` },
        { text: `source: ${finding.source}` },
      ],
    })),
  };
}

function budgets(plan: RunPlan): Branch {
  const { readyMs, redundancyMs, recoveryMs, observedMs, holdMs, commandMs } = plan.budgets;
  const what = injected(plan);
  const a = what === "operation" ? "an operation" : `a ${what}`;
  const all: readonly (readonly [keyof BudgetSettings, number, string])[] = [
    ["readySeconds", readyMs, "until the cluster is ready"],
    ["redundancySeconds", redundancyMs, `until full redundancy, before and after ${a}`],
    ["recoverySeconds", recoveryMs, `from ${a} to service; after that unavailability is "at least"`],
    ["observedSeconds", observedMs, `until ${a} shows`],
    ["holdSeconds", holdMs, "from a fault to what it is held for; after that it is healed all the same"],
    ["commandSeconds", commandMs, "any one command"],
  ];
  // Nothing is injected into a benchmark's clusters, and most faults are held for nothing.
  const holds = plan.injections.some(({ holdUntil }) => holdUntil !== undefined);
  const lines = all.filter(
    ([name]) => (plan.load !== null || !OF_FAULTS.has(name)) && (holds || name !== "holdSeconds"),
  );
  return {
    text: "Budgets: the longest that each wait may last",
    children: lines.map(([name, ms, what]) => ({
      text: `budgets.${name.padEnd(18)}${formatSeconds(ms / 1000).padStart(7)}  ${what}`,
    })),
  };
}

const OF_FAULTS: ReadonlySet<keyof BudgetSettings> = new Set([
  "redundancySeconds",
  "recoverySeconds",
  "observedSeconds",
]);

function duration(plan: RunPlan): string {
  const total = expectedSeconds(plan);
  const topologies = plan.benchmark?.variants.map(({ topology }) => topology) ?? [plan.topology];
  const containers = Math.max(...topologies.map((topology) => layOut(topology).nodes.length));
  return `Expected duration: about ${Math.floor(total / 60)} min ${total % 60} s, ${containers} containers.`;
}
