import { variantTitle } from "../model/figure-names.ts";
import type { EventOf } from "../model/event.ts";
import { groupsOf } from "../model/layout.ts";
import type { Figure, NamedFigure } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { StartUpMeasurement, StartUpMemory } from "../model/start-up.ts";
import type { Topology } from "../model/topology.ts";
import { sumOfThousandths } from "../stats/sum.ts";
import { eventsByVariant } from "./events-by-variant.ts";

/** How each cluster that became ready came up; in the order of the variants. */
export function measureStartUps({
  plan,
  events,
}: Pick<Recording, "plan" | "events">): readonly StartUpMeasurement[] {
  return eventsByVariant(events).flatMap(([variant, own]) => {
    const ready = own.find((event): event is EventOf<"cluster-ready"> => event.kind === "cluster-ready");
    if (ready === undefined) return [];
    const read = own.find((event): event is EventOf<"memory-read"> => event.kind === "memory-read");
    const topology = plan.benchmark?.variants.find(({ name }) => name === variant)?.topology ?? plan.topology;
    const fillingMs = ready.fillingMs ?? 0;
    return [
      {
        variant,
        topology: topology.name,
        workerGroups: topology.workers.groups + topology.workers.spareGroups,
        seconds: (ready.tookMs - fillingMs) / 1000,
        fillingSeconds: fillingMs / 1000,
        memory: read === undefined ? null : memoryOf(read.memoryMb, topology),
      },
    ];
  });
}

/** What targets are judged by. */
export function startUpFigures(measured: readonly StartUpMeasurement[]): NamedFigure[] {
  return measured.flatMap(({ variant, seconds, memory }) => {
    const named = { of: variantTitle(variant), fault: null };
    const held: Figure =
      memory === null
        ? { kind: "withheld", reason: "what the containers hold in memory was not read" }
        : { kind: "value", value: memory.totalMb };
    return [
      { metric: "start-up", ...named, figure: { kind: "value", value: seconds }, n: 1 },
      { metric: "start-up-memory", ...named, figure: held, n: memory?.nodes.length ?? 0 },
    ];
  });
}

function memoryOf(memoryMb: Readonly<Record<string, number>>, topology: Topology): StartUpMemory | null {
  const nodes = Object.entries(memoryMb).map(([node, held]) => ({
    node,
    role: roleOf(node, topology),
    memoryMb: held,
  }));
  if (nodes.length === 0) return null;
  const roles = [...new Set(nodes.map(({ role }) => role))].map((role) => {
    const held = nodes.filter((node) => node.role === role).map((node) => node.memoryMb);
    return { role, containers: held.length, totalMb: sumOfThousandths(held), mostMb: Math.max(...held) };
  });
  return { totalMb: sumOfThousandths(nodes.map((node) => node.memoryMb)), roles, nodes };
}

/** Of PostgreSQL `coordinators` or `workers`; of the others their component, which they are named after. */
export function roleOf(node: string, topology: Topology): string {
  const group = groupsOf(topology).find(({ members }) => members.includes(node));
  return group === undefined ? node.replace(/-\d+$/, "") : `${group.role}s`;
}
