/** Units of figures. Of things that are counted, what one of them is called; of others, how many places behind the point tell something. */
export const units: Readonly<Record<Unit, { readonly one: string } | { readonly places: number }>> = {
  // A hundredth of a second is a probe's interval.
  s: { places: 2 },
  ms: { places: 3 },
  "op/s": { places: 3 },
  ratio: { places: 2 },
  share: { places: 4 },
  rows: { one: "row" },
  operations: { one: "operation" },
  moments: { one: "moment" },
  connections: { one: "connection" },
  invariants: { one: "invariant" },
  writes: { one: "write" },
  findings: { one: "finding" },
  answers: { one: "answer" },
  failovers: { one: "failover" },
  shards: { one: "shard" },
  "rows/s": { places: 0 },
  MiB: { places: 1 },
};

export type Unit =
  | "s"
  | "ms"
  | "rows"
  | "operations"
  | "op/s"
  | "ratio"
  | "share"
  | "moments"
  | "connections"
  | "invariants"
  | "writes"
  | "findings"
  | "answers"
  | "failovers"
  | "shards"
  | "rows/s"
  | "MiB";

/** How many samples a percentile needs: five beyond it, and ten beyond p99 and deeper, so that no outlier decides it. */
export const samplesNeeded = { 50: 10, 90: 50, 95: 100, 99: 1000, 99.9: 10_000 } as const;

export type Percentile = keyof typeof samplesNeeded;

/** Per what there is one figure of a metric; names of figures are made of it, see figure-names.ts. */
export type FigureOf =
  /** Each injection; also asked for by its fault and its victim's role. */
  | "injection"
  /** Each injection under load that goes on under the faults. */
  | "injection under load"
  /** What belongs to no injection's window. */
  | "outside injections"
  /** Each probe, outside the injections. */
  | "probe"
  | "both probes"
  /** Each stream in each part of a run of faults: before, during, after. */
  | "stream"
  | "stage"
  /** Each kind of operation of a stage of several kinds. */
  | "operation"
  /** A stage that goes on under the faults, before them and during them. */
  | "sustained part"
  /** Each variant of a benchmark: the whole run where there is only one. */
  | "variant"
  /** The same, of every run. */
  | "cluster"
  /** Each variant but the first. */
  | "later variant"
  /** Whatever was found, named by who and when: a target takes them all. */
  | "finding"
  /** The same, of the write probes. */
  | "write probe's finding"
  /** What one checker found, asked for by the checker's name. */
  | "checker";

/** A rate that a stage reaches. */
export type RateName = "throughput" | "goodput";

/** How a series of a metric over the seconds of a stage is made. */
export type MetricSeries =
  /** Of the metric's percentile: over what was due in each second by latency, over what ended ok by service time. */
  | { readonly kind: "percentile"; readonly time: "latency" | "serviceTime" }
  | { readonly kind: "rate"; readonly rate: RateName };

/** One metric: what it is, and all that the judge, comparisons, the checks of a scenario and reports have to know of it. */
export interface MetricDescription {
  readonly title: string;
  readonly unit: Unit;
  readonly better: "lower" | "higher" | "neither";
  /** In one sentence. */
  readonly definition: string;
  /** What a reader might take it for, and it is not. */
  readonly isNot: string;
  readonly of: readonly FigureOf[];
  /** Of operations' times. Left out: it is none. */
  readonly percentile?: 50 | 95 | 99;
  /** Samples that a figure needs; with fewer it is withheld. Left out: any. */
  readonly leastSample?: number;
  /** Left out: it has no value for each second. */
  readonly series?: MetricSeries;
  /** Times count from when operations were due: an engine that does not know it measures something else. */
  readonly fromIntendedStart?: true;
  /** Only a benchmark that looks for the capacity has it. */
  readonly needsSearch?: true;
  /**
   * What a client that was full did to it in its stage. `lowered`: it would have been more. `raised`: of an open load, it
   * would have been less. `either`: nobody knows which. `counted`: some of what was counted is the client's own. Left out:
   * nothing.
   */
  readonly fullClient?: "lowered" | "raised" | "either" | "counted";
  /** A client that did not keep its schedule leaves it in doubt. Left out: it is no part of it, or in its bounds. */
  readonly needsSchedule?: true;
  /** Why it may be known within bounds only, in a clause. */
  readonly whyBounded?: string;
  /** The finding of the plan's advice that foresees a failing figure. */
  readonly foreseenBy?: string;
  /** A comparison shows it on the terminal, which has no room for all. */
  readonly isHeadline?: true;
}

/**
 * How long no operation may go unserved after a success for it to count as one that lasted; two episodes of
 * unavailability that lie closer together than this are one. Milliseconds.
 */
export const lastingWindowMs = 1000;

/** Answers that anything is said of a search by. */
const LEAST_ANSWERS = 20;

const DID_NOT_LOOK = "the client itself stood still for a time and did not look";
const DID_NOT_SEND = "the client itself did not send, or not in time, what was due";

const catalogue = {
  "write-unavailability": {
    title: "Unavailability for writes",
    unit: "s",
    better: "lower",
    definition:
      "From the intended start of the first write probe that was not served in time (failed, unknown, or answered later than its time-out after its intended start) to the end of the first success that lasted (no probe unserved that was to start within a second of that end), summed over the episodes between one injection and the next. Where the client itself did not look (it stood still, and probes were sent late or never), it lies between what was seen to go unserved and all that was not seen to be served. The probe writes to the group that was hit: to a table of the coordinators' own, or, of a worker group, to a shard that it holds; of several groups the one counts that was away for longest.",
    isNot:
      "The time the server was down: it includes detection, election, promotion, proxies, pooler and re-connecting, as a client feels them, to one probe interval.",
    of: ["injection"],
    whyBounded: DID_NOT_LOOK,
    isHeadline: true,
  },
  "read-unavailability": {
    title: "Unavailability for reads",
    unit: "s",
    better: "lower",
    definition: "As unavailability for writes, for the read probe, which enters by the read-only port.",
    isNot: "Staleness: a read served by a replica that lags counts as served.",
    of: ["injection"],
    whyBounded: DID_NOT_LOOK,
    isHeadline: true,
  },
  "stray-unavailability": {
    title: "Unavailability outside injections",
    unit: "s",
    better: "lower",
    definition:
      "The time in which a probe was not served while nothing was done to the cluster, added up: in the steady phase, and from the end of one injection's window (when the next one begins to wait) to the next fault. Where the client itself did not look, the longest such stretch may belong to it.",
    isNot:
      "Unavailability after a fault, which has metrics of its own. The warm-up is left out: its outages are shown and not judged.",
    of: ["probe"],
    whyBounded: DID_NOT_LOOK,
  },
  "latency-recovery": {
    title: "Fault to latency back",
    unit: "s",
    better: "lower",
    definition:
      "Of load that goes on under a fault: from the fault to the end of the last window of five seconds, sliding by one, whose p99 over all operations that were due is more than 10 % above that of every such window in the steady phase before the first fault; 0 where no window was. At least this, where the last window watched was still above, or the load was not watched to the end.",
    isNot:
      "Unavailability: it goes on after service is back, while queues drain, caches fill and standbys catch up. It is known to a second.",
    of: ["injection under load"],
    fromIntendedStart: true,
    fullClient: "either",
    needsSchedule: true,
  },
  "write-unavailability-elsewhere": elsewhere("writes"),
  "read-unavailability-elsewhere": elsewhere("reads"),
  "time-to-full-redundancy": {
    title: "Time to full redundancy",
    unit: "s",
    better: "lower",
    definition:
      "From the fault to the moment when every member of every group runs, each group has its leader, every standby streams, the proxy has every server up that it should have, and leader guards, where there are any, would act again.",
    isNot:
      "Unavailability: the cluster serves long before; but a second fault before this moment meets a weaker cluster. It includes the time the harness took to heal (restart, resume, reconnect), and the time for which leader guards do not act again after they have acted (guard.notTwiceWithinSeconds).",
    of: ["injection"],
    needsSchedule: true,
    isHeadline: true,
  },
  failovers: {
    title: "Failovers",
    unit: "failovers",
    better: "lower",
    definition:
      "How often a group got another leader from the fault until the next one: its leader key was set to another member than the one that held it last, or a primary was on a newer timeline, which begins at every promotion. Of all groups, whichever was hit.",
    isNot:
      "Unavailability: a group that keeps its leader may be away all the same, and a switchover that was asked for is a failover too.",
    of: ["injection"],
  },
  "time-in-force": {
    title: "Time that the fault was in force",
    unit: "s",
    better: "neither",
    definition:
      "How long a fault that is healed was in force: at least from the end of the command that did it to the beginning of the one that undid it, at most from the beginning of the first to the end of the second.",
    isNot: "The time that was planned: commands take time, more of it on a busy machine.",
    of: ["injection"],
  },
  "lost-writes": {
    title: "Acknowledged writes lost",
    unit: "rows",
    better: "lower",
    definition:
      "Writes that were acknowledged to the client and whose row was not found when the ledger was read back after the injection.",
    isNot: "Failed or unknown writes: those were never promised.",
    of: ["injection", "outside injections"],
    foreseenBy: "RPO",
    isHeadline: true,
  },
  "lost-write-seconds": {
    title: "Time that lost writes are of",
    unit: "s",
    better: "lower",
    definition:
      "From when the first acknowledged write that is missing was acknowledged to the fault, or to the last missing one's acknowledgement where that came later; the most of any ledger, and 0 where nothing is missing. What a recovery point objective bounds.",
    isNot:
      "Replication lag, which may be larger: what was not acknowledged in that time, or not written at all, is no loss.",
    of: ["injection"],
  },
  "failed-but-present": {
    title: "Failed writes found present",
    unit: "rows",
    better: "lower",
    definition: "Writes that the client was told had failed, and whose row was found all the same.",
    isNot: "Unknown writes that turn out to be present: those are allowed either way.",
    of: ["injection"],
  },
  "two-primaries": {
    title: "Moments with two writable primaries",
    unit: "ms",
    better: "lower",
    definition:
      "Time during which two members of one group answered a direct connection with pg_is_in_recovery() = false, from the observers' looks at each member; up to so much, where a member was not seen and nothing proves that it was not writable.",
    isNot:
      "Split brain by itself: an old primary that wakes under synchronous replication is writable until its Patroni stops it, and can acknowledge nothing, because its standbys follow another. Shorter than the observer's interval is not seen.",
    of: ["injection", "outside injections", "variant"],
  },
  "acknowledging-primaries": {
    title: "Time with two primaries that could acknowledge",
    unit: "ms",
    better: "lower",
    definition:
      "Time from the cluster's being ready to the end of load during which two members of one group were writable and commits on both could be acknowledged: they wait for no standby (synchronous_standby_names or synchronous_commit), or as many synchronous standbys as they wait for say that they receive from it. A member that is not seen may have been one, unless it is proven that it was not: it was killed, frozen or cut off just then, it refused connections, or it answers later as a standby of the same start.",
    isNot:
      "Writes that went two ways: clients may have reached only one of the two; what each acknowledged stands beside it. A server that was away, and was started, promoted and stopped again within a second, is not seen.",
    of: ["finding"],
  },
  "second-primary-writes": {
    title: "Writes acknowledged by a second primary",
    unit: "writes",
    better: "lower",
    definition:
      "Write probes whose answer says that they were committed on an older timeline, though they were begun after a write on a newer one had been acknowledged; or on a timeline on which another server had acknowledged.",
    isNot:
      "All of them for certain: writes that ran beside each other contradict nothing, and the probes are only a part of all writes. Those of them that are missing afterwards are lost writes.",
    of: ["write probe's finding"],
  },
  "operations-failed": {
    title: "Operations failed",
    unit: "operations",
    better: "lower",
    definition:
      "Operations of the probes and the background that certainly did not take effect, and were answered or due between the fault and the next injection; of a benchmark's stage, those that were due in its steady phase, the ones that were never sent among them.",
    isNot: "All that users would see: unknown and late ones stand apart.",
    of: ["injection", "stage"],
    fullClient: "counted",
    whyBounded: DID_NOT_SEND,
  },
  "operations-unknown": {
    title: "Operations with unknown outcome",
    unit: "operations",
    better: "lower",
    definition:
      "Writes of the probes and the background whose reply was lost or did not come within the client's time-out, between the fault and the next injection.",
    isNot: "Lost writes: the ledger tells later which of them took effect.",
    of: ["injection"],
  },
  "operations-late": {
    title: "Operations late",
    unit: "operations",
    better: "lower",
    definition:
      "Operations of the probes and the background that the client started more than one interval of the write probe after their intended start, between the fault and the next injection.",
    isNot: "Slow answers: lateness is the client's, and is counted in latency all the same.",
    of: ["injection"],
  },
  "latency-p50": latency(50),
  "latency-p95": latency(95),
  "latency-p99": latency(99),
  "service-time-p50": serviceTime(50),
  "service-time-p95": serviceTime(95),
  "service-time-p99": serviceTime(99),
  "schedule-lag-p99": {
    title: "Schedule lag p99",
    unit: "ms",
    better: "lower",
    definition:
      "99th percentile of actual minus intended start: of the probes' operations, or of all operations of a benchmark's stage that were sent in its steady phase.",
    isNot:
      "The harness's own error alone where operations share connections: in a benchmark's stage, waiting for a free connection is in it, and the client's own lateness is stated apart.",
    of: ["both probes", "stage"],
    percentile: 99,
    leastSample: samplesNeeded[99],
    fullClient: "raised",
  },
  throughput: {
    title: "Throughput",
    unit: "op/s",
    better: "higher",
    definition:
      "Operations that were due in the steady phase of a stage and ended ok, per second of it, of all agents together.",
    isNot:
      "What was offered, or what the cluster could do: an open load is answered at the rate at which it is sent, until that is too much.",
    of: ["stage"],
    series: { kind: "rate", rate: "throughput" },
    fullClient: "lowered",
    whyBounded: DID_NOT_SEND,
    isHeadline: true,
  },
  goodput: {
    title: "Goodput",
    unit: "op/s",
    better: "higher",
    definition:
      "Operations that were due in the steady phase of a stage and ended ok within the client's latency limit of their intended start, per second of it.",
    isNot: "Throughput: answers that came too late are left out.",
    of: ["stage"],
    series: { kind: "rate", rate: "goodput" },
    fullClient: "lowered",
    whyBounded: DID_NOT_SEND,
  },
  capacity: {
    title: "Capacity",
    unit: "op/s",
    better: "higher",
    definition:
      "The highest open rate at which the p99 of latency stays within the client's latency limit, and 99 % of what is due is answered ok within it: an interval, from the highest rate that was tried and kept up (where the method asks for it, confirmed by a longer stage) to the lowest that was refused. A refusal is tried again before it counts, since one stall may be its reason.",
    isNot:
      "The most that can be squeezed through: clients that wait for their answers (a closed load) reach higher throughput at latencies that nobody wants. At least this, where no higher rate was refused.",
    of: ["variant"],
    needsSearch: true,
    isHeadline: true,
  },
  recall: {
    title: "Recall, mean",
    unit: "share",
    better: "higher",
    definition:
      "Of the rows that an exact scan finds nearest to a query (or that ground truth of the user's own files names), the share that an answer of the search held, as a mean over the answers that were kept of those due in the steady phase of a stage (or a part of it under faults). Rows are compared by distance: one counts that is no farther than the last exact one (times 1 + 1e-6), so that ties are as good as each other. Under several faults it is that of the fault during which it was lowest.",
    isNot:
      "A property of the index alone: it is of these queries on these rows, at this load, whatever changed meanwhile. Answers that did not come are in the failures.",
    of: ["stage", "sustained part"],
    leastSample: LEAST_ANSWERS,
    isHeadline: true,
  },
  "recall-p5": {
    title: "Recall, 5th percentile",
    unit: "share",
    better: "higher",
    definition: "The recall that 95 % of the answers that were kept reach at least; needs 100 answers.",
    isNot: "The worst: some queries may never be answered well, and the mean and this do not show them.",
    of: ["stage", "sustained part"],
    leastSample: samplesNeeded[95],
  },
  "recall-minimum": {
    title: "Recall, minimum",
    unit: "share",
    better: "higher",
    definition: "The lowest recall of any answer that was kept.",
    isNot: "The lowest that there was: only some of the answers are kept.",
    of: ["stage", "sustained part"],
    leastSample: LEAST_ANSWERS,
  },
  "short-results": {
    title: "Short results",
    unit: "share",
    better: "lower",
    definition:
      "Of the answers that were kept, the share that held fewer rows than were asked for though there were enough. Under several faults it is that of the fault during which it was highest.",
    isNot: "Rows that are wrong: those are in the recall, and so are the missing ones.",
    of: ["stage", "sustained part"],
    leastSample: LEAST_ANSWERS,
  },
  "speed-up": {
    title: "Speed-up",
    unit: "ratio",
    better: "higher",
    definition: "Capacity of a variant over the capacity of the first variant of the same run.",
    isNot: "A promise for other machines: all containers share the cores of this one.",
    of: ["later variant"],
    needsSearch: true,
  },
  "connections-served": {
    title: "Connections served",
    unit: "connections",
    better: "higher",
    definition:
      "Clients (or, of a pool, connections) that had at least one operation answered in the steady phase of a stage.",
    isNot: "Connections accepted: a client may be connected to a pooler and wait for a server all the time.",
    of: ["stage"],
    fullClient: "lowered",
    foreseenBy: "D5",
    isHeadline: true,
  },
  "queue-wait": {
    title: "Wait in the pooler's queue",
    unit: "ms",
    better: "lower",
    definition:
      "The longest that a client was seen to wait for a server connection at any PgBouncer in the steady phase of a stage: the largest of its longest waits (SHOW POOLS) and of its mean waits (SHOW STATS), read about once a second.",
    isNot:
      "What every client waits: it is the worst one that the readings caught; one that came and went between two readings is in the mean alone.",
    of: ["stage"],
    fullClient: "lowered",
    needsSchedule: true,
  },
  "worker-connections": {
    title: "Connections of the fullest worker",
    unit: "connections",
    better: "lower",
    definition:
      "The most client connections that any one worker's PostgreSQL was seen to have in the steady phase of a stage (client backends in pg_stat_activity, read about once a second).",
    isNot:
      "Connections of the load alone: the harness's own observers are among them, three or so to a server. Nor of all workers together.",
    of: ["stage"],
    fullClient: "lowered",
    foreseenBy: "D11",
  },
  "broken-invariants": {
    title: "Broken invariants",
    unit: "invariants",
    better: "lower",
    definition:
      "Statements of the workload about its data that did not hold after its operations: what was found lay outside the bounds that the counted outcomes allow.",
    isNot: "Lost writes alone: rows too many, and sums that do not add up, count too.",
    of: ["variant"],
  },
  "modulo-placement": {
    title: "Keys where modulo says",
    unit: "ratio",
    better: "neither",
    definition:
      "Share of the values of the distribution columns that rows had after the load which live on the worker group that the value modulo the number of groups names (the first group for a remainder of 0), by the live catalogue.",
    isNot:
      "A measure of balance: a hash spreads keys as evenly as modulo does. By chance it is right for one key in as many as there are groups.",
    of: ["variant"],
  },
  "wrong-answers": {
    title: "Answers that differ from the primary's before the first fault",
    unit: "answers",
    better: "lower",
    definition:
      "Of the answers that one server gave at one moment to the same searches, made to take one access path: those that did not hold the rows that the primary of its group gave by the same path before anything was done to the cluster. Rows as far as the last one may stand for each other. Where the same primary, asked twice, gave different rows, an answer counts that holds fewer rows than both, or fewer of the exact ones. A server that refuses to answer has no answer right.",
    isNot:
      "Recall: an index that missed a row from the beginning may go on missing it, and recall stands beside this.",
    of: ["finding"],
    isHeadline: true,
  },
  "moved-shards": {
    title: "Shards moved",
    unit: "shards",
    better: "neither",
    definition:
      "Shards, of all distributed tables together, that a cluster operation moved from one worker group to another while they were in use.",
    isNot: "Copies that were begun and taken back: only what lives on its new group counts.",
    of: ["injection"],
  },
  "moved-size": {
    title: "Data moved",
    unit: "MiB",
    better: "neither",
    definition: "Size of the moved shards, tables and indexes, on the groups that have them now.",
    isNot: "What went over the network: indexes are made anew, and rows travel as text or changes.",
    of: ["injection"],
  },
  "move-seconds": {
    title: "Duration of the shard moves",
    unit: "s",
    better: "lower",
    definition:
      "From the beginning of the first move of a cluster operation to the end of its last: copying, following what is written meanwhile, switching over, and dropping the old shards.",
    isNot: "Unavailability: the shards are read and written all the while.",
    of: ["injection"],
    needsSchedule: true,
  },
  "longest-lock": {
    title: "Longest lock at switch-over",
    unit: "ms",
    better: "lower",
    definition:
      "The longest time for which tables were locked while a shard was switched over to its new group, as the mover timed it: from asking for the lock to the end of the commit; a try that was given up counts with all that it took. Citus does not tell it.",
    isNot:
      "Unavailability: operations wait for the lock and are then served, unless the client's time-out is shorter. Several tries may follow each other closely: look at the p99 during the move.",
    of: ["injection"],
  },
  "rows-loaded": {
    title: "Load rate",
    unit: "rows/s",
    better: "higher",
    definition:
      "Rows that were there after the load of a workload that is indexed afterwards, per second from the beginning of its first stage's warm-up to the end of its last stage.",
    isNot: "Rows that were sent: what failed is not there. The tables have no secondary index meanwhile.",
    of: ["variant"],
  },
  "index-build": {
    title: "Index build time",
    unit: "s",
    better: "lower",
    definition:
      "How long the workload's secondary indexes took to be made on tables that were full, one after the other; of several groups that make one at the same time, the slowest.",
    isNot:
      "What an index costs each later insert; nor the same work in every run where a load is bounded by time: the faster it was, the more rows there are to index. Read it beside the rows loaded.",
    of: ["variant"],
  },
  "index-size": {
    title: "Index size",
    unit: "MiB",
    better: "lower",
    definition: "Size of the workload's secondary indexes on all groups' primaries when they had been made.",
    isNot:
      "What of it is in memory, or on standbys. A load that is bounded by time has more to index the faster it was.",
    of: ["variant"],
  },
  "time-until-searchable": {
    title: "Time until searchable",
    unit: "s",
    better: "lower",
    definition:
      "From the end of the load of a workload that is indexed afterwards until a search by the index was answered: its build, and the first search.",
    isNot: "The time that loading took. A load that is bounded by time has more to index the faster it was.",
    of: ["variant"],
  },
  "start-up": {
    title: "Start-up",
    unit: "s",
    better: "lower",
    definition:
      "From the creation of a cluster's first container until nothing of its redundancy was missing and a write by the clients' way in had succeeded; what went into filling a workload's tables is left out.",
    isNot:
      "The time of new servers: containers of images that are there start on one machine, whose cores they share. Building images is not in it.",
    of: ["cluster"],
  },
  "start-up-memory": {
    title: "Memory after start-up",
    unit: "MiB",
    better: "lower",
    definition:
      "What all containers of a cluster, the agent and the observer among them, held in memory right after its start-up by their cgroups, without the page cache.",
    isNot:
      "What the cluster needs under load: backends, and the pages of shared_buffers that nobody has touched yet, come on top.",
    of: ["cluster"],
  },
  findings: {
    title: "Found by a checker",
    unit: "findings",
    better: "lower",
    definition:
      "How often what a checker looks for was found in the history of a run: its operations, their outcomes and times, what was read back, and the events.",
    isNot:
      "All that the checkers found: lost writes, broken invariants and two primaries have metrics of their own.",
    of: ["checker"],
  },
  "circuit-open": {
    title: "Fault to circuit open",
    unit: "s",
    better: "lower",
    definition:
      "From the fault to the moment when HAProxy had marked the victim's server down in every backend that had it up; at least the time until healing where it did not.",
    isNot:
      "The time until clients are served again: that is unavailability. It is seen to one interval of the observer of HAProxy.",
    of: ["injection"],
    needsSchedule: true,
  },
  "circuit-closed": {
    title: "Healing to circuit closed",
    unit: "s",
    better: "lower",
    definition:
      "From the beginning of healing (the fault is being taken away) to HAProxy marking the victim's server up again in any backend where it stays up until the next injection; 0 where it was up before.",
    isNot:
      "HAProxy's own delay alone: the member has to start, and to be a replica or primary again, before a check can succeed.",
    of: ["injection"],
    needsSchedule: true,
  },
  "phase-noticed": hop(
    "Fault to noticed",
    "the fault to the first sign in the cluster that the primary is not well: HAProxy marks it down, its Patroni reports it, or the leader key goes",
  ),
  "phase-released": hop(
    "Noticed to released by the guards",
    "noticed to the moment when the leader guards deleted the leader key of a node that they took to be gone; only where a topology has them",
  ),
  "phase-lease-gone": hop(
    "Noticed to lease gone",
    "noticed (or released by the guards) to the moment the leader key was given up or its lease ended in etcd",
  ),
  "phase-promoted": hop(
    "Lease gone to promoted",
    "the leader key's end to the first sign that another member is primary: it answers that it is not in recovery, its Patroni says so, or HAProxy has it up in its read-write backend (or to the first such answer of the same member, where it restarts in place and keeps the key)",
  ),
  "phase-coordinator-told": hop(
    "Promoted to known by the coordinator",
    "promotion of a worker's standby to the moment when pg_dist_node on the coordinators' primary names it as the primary of its group, by which Citus finds it; only where tables are sharded by Citus, since postgres_fdw is told of nobody and looks for the primary among the group's hosts itself",
  ),
  "phase-proxy-up": hop(
    "Promoted to proxy up",
    "promotion to HAProxy marking the new primary up in its read-write backend",
  ),
  "phase-pooler": hop(
    "Proxy up to pooler",
    "proxy up to the first new connection of the write probe through HAProxy and PgBouncer",
  ),
  "phase-first-success": hop(
    "Pooler to first lasting success",
    "that connection (of a worker's failover, which has no proxy and pooler: the hop before) to the first write success that lasted",
  ),
} as const satisfies Record<string, MetricDescription>;

export type MetricName = keyof typeof catalogue;

/**
 * Every metric that dpg-bench measures, declared once: a new one is its declaration and the function that measures it,
 * which the compiler asks for where figures of its kind are listed.
 */
export const metrics: Readonly<Record<MetricName, MetricDescription>> = catalogue;

export const metricNames = Object.keys(catalogue) as [MetricName, ...MetricName[]];

/** The metrics that have figures of one kind. */
export type MetricOf<Kind extends FigureOf> = {
  [Name in MetricName]: Kind extends (typeof catalogue)[Name]["of"][number] ? Name : never;
}[MetricName];

function latency(percentile: 50 | 95 | 99) {
  const which = inWords(percentile);
  return {
    title: `Latency, ${which}`,
    unit: "ms",
    better: "lower",
    definition: `${which} of end minus intended start over all operations that were due in a part of the run (or in the steady phase of a benchmark's stage). What did not end ok (failed, unknown, never sent) ranks last, as at least the client's time-out. A client that waits for its answers is due again when it has the answer, or its think time later. Needs 10 samples for p50, 100 for p95, 1,000 for p99.`,
    isNot:
      "Service time: waiting that the client did because earlier operations were slow is in it (no coordinated omission).",
    of: ["stream", "stage", "operation", "sustained part"],
    percentile,
    leastSample: samplesNeeded[percentile],
    series: { kind: "percentile", time: "latency" },
    fromIntendedStart: true,
    fullClient: "raised",
    needsSchedule: true,
    isHeadline: true,
  } as const satisfies MetricDescription;
}

function serviceTime(percentile: 50 | 95 | 99) {
  const which = inWords(percentile);
  return {
    title: `Service time, ${which}`,
    unit: "ms",
    better: "lower",
    definition: `${which} of end minus actual start (of the last attempt) over the operations of a part of the run, or of a benchmark's stage, that were answered ok; withheld where so many were not that the same percentile of all that were due would fall on one of them.`,
    isNot: "What a user waits: late starts are not in it.",
    of: ["stream", "stage", "operation"],
    percentile,
    leastSample: samplesNeeded[percentile],
    series: { kind: "percentile", time: "serviceTime" },
    fullClient: "raised",
    needsSchedule: true,
  } as const satisfies MetricDescription;
}

function inWords(percentile: 50 | 95 | 99): string {
  return `${percentile}th percentile${percentile === 50 ? " (median)" : ""}`;
}

function elsewhere(which: "reads" | "writes") {
  return {
    title: `Unavailability for ${which} elsewhere`,
    unit: "s",
    better: "lower",
    definition: `Of a fault on worker groups: the time for which ${which} that do not need these groups went unserved in the injection's window. Each other group's shards have a probe, and so have the coordinators' own tables; the worst of them counts. Where every worker group was hit, it is not measured: no shard is elsewhere.`,
    isNot: "An outage of all of them at once: each is a figure of its own, and the largest is taken.",
    of: ["injection"],
    whyBounded: DID_NOT_LOOK,
  } as const satisfies MetricDescription;
}

function hop(title: string, fromTo: string) {
  return {
    title,
    unit: "s",
    better: "lower",
    definition: `Time from ${fromTo}. Hops are cut so that they add up to the time from the fault to the first lasting success; a hop that came before its predecessor is 0, and one that nobody saw is left out and counted in the next.`,
    isNot: "An independent timer: it depends on the observers' intervals, which the report states.",
    of: ["injection"],
    needsSchedule: true,
  } as const satisfies MetricDescription;
}
