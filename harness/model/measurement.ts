import type { Micros } from "./clock.ts";
import type { CopyReading } from "./copy-answers.ts";
import type { MetricName } from "./metric.ts";
import type { GroupPrimaries, SecondAcknowledgements } from "./primaries.ts";
import type { Outcome, StreamName } from "./sample.ts";
import type { Stage } from "./benchmark.ts";
import type { LoadingMeasurement } from "./loading.ts";
import type { PlacementMeasurement } from "./placement.ts";
import type { StartUpMeasurement } from "./start-up.ts";
import type { CodeCounts, InvariantReading } from "./stage.ts";
import type { VictimRole } from "./advice.ts";

/** A measured figure, or the reason why there is none. Never a bare null. */
export type Figure =
  | { readonly kind: "value"; readonly value: number }
  /** Censored: it had not ended when the watching ended. */
  | { readonly kind: "at-least"; readonly value: number }
  /** Bounded: it lies within these, both included, and nothing that was observed says where. */
  | { readonly kind: "between"; readonly low: number; readonly high: number }
  | { readonly kind: "withheld"; readonly reason: string };

/** A distribution in few words. Percentiles are withheld where n does not allow them. */
export interface Distribution {
  readonly n: number;
  readonly min: Figure;
  readonly median: Figure;
  readonly p95: Figure;
  readonly max: Figure;
}

/** One stretch during which a probe's operations were not served. */
export interface Episode {
  /** Intended start of the first operation that was not served in time. */
  readonly fromUs: Micros;
  /** End of the first success that lasted; null when there was none before the watching ended. */
  readonly toUs: Micros | null;
}

/**
 * A stretch outside every injection's window in which a probe was not served, or in which the client did not look: then
 * the figure has the one as its lower and the other as its upper bound.
 */
export interface StrayOutage {
  readonly stream: StreamName;
  readonly fromUs: Micros;
  readonly seconds: Figure;
  /** In the warm-up, which is shown and not judged. */
  readonly inWarmup: boolean;
}

/** The hops of a failover, in order; the time of each has a metric, `phase-` and its name. */
export const hopNames = [
  "noticed",
  "released",
  "lease-gone",
  "promoted",
  "coordinator-told",
  "proxy-up",
  "pooler",
  "first-success",
] as const;

export type HopName = (typeof hopNames)[number];

export interface Hop {
  readonly hop: HopName;
  /** null when no observer saw it. */
  readonly atUs: Micros | null;
  /** Seconds since the hop before (or the fault). */
  readonly tookSeconds: Figure;
  /** Which event told, in one line: "haproxy: coordinator-1 DOWN in read_write". */
  readonly evidence: string;
}

/** All that was measured of one injection. */
export interface InjectionMeasurement {
  readonly injection: number;
  readonly fault: string;
  /** What was hit, in one line: a node, several, or the two ends of a link. */
  readonly victim: string;
  /** The nodes that were hit; of a link, those of both its ends. */
  readonly nodes: readonly string[];
  /** What the victim was to the coordinators' writes when the fault hit it; null: of no consequence to them, or not known. */
  readonly role: VictimRole | null;
  /** Why the command that does the fault ended with an error, so that it may have acted in part; null: it did not. */
  readonly commandFailed: string | null;
  readonly loopPhase: number | null;
  readonly faultAtUs: Micros;
  /** Start of the next injection's waiting, or the end of load. */
  readonly windowEndUs: Micros;
  readonly writeUnavailabilitySeconds: Figure;
  readonly readUnavailabilitySeconds: Figure;
  /**
   * Of a fault on worker groups: of what does not need them (the other groups' shards, the coordinators' own tables) that
   * which went unserved longest. Left out: the coordinators were hit, or no shards were probed.
   */
  readonly elsewhere?:
    { readonly writeUnavailabilitySeconds: Figure; readonly readUnavailabilitySeconds: Figure } | undefined;
  /** Of an operation that moves shards; left out of all others. */
  readonly moves?: ShardMoves | undefined;
  readonly writeEpisodes: readonly Episode[];
  readonly readEpisodes: readonly Episode[];
  readonly hops: readonly Hop[];
  readonly timeToFullRedundancySeconds: Figure;
  readonly newPrimary: string | null;
  readonly operationsFailed: number;
  readonly operationsUnknown: number;
  readonly operationsLate: number;
  /** Which groups' leaders changed until the next fault; absent in older recordings. */
  readonly failovers?: readonly Failover[] | undefined;
  readonly failoverCount?: Figure | undefined;
  /** How long the fault was in force; left out where it was nothing that is healed, or was not healed. */
  readonly inForceSeconds?: Figure | undefined;
  readonly lostWrites: Figure;
  /** How far back that reaches: from when the first of them was acknowledged to the fault, or to the last of them. */
  readonly lostWriteSeconds: Figure;
  readonly failedButPresent: Figure;
  readonly twoPrimariesMs: Figure;
  /** Other members of the same group that were writable at the same time, for the report. */
  readonly twoPrimaries: readonly {
    readonly group: string;
    readonly members: readonly string[];
    readonly fromUs: Micros;
    readonly toUs: Micros;
  }[];
}

/** A group got another leader, or the same one by a new promotion. */
export interface Failover {
  readonly group: string;
  /** null: it was not known who led. */
  readonly from: string | null;
  readonly to: string;
  readonly atUs: Micros;
}

/** What an operation moved from worker group to worker group, as whoever moved it told. */
export interface ShardMoves {
  readonly shards: Figure;
  readonly mebibytes: Figure;
  /** From the beginning of the first move to the end of the last. */
  readonly seconds: Figure;
  /** The longest for which nobody could use the tables of which shards were moved. */
  readonly longestLockMs: Figure;
  /** The operation was over, and the cluster whole: what comes later in the injection's window is after it. */
  readonly endedAtUs: Micros;
  /** In order of their ends; shards that live together are moved together. */
  readonly each: readonly {
    readonly name: string;
    readonly shards: number;
    readonly from: string;
    readonly to: string;
    readonly bytes: number;
    readonly endedAtUs: Micros;
    readonly tookMs: number;
    /** null: not known. */
    readonly lockedMs: number | null;
  }[];
}

/** Figures of one kind of fault on victims of one role over its injections. */
export interface FaultSummary {
  readonly fault: string;
  readonly role: VictimRole | null;
  readonly writeUnavailabilitySeconds: Distribution;
  readonly readUnavailabilitySeconds: Distribution;
  readonly timeToFullRedundancySeconds: Distribution;
  readonly hopMedianSeconds: Readonly<Record<HopName, Figure>>;
  readonly lostWrites: Figure;
}

/** Percentiles that targets are judged by. Milliseconds. */
export interface LatencyFigures {
  readonly p50: Figure;
  readonly p95: Figure;
  readonly p99: Figure;
}

/** What one injection did to the load that went on under it, second by second. */
export interface Disturbance {
  readonly injection: number;
  readonly fault: string;
  readonly kind: string;
  /** Of the stage whose load it was. */
  readonly stage: string;
  /** Over what was due in the steady phase before the first fault; what did not end ok ranks last. */
  readonly before: LatencyFigures & { readonly n: number };
  /** The same from the fault to the end of the injection's window; of an operation that moves shards, to its own end. */
  readonly during: LatencyFigures & { readonly n: number; readonly notOk: number };
  /** Of an operation that moves shards: from its end to that of the injection's window. */
  readonly after?: (LatencyFigures & { readonly n: number; readonly notOk: number }) | undefined;
  /** The highest p99 of any window of five seconds within that. Milliseconds. */
  readonly worstP99Ms: Figure;
  /** From the fault to the end of the last such window whose p99 is not within 10 % of the highest before. Seconds. */
  readonly recoverySeconds: Figure;
  /** What that would be at least if the client had not been late itself; left out where it is withheld. */
  readonly withoutLatenessSeconds?: Figure | undefined;
}

/** Latency of one stream in one part of the run: `before` (steady), `during` (fault to recovery), `after` (recovery phase). */
export interface LatencyMeasurement {
  readonly stream: StreamName;
  readonly part: "warmup" | "before" | "during" | "after";
  /** Operations that were due. */
  readonly n: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Over all that were due: what did not end ok ranks last, as at least the client's time-out. */
  readonly latencyMs: LatencyFigures & { readonly max: Figure };
  /** What the latency would be at least if the client had not been late itself. */
  readonly withoutLatenessMs: LatencyFigures;
  /** Over those that ended ok. */
  readonly serviceTimeMs: LatencyFigures & { readonly max: Figure };
}

/** What became of one stream's writes, by its ledger. */
export interface LedgerMeasurement {
  readonly stream: StreamName;
  readonly table: string;
  readonly acknowledged: number;
  readonly acknowledgedMissing: Figure;
  /** Ids of missing rows, at most the first 100. */
  readonly missingIds: readonly number[];
  /** When the first and the last of the missing writes were acknowledged; left out where none is missing. */
  readonly lost?: { readonly fromUs: Micros; readonly toUs: Micros } | undefined;
  readonly failed: number;
  readonly failedButPresent: Figure;
  readonly unknown: number;
  readonly unknownButPresent: Figure;
}

/** What a checker found of one thing that it looked at: a stream, a group, an invariant. */
export interface CheckFinding {
  readonly of: string;
  /** How often it was found, or how much; withheld, or within bounds that begin at 0: not decided. */
  readonly figure: Figure;
  /** What was looked through: operations, readings, groups. */
  readonly n: number;
  /** What was seen, in a clause. */
  readonly evidence?: string;
  /** Of the operations or rows that it is about, at most the first 100. */
  readonly ids?: readonly number[];
  readonly moments?: readonly { readonly fromUs: Micros; readonly toUs: Micros }[];
  readonly members?: readonly string[];
}

/** What one checker made of a run. */
export interface CheckResult {
  readonly checker: string;
  /** In one sentence. */
  readonly looksFor: string;
  /** The metric that the findings are figures of; null: figures are made of them by injection or variant. */
  readonly metric: MetricName | null;
  /** Why the run has nothing that it could look at, in a sentence without its full stop; null: it has. */
  readonly notApplicable: string | null;
  readonly findings: readonly CheckFinding[];
}

/** A single named figure: what targets are judged by. One entry per injection, stream and phase, or run, as the metric has it. */
export interface NamedFigure {
  readonly metric: MetricName;
  /** Where it belongs: "crash-postgres, injection 4", "write-probe, before". */
  readonly of: string;
  readonly fault: string | null;
  /** Of an injection: its fault and its victim's role, "kill-node, etcd follower"; see kindTitle. */
  readonly kind?: string | undefined;
  readonly figure: Figure;
  /** Samples that stand behind it. */
  readonly n: number;
  /** When it began, where it is of one stretch of the run that no other field names. */
  readonly fromUs?: Micros | undefined;
  /** Why it is at least this: "40.0 % of the operations did not end ok". */
  readonly because?: string;
  /**
   * Of a latency, or the time until it is back: what it would be at least if the client had not been late itself; of a service time, if it had not stood
   * still. A target that is missed by the figure
   * and kept by this one may be missed for the client. Left out of figures that the client's lateness is no part of.
   */
  readonly withoutLateness?: Figure;
}

/** Percentiles of some operations, milliseconds; each withheld where n does not allow it. */
export interface Percentiles {
  readonly n: number;
  readonly mean: Figure;
  readonly p50: Figure;
  readonly p95: Figure;
  readonly p99: Figure;
  readonly p999: Figure;
  readonly max: Figure;
}

/** One kind of operation (or all of them, `all operations`) in the steady phase of a stage. */
export interface StageOperation {
  readonly operation: string;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly failed: CodeCounts;
  readonly unknown: CodeCounts;
  readonly retried: CodeCounts;
  readonly neverSent: number;
  readonly late: number;
  /** Ended ok, and the client itself stood still while they were under way, or was catching up when they began. */
  readonly stalled: number;
  /** Timed out, or were never sent, perhaps because the client itself came late to them or stood still. */
  readonly cutShort: number;
  readonly inTime: number;
  /** Over all that were due: what did not end ok ranks last, as at least the client's time-out. */
  readonly latencyMs: Percentiles;
  /** What the latency would be at least if the client had not been late itself. */
  readonly withoutLatenessMs: LatencyFigures;
  /** Over those that ended ok. */
  readonly serviceTimeMs: Percentiles;
  /** What the service time would be at least if the client had not stood still itself. */
  readonly serviceWithoutStallsMs: LatencyFigures;
  /** Over those that were sent. */
  readonly lagMs: Percentiles;
}

/** How right the answers of a search were, of those that were kept; withheld where nothing can be said. */
export interface RecallMeasurement {
  readonly operation: string;
  /** That were compared. */
  readonly answers: number;
  /** Different queries among them. */
  readonly queries: number;
  readonly mean: Figure;
  readonly p5: Figure;
  readonly minimum: Figure;
  /** Share of them that held fewer rows than were asked for. */
  readonly shortResults: Figure;
}

/** Rows that one answer lacks, and that it has and should not. */
export interface WrongAnswer {
  readonly part: string;
  readonly query: number;
  readonly missing: readonly number[];
  readonly extra: readonly number[];
}

/** What follows from one reading, beside what the primary of the same group answered before anything was done. */
export interface CopyMeasurement {
  readonly injection: number | null;
  readonly group: string;
  readonly member: string;
  readonly role: CopyReading["role"];
  readonly path: CopyReading["path"];
  readonly plan: readonly string[];
  readonly indexBytes: number | null;
  /** Searches times parts. */
  readonly answers: number;
  readonly rows: number;
  /** Rows that the primary's answers had. */
  readonly rowsBefore: number;
  /** Of the answers, those with fewer rows, and those with as many and others. */
  readonly fewer: number;
  readonly other: number;
  /** Both together; withheld where they say nothing. */
  readonly wrong: Figure;
  /** Mean share of the exact rows; withheld where there is nothing to compare with. */
  readonly recall: Figure;
  /** The first of the wrong ones. */
  readonly examples: readonly WrongAnswer[];
  readonly refused: string | null;
}

/** The client's own share in the steady phase of a stage. */
export interface ClientMeasurement {
  /** That sent. */
  readonly agents: number;
  /** Mean cores used by all agents together, and the most that one agent used in one second. */
  readonly cpuCores: Figure;
  readonly busiestAgentCores: Figure;
  /** Mean cores of the sending thread that was busiest (of the process where an engine does not tell its threads). */
  readonly busiestSenderCores: Figure;
  readonly latenessP99Ms: Figure;
  readonly memoryMb: Figure;
  /** Client CPU per operation answered, microseconds. */
  readonly cpuPerOperationUs: Figure;
  /** Why the client itself was the limit; null when it was not. */
  readonly clientBound: string | null;
  /**
   * How it did not keep its schedule though it was not full; null when it did. Its lateness is part of every latency
   * from the intended start: a promise that was kept is kept all the same, one that was missed may be missed for that.
   */
  readonly clientLate: string | null;
  /** How long it stood still at most, of the agent that did so longest. Seconds. */
  readonly stoodStillSeconds: Figure;
  /** That it stood still for so much of the steady phase that figures show it, in a clause; null: it did not. */
  readonly stoodStill: string | null;
  /** The rate up to which this client would have kept up, op/s. */
  readonly fineUpToPerSecond: Figure;
}

/** The resource that was full in a stage's steady phase. */
export interface Bottleneck {
  /** "CPU of the machine", "connections of pgbouncer-1", "commit waits of coordinator-1", ... */
  readonly resource: string;
  /** How full, 0..1 or beyond. */
  readonly utilisation: number;
  /** The evidence in one sentence. */
  readonly evidence: string;
}

export interface StageMeasurement {
  readonly stage: Stage;
  /** "50 % of capacity" or "transaction pooling: 50 % of capacity": what figures and targets call it. */
  readonly title: string;
  readonly steadySeconds: number;
  /** Due per second by the schedule; for closed shapes what was sent. */
  readonly offeredPerSecond: Figure;
  readonly throughputPerSecond: Figure;
  readonly goodputPerSecond: Figure;
  /**
   * Within what these of a closed load would lie if the client had not stood still: from what they were to what they would
   * be over the time in which it did not. Of an open load what they were: it sends what was due meanwhile.
   */
  readonly withoutStallsPerSecond: { readonly throughput: Figure; readonly goodput: Figure };
  /** `all operations` first. */
  readonly operations: readonly StageOperation[];
  /** Each second of the steady phase, all agents and operations together: what ended in it, and in time. */
  readonly bySecond: readonly { readonly ended: number; readonly inTime: number }[];
  readonly client: ClientMeasurement;
  /** Clients or connections that were served at least once in the steady phase, of those wanted. */
  readonly connectionsServed: Figure;
  readonly connectionsWanted: number;
  /** Of a stage that searches; left out of others. */
  readonly recall?: RecallMeasurement | undefined;
  /** Fullest first; empty: none was full. null: resources were not watched. */
  readonly bottlenecks: readonly Bottleneck[] | null;
  /** Why its figures are not to be judged by (failed, too short, ...); null when they are. */
  readonly problem: string | null;
}

/** What was full in one stretch of a run with faults. */
export interface StretchBottlenecks {
  /** `steady phase`, or an injection: from its fault until the cluster was whole again. */
  readonly of: string;
  /** Fullest first; empty: none was full. null: resources were not watched. */
  readonly bottlenecks: readonly Bottleneck[] | null;
}

/** The capacity that was found on one variant. */
export interface CapacityMeasurement {
  readonly variant: string;
  readonly perSecond: Figure;
  /** How it was found and confirmed, in one sentence. */
  readonly how: string;
}

/** What the containers of one role used on average in the steady phase, before anything was done to them. */
export interface RoleUse {
  /** `coordinators`, `workers`, `etcd`, `guard`, ... */
  readonly role: string;
  readonly containers: number;
  /** Cores, of all of them together. */
  readonly cpuCores: number;
  /** Of the one that used most. */
  readonly mostCores: number;
  /** Mebibytes, without the page cache. */
  readonly memoryMb: number;
  readonly mostMb: number;
}

/** measurements.json: everything derived from one recording. */
export interface Measurements {
  readonly injections: readonly InjectionMeasurement[];
  /** In order of stream, then of time; empty for a benchmark. */
  readonly stray: readonly StrayOutage[];
  readonly faults: readonly FaultSummary[];
  readonly latency: readonly LatencyMeasurement[];
  readonly ledgers: readonly LedgerMeasurement[];
  readonly scheduleLagMs: {
    readonly n: number;
    readonly p50: Figure;
    readonly p99: Figure;
    readonly max: Figure;
  };
  /** Of every injection under sustained load; left out in recordings of before there was such a thing. */
  readonly disturbances?: readonly Disturbance[] | undefined;
  /** Of a run with faults, whatever was the load; left out in recordings of before resources were watched there. */
  readonly stretches?: readonly StretchBottlenecks[] | undefined;
  /** The same runs: in start order; left out where the steady phase has no readings. */
  readonly containers?: readonly RoleUse[] | undefined;
  /** Of a benchmark; empty for others. */
  readonly stages: readonly StageMeasurement[];
  readonly capacities: readonly CapacityMeasurement[];
  readonly invariants: readonly InvariantReading[];
  /** Of every distributed table; left out in recordings of before they were read. */
  readonly placements?: readonly PlacementMeasurement[] | undefined;
  /** Of every copy of a searched table, each time it was asked; left out where none was. */
  readonly copies?: readonly CopyMeasurement[] | undefined;
  /** Of every variant with secondary indexes; left out: there are none, or the recording is of before they were told of. */
  readonly loadings?: readonly LoadingMeasurement[] | undefined;
  /** Of every cluster that became ready; left out in recordings of before it was told. */
  readonly startUps?: readonly StartUpMeasurement[] | undefined;
  /** Of every group with more than one member. */
  readonly primaries: readonly GroupPrimaries[];
  /** null: no write probes. */
  readonly secondAcknowledgements: SecondAcknowledgements | null;
  /** Of every checker; left out in recordings of before there were any. */
  readonly checks?: readonly CheckResult[] | undefined;
  /** The flat list that targets are judged by. */
  readonly figures: readonly NamedFigure[];
  /** What was not measured, or only in part, and why; shown in the report. */
  readonly gaps: readonly string[];
}
