import type { Benchmark, PlannedVariant, WantedShape } from "../model/benchmark.ts";
import type { Problem } from "../model/errors.ts";
import type { Topology } from "../model/topology.ts";
import type { Workload } from "../model/workload.ts";

/** Connections that PostgreSQL keeps for superusers (3), and that Patroni, replication and observers take. */
const TAKEN_OF_POSTGRES = 15;

/** What a variant's poolers, proxy or PostgreSQL would refuse of the connections that its load opens. */
export function checkConnections(
  benchmark: Benchmark,
  { name, topology }: PlannedVariant,
  workload: Workload,
): readonly Problem[] {
  const wanted = mostWanted(benchmark, workload);
  const suffix = name === "" ? "" : ` (variant "${name}")`;
  return limitsOf(topology).flatMap(({ where, opens, allowed }) => {
    const needed = opens(wanted);
    if (needed <= allowed) return [];
    return [
      {
        where,
        message: `expected room for ${needed} connections, which the load opens, found ${allowed}${suffix}.`,
        suggestion: `Raise it by --set ${where}=..., or use fewer benchmark.client.connections or clients.`,
      },
    ];
  });
}

interface Entries {
  readonly readWrite: number;
  readonly readOnly: number;
}

interface Limit {
  readonly where: string;
  readonly allowed: number;
  /** How many of the load's connections meet in one place. */
  readonly opens: (wanted: Entries) => number;
}

function limitsOf({ haproxy, pgbouncer, postgres, coordinators }: Topology): readonly Limit[] {
  const replicas = coordinators.members - 1;
  // Reads are spread over the replicas; without any, they share the primary's way with the writes.
  const inOnePlace = ({ readWrite, readOnly }: Entries): number =>
    haproxy.enabled && replicas > 0
      ? Math.max(readWrite, Math.ceil(readOnly / replicas))
      : readWrite + readOnly;
  const room = postgres.maxConnections - TAKEN_OF_POSTGRES;
  return [
    ...(haproxy.enabled
      ? [
          {
            where: "haproxy.maxConnections",
            allowed: haproxy.maxConnections,
            opens: ({ readWrite, readOnly }: Entries) => readWrite + readOnly,
          },
        ]
      : []),
    ...(pgbouncer.enabled
      ? [
          {
            where: "pgbouncer.maxClientConnections",
            allowed: pgbouncer.maxClientConnections,
            opens: inOnePlace,
          },
          {
            where: "postgres.maxConnections",
            allowed: room,
            opens: (wanted: Entries) => Math.min(inOnePlace(wanted), pgbouncer.poolSize),
          },
        ]
      : [{ where: "postgres.maxConnections", allowed: room, opens: inOnePlace }]),
  ];
}

/** The most connections to each entry that any stage opens. */
function mostWanted({ client, method }: Benchmark, { operations }: Workload): Entries {
  const clients = Math.max(0, ...closedShapes(method).map((shape) => shape.clients));
  const each = client.sessions === "pool" ? client.connections : Math.max(clients, openConnections());
  const sent = operations.filter(({ weight }) => weight > 0);
  const weights = sent.reduce((sum, { weight }) => sum + weight, 0);
  const to = (entry: keyof Entries): number => {
    const share = sent.filter(({ endpoint }) => endpoint === entry);
    if (share.length === 0) return 0;
    if (client.mix === "per-operation" || client.sessions === "pool") return each;
    return Math.ceil((each * share.reduce((sum, { weight }) => sum + weight, 0)) / weights);
  };
  return { readWrite: to("readWrite"), readOnly: to("readOnly") };

  function openConnections(): number {
    return method.kind === "fixed" && method.stages.every(({ shape }) => shape.kind === "closed")
      ? 0
      : client.connections;
  }
}

function closedShapes(method: Benchmark["method"]): readonly Extract<WantedShape, { kind: "closed" }>[] {
  if (method.kind !== "fixed")
    return [{ kind: "closed", clients: method.search.saturationClients, thinkTimeMs: 0 }];
  return method.stages.flatMap(({ shape }) => (shape.kind === "closed" ? [shape] : []));
}
