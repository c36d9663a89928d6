import type { MetricName } from "./metric.ts";

/**
 * What is done to the cluster: a fault hurts it; an operation is what its people do on purpose, and should be harmless.
 * Both go through the same lifecycle.
 */
export type InjectionKind = "fault" | "operation";

/** What a fault does to a node, as far as the length of an outage depends on it. */
export type FailureClass = (typeof failureClasses)[number];

export const failureClasses = [
  /** Asked for: the old primary hands over. */
  "planned",
  /** Asked for: the configuration is read again, and nobody stops. */
  "reload",
  /** Asked for: shards are moved between worker groups, and nobody stops. */
  "rescaling",
  /** PostgreSQL dies, its Patroni lives and notices by itself. */
  "process-crash",
  /** The whole node is gone at once: the lease must run out. */
  "node-loss",
  /** The node stops answering without closing anything, and may come back. */
  "node-pause",
  /** The node lives and is cut off from everybody. */
  "network-isolation",
  /** All nodes live; some of them cannot reach some others. */
  "link-cut",
  /** All nodes live and reach each other; one of them is slow, or busy. */
  "slowness",
  /** Asked for: etcd's leader hands over to one of its followers. */
  "etcd-handover",
] as const;

/** What others can tell of a node that a failure of a class hits. */
interface FailureTraits {
  /** It answers nobody until it is healed. */
  readonly silences: boolean;
  /** Its connections stay open, so that nobody but a time-out tells that it is gone. */
  readonly hangs: boolean;
  /** It keeps its role, and nothing has to be mended afterwards. */
  readonly keepsRole: boolean;
}

const harmless: FailureTraits = { silences: false, hangs: false, keepsRole: true };
const noticed: FailureTraits = { silences: false, hangs: false, keepsRole: false };

export const failureTraits: Readonly<Record<FailureClass, FailureTraits>> = {
  planned: noticed,
  reload: noticed,
  rescaling: noticed,
  "process-crash": noticed,
  "node-loss": { silences: true, hangs: false, keepsRole: false },
  "node-pause": { silences: true, hangs: true, keepsRole: false },
  "network-isolation": { silences: true, hangs: true, keepsRole: false },
  "link-cut": noticed,
  slowness: harmless,
  "etcd-handover": harmless,
};

/** Does the primary hand over? Then it is the primary that is hit, whoever is named as the victim, and another has to be there. */
export function handsOver(failureClass: FailureClass): boolean {
  return failureClass === "planned";
}

/**
 * What a victim is to the writes that need it when a fault hits it: the coordinators' own, or of a worker those to its
 * shards. The loss of a standby that every COMMIT waits for is another thing than the loss of one among several, or of one
 * that nobody waits for.
 */
export type VictimRole = (typeof victimRoles)[number];

export const victimRoles = [
  "primary",
  /** The only one whose confirmation a COMMIT may have. */
  "synchronous standby",
  /** One of several, any of which may confirm. */
  "quorum standby",
  /** Nobody waits for it. */
  "asynchronous replica",
  "etcd follower",
  "etcd leader",
  /** So many of etcd that the others are no quorum. */
  "etcd quorum",
  /** The way between the primary and all of etcd. */
  "primary to etcd",
  /** The way between etcd's leader and all of its followers. */
  "etcd leader to followers",
  /** Of a worker group: its shards are written to here. */
  "worker primary",
  "worker standby",
  /** All members of a worker group. */
  "worker group",
  /** The way between the coordinators and a worker group's primary, or all of its members. */
  "coordinators to worker",
] as const;

/** One addend of a predicted band. Seconds. */
export interface BandTerm {
  readonly name: string;
  readonly lowSeconds: number;
  readonly highSeconds: number;
  /** How it was computed, with the setting's values, and where the rule stands. */
  readonly because: string;
}

/** What bands are predicted of. */
export type PredictedMetric = Extract<
  MetricName,
  "write-unavailability" | "read-unavailability" | "circuit-open"
>;

/** What one figure of one fault will be, from the configuration alone. */
export interface PredictedBand {
  /** Not in recordings of before roles were told apart: unavailability for writes. */
  readonly metric?: PredictedMetric;
  readonly fault: string;
  /** What the fault does to a node, as far as the length of an outage depends on it. */
  readonly failureClass: FailureClass;
  /** The victims that it holds for. Not in recordings of before roles were told apart: the primary. */
  readonly roles?: readonly VictimRole[];
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly terms: readonly BandTerm[];
}

/** Something that a configuration's author believes and that is not so: found before anything starts. */
export interface Finding {
  /** `D1`..., as the documentation of the checks lists them. */
  readonly id: string;
  readonly severity: "impossible" | "risk" | "note";
  readonly title: string;
  /** What is claimed, and where. */
  readonly claim: string;
  /** What is true with this configuration, with its values. */
  readonly truth: string;
  /** What to change. */
  readonly mend: string;
  /** Where the fact comes from: manual, source, version. */
  readonly source: string;
}

/** Patroni raises settings below its floors; these are the values it will really run with. Seconds. */
export interface EffectiveTiming {
  readonly ttl: number;
  readonly loopWait: number;
  readonly retryTimeout: number;
  /** One line per setting that Patroni will change. */
  readonly adjusted: readonly string[];
}

/** What can be said of a topology before it runs. */
export interface Advice {
  readonly timing: EffectiveTiming | null;
  readonly bands: readonly PredictedBand[];
  readonly findings: readonly Finding[];
}

/** The band of a figure of a fault on a victim of this role; undefined where nothing was predicted, or the role is not known. */
export function bandFor(
  { bands }: Pick<Advice, "bands">,
  wanted: { readonly metric: MetricName; readonly fault: string; readonly role: VictimRole | null },
): PredictedBand | undefined {
  const { metric, fault, role } = wanted;
  return bands.find(
    (band) =>
      role !== null && band.fault === fault && metricOf(band) === metric && rolesOf(band).includes(role),
  );
}

export function metricOf({ metric }: PredictedBand): PredictedMetric {
  return metric ?? "write-unavailability";
}

export function rolesOf({ roles }: PredictedBand): readonly VictimRole[] {
  return roles ?? ["primary"];
}
