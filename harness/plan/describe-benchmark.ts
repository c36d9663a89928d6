import type {
  BenchmarkMethod,
  CapacitySearch,
  LoadShape,
  PlannedBenchmark,
  RateProfile,
  StagePhases,
  VectorFile,
  VectorFiles,
} from "../model/benchmark.ts";
import type { Topology } from "../model/topology.ts";
import { MOST_TRIES } from "../model/tried-rate.ts";
import { arrivalsOfEngineInWords } from "../model/resolve-arrivals.ts";
import type { Branch } from "./plan-text.ts";
import { counted, formatBytes, formatNumber, formatRate, formatValue } from "../model/format-value.ts";

/** PostgreSQL's own default for shared_buffers. */
const DEFAULT_SHARED_BUFFERS = "128MB";
const UNITS = { kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 } as const;
/** A plain number of shared_buffers is in pages. */
const PAGE_BYTES = 8192;

/** What a benchmark sends, how, and on which data and clusters. */
export function describeBenchmark(benchmark: PlannedBenchmark, topology: Topology): readonly Branch[] {
  return [
    workload(benchmark, topology),
    client(benchmark),
    stages(benchmark),
    ...sustained(benchmark),
    ...copies(benchmark),
    ...arrivalsOfEngineInWords(benchmark).map((text) => ({ text })),
    ...variants(benchmark),
  ];
}

function workload({ workload, parameters, files, dataBytes }: PlannedBenchmark, topology: Topology): Branch {
  const inPlaceOf: Readonly<Record<string, string>> = files === undefined ? {} : { data: files.base.path };
  const values = [
    ...filesText(files, parameters),
    ...Object.entries(parameters).map(([name, value]) => ({
      text: `benchmark.parameters.${name}=${inPlaceOf[name] ?? value}`,
    })),
  ];
  return {
    text: `Workload: ${workload}, ${dataBytes === 0 ? "no rows" : formatBytes(dataBytes)} of data${ratioText(dataBytes, topology)}`,
    children: values,
  };
}

/** The files, how much of each is used, and what answers are compared with. */
function filesText(
  files: VectorFiles | undefined,
  { rows, queries, k }: PlannedBenchmark["parameters"],
): readonly Branch[] {
  if (files === undefined) return [];
  const { base, queries: asked, groundTruth, scannedBecause, distance } = files;
  const of = ({ path, format, bytes, sha256 }: VectorFile): string =>
    `${path} (${format}, ${formatBytes(bytes)}, SHA-256 ${sha256})`;
  const used = (count: number | undefined, file: VectorFile): string =>
    count === file.rows
      ? `all ${formatNumber(file.rows)}`
      : `the first ${formatNumber(count ?? 0)} of ${formatNumber(file.rows)}`;
  return [
    {
      text: `rows from ${of(base)}: ${used(rows, base)}, of ${base.columns} numbers each${
        distance === null ? "" : `, distance ${distance}`
      }`,
    },
    { text: `queries from ${of(asked)}: ${used(queries, asked)}` },
    {
      text:
        groundTruth === null
          ? `exact answers by an exact scan when the tables are filled, as ${scannedBecause ?? "before"}`
          : `exact answers from ${of(groundTruth)}: the first ${k} of ${groundTruth.columns} rows for each query`,
    },
  ];
}

/** How far memory covers the data: what a reader must know to tell a figure of memory from one of disks. */
function ratioText(dataBytes: number, { postgres, resources }: Topology): string {
  if (dataBytes === 0) return " before it begins";
  const setting = postgres.parameters.shared_buffers ?? DEFAULT_SHARED_BUFFERS;
  const buffers = bytesOf(String(setting));
  const limit = resources.coordinator.memoryMb * 2 ** 20;
  const words = [
    ...(buffers === null
      ? []
      : [`shared_buffers ${setting} is ${formatValue(buffers / dataBytes, "ratio")} of it`]),
    ...(limit === 0
      ? ["memory of a node has no limit"]
      : [`memory of a node ${formatBytes(limit)} is ${formatValue(limit / dataBytes, "ratio")}`]),
  ];
  return `: ${words.join(", ")}`;
}

function client({ client, k6Script }: PlannedBenchmark): Branch {
  const sessions = {
    own: "each client has connections of its own",
    pool: `${client.connections} connections to each entry, shared`,
    "each-operation": "a new connection for every operation",
  }[client.sessions];
  const script = k6Script === null ? "" : ", your own script";
  return {
    text: `Client: engine ${client.engine}${script}, ${counted(client.agents, "agent")}`,
    children: [
      { text: sessions },
      ...(client.mix === "per-client" ? [{ text: "each client keeps to one operation" }] : []),
      {
        text: `time-out ${client.timeoutMs} ms, in time within ${client.latencyLimitMs} ms of the intended start`,
      },
    ],
  };
}

function copies({ copies }: PlannedBenchmark): readonly Branch[] {
  if (copies == null) return [];
  return [
    {
      text: "Copies of the searched table: every one is asked before the first fault, and after each",
      children: [
        { text: `queries 1 to ${copies.queries}, on each member of each group that holds a part of it` },
        { text: "by index and by exact scan, with the planner left no other way" },
      ],
    },
  ];
}

function stages({ method, phases }: PlannedBenchmark): Branch {
  return { text: `Stages, ${phasesText(phases)} each${besides(method)}`, children: methodLines(method) };
}

function sustained({ sustained }: PlannedBenchmark): readonly Branch[] {
  if (sustained == null) return [];
  const load =
    sustained.kind === "shape"
      ? `${sustained.name}: ${shapeText(sustained.shape)}`
      : `${sustained.percent} % of the capacity that was found`;
  return [{ text: `Sustained under the faults: ${load}` }];
}

function besides(method: BenchmarkMethod): string {
  return method.kind === "fixed" ? "" : ` (those of the search ${phasesText(method.search.phases)})`;
}

function methodLines(method: BenchmarkMethod): readonly Branch[] {
  switch (method.kind) {
    case "fixed":
      return method.stages.map(({ name, shape }) => ({ text: `${name}: ${shapeText(shape)}` }));
    case "highest-rate":
      return [
        ...searchLines(method.search),
        { text: "confirmation at the rate that was found; one at 90 % of it when that fails" },
      ];
    case "fractions-of-capacity":
      return [
        ...searchLines(method.search),
        { text: "capacity is then the highest rate that was kept up" },
        ...method.percents.map((percent) => ({
          text: `${percent} % of capacity: open, ${method.search.arrival} arrivals`,
        })),
      ];
  }
}

function searchLines({ saturationClients, steps, arrival }: CapacitySearch): readonly Branch[] {
  return [
    { text: `saturation: ${counted(saturationClients, "client")} without think time` },
    {
      text: `up to ${counted(steps, "step")} of rate, ${arrival} arrivals, binary search up to 1.1 x saturation`,
    },
    {
      text: `a rate that was not kept up is tried again, up to ${MOST_TRIES} times in all, unless it was far from kept up and beyond saturation`,
    },
  ];
}

function shapeText(shape: LoadShape): string {
  if (shape.kind === "open") return `open, ${shape.arrival} arrivals, ${rateText(shape.rate)}`;
  const wait =
    shape.thinkTimeMs === 0 ? "without think time" : `that wait ${shape.thinkTimeMs} ms between operations`;
  return `closed, ${counted(shape.clients, "client")} ${wait}`;
}

function rateText(rate: RateProfile): string {
  switch (rate.kind) {
    case "constant":
      return `${formatRate(rate.perSecond)}/s`;
    case "ramp":
      return `${formatRate(rate.fromPerSecond)}/s to ${formatRate(rate.toPerSecond)}/s`;
    case "steps":
      return `${rate.perSecond.map(formatRate).join("/s, ")}/s`;
  }
}

function variants({ variants }: PlannedBenchmark): readonly Branch[] {
  if (variants.length < 2) return [];
  return [
    {
      text: `Variants, each on a cluster of its own: ${variants.length}`,
      children: variants.map(({ name, topology }) => ({
        text: `${name}: ${counted(topology.coordinators.members, "coordinator")}${poolText(topology)}`,
      })),
    },
  ];
}

function poolText({ pgbouncer }: Topology): string {
  return pgbouncer.enabled ? `, ${pgbouncer.poolMode} pooling, ${pgbouncer.poolSize} per pool` : "";
}

function phasesText({ warmupSeconds, steadySeconds, coolDownSeconds }: StagePhases): string {
  const coolDown = coolDownSeconds === 0 ? "" : `, cool-down ${coolDownSeconds} s`;
  return `warm-up ${warmupSeconds} s, steady ${steadySeconds} s${coolDown}`;
}

function bytesOf(setting: string): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(kB|MB|GB|TB)?$/.exec(setting) ?? [];
  if (number === undefined) return null;
  return Number(number) * (unit === undefined ? PAGE_BYTES : UNITS[unit as keyof typeof UNITS]);
}
