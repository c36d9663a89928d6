import type {
  ArrivalOfEngine,
  Benchmark,
  BenchmarkMethod,
  EngineName,
  LoadShape,
  PlannedBenchmark,
  SustainedLoad,
  WantedShape,
} from "./benchmark.ts";
import { arrivalFor, preferredArrival, searchArrivalFor } from "./engine-abilities.ts";

/** The method and the sustained load with one arrival each, as the engine can send it; and where it is not the preferred one. */
export function resolveArrivals({
  client: { engine },
  method,
  sustained,
}: Benchmark): Pick<PlannedBenchmark, "method" | "sustained" | "arrivalsOfEngine"> {
  const arrivalsOfEngine = [
    ...(method.kind === "fixed"
      ? method.stages.flatMap((stage) => ofShape(engine, stage))
      : ofSearch(engine, method)),
    ...(sustained?.kind === "shape" ? ofShape(engine, sustained) : []),
  ];
  return {
    method: resolvedMethod(engine, method),
    sustained: sustained == null ? sustained : resolvedSustained(engine, sustained),
    ...(arrivalsOfEngine.length === 0 ? {} : { arrivalsOfEngine }),
  };
}

/** A shape with the arrival that the engine will send; one that it cannot send stays, to be refused. */
function resolveShape(engine: EngineName, shape: WantedShape): LoadShape {
  return shape.kind === "closed" ? shape : { ...shape, arrival: arrivalFor(engine, shape.arrival) };
}

function resolvedMethod(engine: EngineName, method: BenchmarkMethod<WantedShape>): BenchmarkMethod {
  if (method.kind === "fixed") {
    const stages = method.stages.map((stage) => ({ ...stage, shape: resolveShape(engine, stage.shape) }));
    return { ...method, stages };
  }
  const { search } = method;
  return { ...method, search: { ...search, arrival: searchArrivalFor(engine, search.arrival) } };
}

function resolvedSustained(engine: EngineName, sustained: SustainedLoad<WantedShape>): SustainedLoad {
  return sustained.kind === "shape"
    ? { ...sustained, shape: resolveShape(engine, sustained.shape) }
    : sustained;
}

function ofShape(
  engine: EngineName,
  { name, shape }: { readonly name: string; readonly shape: WantedShape },
): readonly ArrivalOfEngine[] {
  if (shape.kind === "closed") return [];
  const preferred = preferredArrival(shape.arrival);
  return arrivalFor(engine, shape.arrival) === preferred ? [] : [{ of: name, preferred }];
}

function ofSearch(
  engine: EngineName,
  { search }: Exclude<BenchmarkMethod<WantedShape>, { readonly kind: "fixed" }>,
): readonly ArrivalOfEngine[] {
  return searchArrivalFor(engine, search.arrival) === search.arrival
    ? []
    : [{ of: "search", preferred: search.arrival }];
}

/** Which arrivals the engine has changed, in a sentence for each; empty: none. */
export function arrivalsOfEngineInWords({
  client: { engine },
  arrivalsOfEngine = [],
}: Pick<PlannedBenchmark, "client" | "arrivalsOfEngine">): readonly string[] {
  return (["poisson", "constant"] as const).flatMap((preferred) => {
    const changed = arrivalsOfEngine.filter((each) => each.preferred === preferred).map(({ of }) => of);
    if (changed.length === 0) return [];
    const taken = preferred === "poisson" ? "constant" : "poisson";
    return [
      `Arrivals are ${taken} because of the engine: ${engine} cannot send ${preferred} ones, which the scenario prefers (${changed.join("; ")}).`,
    ];
  });
}
