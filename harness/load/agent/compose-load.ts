import type { Micros } from "../../model/clock.ts";
import type { Arrival } from "../../model/load.ts";
import type { StreamDescription } from "../../model/sample.ts";
import type { Workload } from "../../model/workload.ts";
import { drawVariables, valuesOf } from "../../workloads/draw-values.ts";
import { entryOf, type ProbeStatement, readProbe, writeProbe } from "../../workloads/ledger.ts";
import type { LoadSpec, Message } from "../protocol/agent-protocol.ts";
import type { AddressBook } from "../wire/address-book.ts";
import { arrivals, type Arrivals } from "./arrivals.ts";
import { Connections } from "./connections.ts";
import { describeStreams } from "../protocol/describe-streams.ts";
import { OperationStream } from "./operation-stream.ts";
import { seededRandom } from "../../support/seeded-random.ts";

/** One stream, ready to be paced. */
export interface ComposedStream {
  readonly stream: OperationStream;
  /** Its schedule, when the load's first operation is due at `firstUs`. */
  readonly arrivals: (firstUs: Micros) => Arrivals;
  readonly isProbe: boolean;
}

export interface ComposedLoad {
  readonly streams: readonly ComposedStream[];
  readonly connections: readonly Connections[];
}

export interface ComposeOptions {
  readonly spec: LoadSpec;
  readonly workload: Workload | null;
  readonly login: { readonly user: string; readonly password: string };
  readonly addressOf: AddressBook;
  readonly epochNs: bigint;
  readonly nowUs: () => Micros;
  readonly onConnection: (news: Extract<Message, { readonly type: "connection" }>) => void;
}

type Entry = "readWrite" | "readOnly";

/** A probe's idle connections beyond these are closed; an outage may leave it with a hundred. */
const KEPT_BY_A_PROBE = 4;

/**
 * Makes the streams of a load. Each probe has connections of its own, without limit, so that its schedule depends
 * on nothing else; the mix shares its kept ones per entry. Streams are set apart in time: the read probe by half
 * its interval, those of the mix by chance, so that operations do not queue behind each other in the client.
 */
export function composeLoad(options: ComposeOptions): ComposedLoad {
  const { spec, workload } = options;
  const { background } = spec.load;
  const [write, read, ...mix] = describeStreams(spec.load, workload);
  if (write === undefined || read === undefined) return { streams: [], connections: [] };
  const probes = [
    { described: write, probe: writeProbe, offset: 0 },
    { described: read, probe: readProbe, offset: 0.5 },
  ].map(({ described, probe, offset }) => ({
    ...composed(options, described, {
      ...probe,
      ...openConnections(options, probe.endpoint, described.name, null),
    }),
    arrivals: schedule(spec.seed, described, "constant", offset),
    isProbe: true,
  }));
  const kept = background?.connections ?? 0;
  const shared = {
    readWrite: openConnections(options, "readWrite", "mix", kept),
    readOnly: openConnections(options, "readOnly", "mix", kept),
  };
  const mixed = mix.map((described, index) => {
    const operation = workload?.operations[index];
    const statement = operation?.statements[0];
    if (operation === undefined || statement === undefined)
      throw new Error(`No operation for ${described.name}`);
    const random = seededRandom(spec.seed, `${described.name} values`);
    const offset = seededRandom(spec.seed, `${described.name} offset`)();
    return {
      ...composed(options, described, {
        sql: statement.sql,
        parameters: (id) => valuesOf(statement, drawVariables(operation.variables, id, random)),
        acknowledgement: () => null,
        ...shared[operation.endpoint],
      }),
      arrivals: schedule(spec.seed, described, background?.arrival ?? "constant", offset),
      isProbe: false,
    };
  });
  const streams = [...probes, ...mixed];
  return { streams, connections: [...new Set(streams.map(({ connections }) => connections))] };
}

interface Parts extends Opened {
  readonly sql: string;
  readonly parameters: (id: number) => readonly (string | number)[];
  readonly acknowledgement: ProbeStatement["acknowledgement"];
}

function composed(
  options: ComposeOptions,
  described: StreamDescription,
  parts: Parts,
): { readonly stream: OperationStream; readonly connections: Connections } {
  const { name, kind, ratePerSecond, timeoutMs } = described;
  const { sql, parameters, acknowledgement, connections, onFirstServed } = parts;
  const stream = new OperationStream({
    name,
    kind,
    sql,
    parameters,
    acknowledgement,
    connections,
    timeoutMs,
    // Every operation ends within its bound, so more than rate x bound are never in flight on time; twice that is
    // room for lateness and for the bursts of a Poisson schedule.
    inFlightLimit: Math.max(64, Math.ceil((2 * ratePerSecond * timeoutMs) / 1000)),
    nowUs: options.nowUs,
    onFirstServed,
  });
  return { stream, connections };
}

interface Opened {
  readonly connections: Connections;
  readonly onFirstServed: (readyNs: bigint) => void;
}

/** Connections that tell when the first of them serves, when one is lost, and when the next one serves after that. */
function openConnections(options: ComposeOptions, entry: Entry, label: string, kept: number | null): Opened {
  const { spec, login, addressOf, epochNs, nowUs, onConnection } = options;
  let serving = false;
  const connections = new Connections({
    at: entryOf(spec.endpoints, entry),
    login: { ...login, database: spec.database },
    addressOf,
    limit: kept ?? Infinity,
    dialLimit: kept === null ? Infinity : 1,
    keep: kept ?? KEPT_BY_A_PROBE,
    onLost: (code) => {
      if (serving)
        onConnection({ type: "connection", atUs: nowUs(), stream: label, endpoint: entry, lost: code });
      serving = false;
    },
  });
  const onFirstServed = (readyNs: bigint): void => {
    const atUs = Number((readyNs - epochNs) / 1000n);
    if (!serving) onConnection({ type: "connection", atUs, stream: label, endpoint: entry, lost: null });
    serving = true;
  };
  return { connections, onFirstServed };
}

/** `offset` is a share of the stream's interval. */
function schedule(
  seed: number,
  { name, ratePerSecond }: StreamDescription,
  arrival: Arrival,
  offset: number,
): (firstUs: Micros) => Arrivals {
  const random = seededRandom(seed, `${name} arrivals`);
  const offsetUs = (offset * 1_000_000) / ratePerSecond;
  return (firstUs) => arrivals({ arrival, ratePerSecond, firstUs: firstUs + offsetUs, random });
}
