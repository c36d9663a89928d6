import type { ClientSettings, EngineName, LoadShape, StagePhases } from "./benchmark.ts";
import type { Arrival, WantedArrival } from "./load.ts";
import type { Variable, Workload, WorkloadOperation } from "./workload.ts";

/** What a benchmark would ask of an engine. */
export interface EngineWishes {
  /** Every shape that a stage may have. For a search: the open one of its arrival, and the closed saturation. */
  readonly shapes: readonly LoadShape[];
  readonly client: ClientSettings;
  readonly workload: Workload;
  /** Those that a stage may have. */
  readonly phases: readonly StagePhases[];
}

/**
 * What each engine can send, its own choice first: pgbench's --rate draws its starts as a Poisson process and k6's
 * constant-arrival-rate keeps them evenly apart; neither has the other.
 */
const ARRIVALS: Readonly<Record<EngineName, readonly Arrival[]>> = {
  native: ["poisson", "constant"],
  pgbench: ["poisson"],
  k6: ["constant"],
};

/** The first of the preferences that the engine can send; of none the first, and engineGaps says why it cannot be. */
export function arrivalFor(engine: EngineName, wanted: WantedArrival): Arrival {
  const preferences = preferencesOf(wanted);
  return preferences.find((each) => ARRIVALS[engine].includes(each)) ?? preferredArrival(wanted);
}

/** A search is sent as the engine can, whatever the scenario says. */
export function searchArrivalFor(engine: EngineName, wanted: Arrival): Arrival {
  return arrivalFor(engine, [wanted, ...ARRIVALS[engine]]);
}

export function preferredArrival(wanted: WantedArrival): Arrival {
  return preferencesOf(wanted)[0] ?? "poisson";
}

function preferencesOf(wanted: WantedArrival): readonly Arrival[] {
  return typeof wanted === "string" ? [wanted] : wanted;
}

/** Texts longer than this would be built from too many random numbers. */
const LONGEST_PGBENCH_TEXT = 240;
/** pgbench has no text variables: each combination of chosen values is a branch of the script. */
const MOST_PGBENCH_BRANCHES = 16;

/** What an engine cannot do of what is wanted, and what to do instead, as sentences; empty: it can do all of it. */
export function engineGaps(engine: EngineName, wanted: EngineWishes): readonly string[] {
  switch (engine) {
    case "native":
      return [];
    case "pgbench":
      return [
        ...new Set([
          ...wanted.shapes.flatMap((shape) => pgbenchShapeGaps(shape, wanted.client)),
          ...pgbenchClientGaps(wanted.client),
          ...pgbenchWorkloadGaps(wanted.workload),
        ]),
      ];
    case "k6":
      return [
        ...new Set([
          ...wanted.shapes.flatMap((shape) => k6ShapeGaps(shape, wanted)),
          ...wanted.workload.operations.flatMap((operation) => k6OperationGaps(operation)),
        ]),
      ];
  }
}

function pgbenchShapeGaps(shape: LoadShape, client: ClientSettings): readonly string[] {
  if (shape.kind === "open") {
    return [
      ...gap(
        !ARRIVALS.pgbench.includes(shape.arrival),
        "pgbench has no evenly spaced arrivals (its --rate is a Poisson process): use arrival poisson, or the engine native or k6.",
      ),
      ...gap(
        shape.rate.kind !== "constant",
        "pgbench keeps to one rate: use a stage for each rate instead of a ramp or steps, or the engine native or k6.",
      ),
      ...gap(
        client.connections < client.agents,
        `pgbench needs a connection for each of its ${client.agents} threads: use at least as many connections as agents.`,
      ),
    ];
  }
  return [
    ...gap(
      shape.thinkTimeMs > 0,
      "pgbench would count a client's think time as part of the operation: use thinkTimeMs 0, or the engine native or k6.",
    ),
    ...gap(
      client.sessions === "pool" && shape.clients > client.connections,
      "pgbench gives every client a connection of its own: use sessions own, or the engine native or k6.",
    ),
    ...gap(
      shape.clients < client.agents,
      `pgbench needs a client for each of its ${client.agents} threads: use at least as many clients as agents.`,
    ),
  ];
}

function pgbenchClientGaps(client: ClientSettings): readonly string[] {
  return gap(
    client.mix === "per-client",
    "pgbench draws every operation by weight: use mix per-operation, or the engine native or k6.",
  );
}

function pgbenchWorkloadGaps({ operations, retry }: Workload): readonly string[] {
  const sent = operations.filter(({ weight }) => weight > 0);
  const retried = ["40001", "40P01"].filter((code) => retry?.codes.includes(code));
  return [
    ...gap(
      new Set(sent.map(({ endpoint }) => endpoint)).size > 1,
      "pgbench connects to one entry only: use a workload whose operations all take the same one, or the engine native or k6.",
    ),
    ...gap(
      retry !== null && retried.length === 1,
      "pgbench tries 40001 and 40P01 again, or neither: use the engine native or k6.",
    ),
    ...sent.flatMap((operation) => pgbenchOperationGaps(operation)),
  ];
}

function pgbenchOperationGaps({ name, form, variables, statements }: WorkloadOperation): readonly string[] {
  const longest = Math.max(0, ...variables.map((each) => (each.kind === "text" ? each.length : 0)));
  const branches = statements.map(({ uses }) =>
    variables
      .filter((variable) => uses.includes(variable.name))
      .reduce((product, variable) => product * valuesOfChoice(variable), 1),
  );
  return [
    ...gap(
      variables.some(({ kind }) => kind === "vector"),
      `pgbench has no vectors, which ${name} wants: use the engine native.`,
    ),
    ...gap(form === "copy", `pgbench cannot COPY, as ${name} does: use the engine native or k6.`),
    ...gap(
      longest > LONGEST_PGBENCH_TEXT,
      `pgbench has no text variables; ${name} wants ${longest} letters where at most ${LONGEST_PGBENCH_TEXT} can be made from numbers: use the engine native or k6.`,
    ),
    ...gap(
      Math.max(1, ...branches) > MOST_PGBENCH_BRANCHES,
      `pgbench has no text variables; ${name} chooses among more than ${MOST_PGBENCH_BRANCHES} combinations of values: use the engine native or k6.`,
    ),
    ...gap(
      statements.some(({ sql }) => /(?<!:):[A-Za-z_]/.test(sql)),
      `pgbench would take a colon before a letter in a statement of ${name} for a variable: use the engine native or k6.`,
    ),
  ];
}

function valuesOfChoice(variable: Variable): number {
  return variable.kind === "choice" ? variable.values.length : 1;
}

/** Of a load that is the same all the while; one that changes may be shorter. */
const SHORTEST_K6_SECONDS = 1;

function k6ShapeGaps(
  shape: LoadShape,
  { client, phases }: Pick<EngineWishes, "client" | "phases">,
): readonly string[] {
  const shortestSeconds = Math.min(
    ...phases.map((each) => each.warmupSeconds + each.steadySeconds + each.coolDownSeconds),
  );
  const isSteady = shape.kind === "closed" || shape.rate.kind === "constant";
  return [
    ...gap(
      isSteady && shortestSeconds < SHORTEST_K6_SECONDS,
      `k6 sends no load for less than ${SHORTEST_K6_SECONDS} s, and a stage takes ${shortestSeconds} s: use longer phases, or the engine native or pgbench.`,
    ),
    ...k6ClientGaps(shape, client),
  ];
}

function k6ClientGaps(shape: LoadShape, client: ClientSettings): readonly string[] {
  if (shape.kind === "open") {
    return [
      ...gap(
        !ARRIVALS.k6.includes(shape.arrival),
        "k6 spaces arrivals evenly: use arrival constant, or the engine native or pgbench.",
      ),
      ...gap(
        client.connections < client.agents,
        `k6 needs a connection for each of its ${client.agents} processes: use at least as many connections as agents.`,
      ),
    ];
  }
  return [
    ...gap(
      shape.clients < client.agents,
      `k6 needs a client for each of its ${client.agents} processes: use at least as many clients as agents.`,
    ),
    ...gap(
      client.sessions === "pool" && client.connections < client.agents,
      `k6 needs a connection for each of its ${client.agents} processes: use at least as many connections as agents.`,
    ),
  ];
}

function k6OperationGaps({ name, binary, variables }: WorkloadOperation): readonly string[] {
  return gap(
    binary === true || variables.some(({ kind }) => kind === "vector"),
    `k6 has no vectors and no binary COPY, which ${name} wants: use the engine native.`,
  );
}

function gap(found: boolean, sentence: string): readonly string[] {
  return found ? [sentence] : [];
}
