import type { Arrival, WantedArrival } from "./load.ts";
import type { Topology } from "./topology.ts";

/** What sends the load of a stage. */
export type EngineName = "native" | "pgbench" | "k6";

/** Operations per second over the steady phase; warm-up runs at its first rate and cool-down at its last. */
export type RateProfile =
  | { readonly kind: "constant"; readonly perSecond: number }
  /** Linear from one rate to the other. */
  | { readonly kind: "ramp"; readonly fromPerSecond: number; readonly toPerSecond: number }
  /** Equal parts of the steady phase, one after the other. */
  | { readonly kind: "steps"; readonly perSecond: readonly number[] };

/** How operations are offered. `open`: they are due by a schedule. `closed`: each client sends its next after an answer. */
export type LoadShape =
  | { readonly kind: "open"; readonly arrival: Arrival; readonly rate: RateProfile }
  | {
      readonly kind: "closed";
      readonly clients: number;
      /** Between an answer and the client's next operation. Milliseconds; 0: at once. */
      readonly thinkTimeMs: number;
    };

/** A shape as a scenario asks for it. */
export type WantedShape =
  | Exclude<LoadShape, { readonly kind: "open" }>
  | { readonly kind: "open"; readonly arrival: WantedArrival; readonly rate: RateProfile };

/** The parts of a stage. Only `steady` counts for its figures; the others are recorded and tagged. */
export type StagePhase = "warmup" | "steady" | "cool-down";

export interface StagePhases {
  readonly warmupSeconds: number;
  readonly steadySeconds: number;
  readonly coolDownSeconds: number;
}

/**
 * Whose connections they are. `own`: each client keeps one for each entry that its operations need. `pool`: operations
 * take any free one of `connections`. `each-operation`: a new one for every operation, and log-in is part of its time.
 */
export type Sessions = "own" | "pool" | "each-operation";

/** Settings of the client side that stay the same over all stages of a benchmark. */
export interface ClientSettings {
  readonly engine: EngineName;
  /** Processes that send; the schedule is divided exactly between them. */
  readonly agents: number;
  readonly sessions: Sessions;
  /** Connections of an open shape (and of `pool`) in all, to each entry; a closed shape with `own` has one per client. */
  readonly connections: number;
  /** `per-operation`: every operation is drawn by weight. `per-client`: each client keeps to one, clients divided by weight. */
  readonly mix: "per-operation" | "per-client";
  /** Client-side bound on each operation, from its intended start. Milliseconds. */
  readonly timeoutMs: number;
  /** Answers within this of the intended start count as goodput. Milliseconds. */
  readonly latencyLimitMs: number;
  /** Raw samples kept per stage and operation that ended ok; a uniform choice within each second. */
  readonly samplesKept: number;
}

/** A share of the found capacity at which latency is measured, in percent. */
export type CapacityPercent = number;

/** How capacity is looked for: the highest open rate whose p99 stays within `latencyLimitMs` and is sent and answered. */
export interface CapacitySearch {
  readonly arrival: Arrival;
  /** Clients of the closed stage that finds the saturation throughput, from which the steps are chosen. */
  readonly saturationClients: number;
  /** Rates that are tried at most, after the saturation stage; one may take several stages (see triedRates). */
  readonly steps: number;
  readonly phases: StagePhases;
}

/** How the stages of a benchmark follow one another. */
export type BenchmarkMethod<Shape = LoadShape> =
  /** The stages as they stand here. */
  | {
      readonly kind: "fixed";
      readonly stages: readonly {
        readonly name: string;
        readonly shape: Shape;
        /** Other values for parameters of the workload that leave its data as it is; left out: the benchmark's. */
        readonly parameters?: Readonly<Record<string, number>> | undefined;
      }[];
    }
  /** Finds the capacity, then measures at stated shares of it: latency at an unstated load means nothing. */
  | {
      readonly kind: "fractions-of-capacity";
      readonly search: CapacitySearch;
      readonly percents: readonly CapacityPercent[];
    }
  /** Finds the capacity and confirms it by a second stage at that rate. */
  | { readonly kind: "highest-rate"; readonly search: CapacitySearch };

/** Load that goes on while faults are injected: of the benchmark's workload, sent like its stages. */
export type SustainedLoad<Shape = LoadShape> =
  /** A share of the capacity that the stages before found, in percent. */
  | { readonly kind: "share-of-capacity"; readonly percent: CapacityPercent }
  | { readonly kind: "shape"; readonly name: string; readonly shape: Shape };

/** What every copy of a searched table is asked. */
export interface CopyQuestions {
  /** The first so many of the workload's queries. */
  readonly queries: number;
}

/** The load of a scenario that asks about latency, throughput or connections: data. */
export interface Benchmark {
  /** A workload of the catalogue. */
  readonly workload: string;
  /**
   * Values for the workload's parameters, such as `rows`; those not named have the workload's defaults. Texts are paths of
   * files, of workloads that take their vectors from files.
   */
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly client: ClientSettings;
  /** Of every stage but the search's. */
  readonly phases: StagePhases;
  readonly method: BenchmarkMethod<WantedShape>;
  /** Goes on under the scenario's faults, after all stages; left out (or null): there are none, or only the probes. */
  readonly sustained?: SustainedLoad<WantedShape> | null | undefined;
  /**
   * Asks every copy of the searched table, on every member of the groups that hold it, before the first fault and after
   * each: the same searches, by index and by exact scan. Left out (or null): they are not asked.
   */
  readonly copies?: CopyQuestions | null | undefined;
  /** A k6 script of the user's own instead of the one made from the workload: its path, from the scenario's file. */
  readonly k6Script: string | null;
  /** The same on changed clusters, one after the other; each `set` as `--set` takes it. Empty: the topology as it is. */
  readonly variants: readonly { readonly name: string; readonly set: readonly string[] }[];
}

/** One cluster that a benchmark runs on. */
export interface PlannedVariant {
  /** Empty when there is only one. */
  readonly name: string;
  readonly topology: Topology;
}

/** An arrival that is not the one the scenario prefers, because the engine cannot send that one. */
export interface ArrivalOfEngine {
  /** Name of a stage or of the sustained load; "search": every stage at a rate that a search chooses. */
  readonly of: string;
  readonly preferred: Arrival;
}

/** A user's own file of vectors, or of the rows nearest to each query. */
export interface VectorFile {
  /** As it was given; of a scenario's own file, from the root. */
  readonly path: string;
  readonly format: "fbin" | "u8bin" | "bin" | "hdf5";
  /** All that are in the file; the first ones are used. */
  readonly rows: number;
  /** Numbers of each row: the vectors' dimension, or how many neighbours of a query are named. */
  readonly columns: number;
  /** Size of the whole file. */
  readonly bytes: number;
  /** Of the whole file, in hexadecimal digits. */
  readonly sha256: string;
}

/** The files that a workload's vectors are read from, as they were when they were checked. */
export interface VectorFiles {
  readonly base: VectorFile;
  readonly queries: VectorFile;
  /** The rows nearest to each query, of which the exact answers are made; null: they are found by an exact scan. */
  readonly groundTruth: VectorFile | null;
  /** Why they are found by an exact scan, as a clause; null: they are not. */
  readonly scannedBecause: string | null;
  /** The distance that the files themselves name; null: they name none. */
  readonly distance: string | null;
}

/** A benchmark with every choice made that can be made before it runs. */
export interface PlannedBenchmark extends Omit<
  Benchmark,
  "variants" | "parameters" | "k6Script" | "method" | "sustained"
> {
  readonly method: BenchmarkMethod;
  readonly sustained?: SustainedLoad | null | undefined;
  /** Left out: every arrival is the one that the scenario prefers (or the recording is of before this was kept). */
  readonly arrivalsOfEngine?: readonly ArrivalOfEngine[];
  /** The script's text. */
  readonly k6Script: string | null;
  /** Every parameter of the workload, with its value. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Left out: the workload makes its data. */
  readonly files?: VectorFiles | undefined;
  /** About how much the workload's data takes with its indexes. Bytes. */
  readonly dataBytes: number;
  /** At least one. The first one's topology is the plan's. */
  readonly variants: readonly PlannedVariant[];
}

/** Why a stage is run. */
export type StagePurpose = "saturation" | "search" | "confirmation" | "fraction" | "fixed" | "sustained";

/** One stretch of load with one setting. Chosen while the run goes on, from the plan and the stages before. */
export interface Stage {
  /** From 1, in order over the whole run. */
  readonly stage: number;
  /** Empty when the plan has one variant only. */
  readonly variant: string;
  /** Unique within a variant: "saturation", "step 2: 4,000/s", "step 2, try 2: 4,000/s", "50 % of capacity". */
  readonly name: string;
  readonly purpose: StagePurpose;
  readonly shape: LoadShape;
  readonly phases: StagePhases;
  /** Those of the workload's parameters that are not the benchmark's. */
  readonly parameters?: Readonly<Record<string, number>> | undefined;
}
