import type { Micros } from "../../model/clock.ts";
import type { Arrival } from "../../model/load.ts";
import { isDirect, isProbe, type StreamDescription } from "../../model/sample.ts";
import type { Workload, WorkloadOperation } from "../../model/workload.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import {
  directWriter,
  readProbe,
  shardReadProbe,
  shardWriteProbe,
  writeProbe,
  type Probe,
} from "../../workloads/ledger.ts";
import { dialEntry } from "../engines/native/dial-entry.ts";
import type { EngineClock } from "../engines/native/schedule/engine-clock.ts";
import { endlessSchedule } from "../engines/native/schedule/open-schedule.ts";
import { compileOperation } from "../engines/native/sessions/compile-operation.ts";
import { Deadlines } from "../engines/native/sessions/deadlines.ts";
import { NewestFirstSessions } from "../engines/native/sessions/newest-first-sessions.ts";
import type { Stream } from "../engines/native/stream-sender.ts";
import type { LoadSpec, Message } from "../protocol/agent-protocol.ts";
import { describeStreams } from "../protocol/describe-streams.ts";
import type { AddressCache } from "../wire/address-cache.ts";

export interface ComposeOptions {
  readonly spec: LoadSpec;
  readonly workload: Workload | null;
  readonly login: { readonly user: string; readonly password: string };
  readonly addressOf: AddressCache;
  readonly epochNs: bigint;
  readonly clock: EngineClock;
  readonly onConnection: (news: Extract<Message, { readonly type: "connection" }>) => void;
}

/** A probe's idle connections beyond these are closed; an outage may leave it with a hundred. */
const KEPT_BY_A_PROBE = 4;

/**
 * Makes the streams of a load. Each probe, and each writer to one member, has connections of its own, without limit, so that its schedule depends
 * on nothing else; the mix shares its kept ones per entry. Streams are set apart in time: read probes by half
 * their interval, those of worker groups by an equal part of it each, those of the mix by chance, so that operations do
 * not queue behind each other in the client.
 */
export function composeLoad(options: ComposeOptions): readonly Stream[] {
  const { spec, workload } = options;
  const { background } = spec.load;
  const groups = Object.keys(spec.shardKeys ?? {});
  const members = Object.keys(spec.members ?? {});
  const described = describeStreams(spec.load, workload, groups, members);
  const isAlone = (stream: StreamDescription): boolean => isProbe(stream) || isDirect(stream.name);
  const mix = described.filter((stream) => !isAlone(stream));
  const probes = described.filter(isAlone).map((stream) => {
    const { kind, name, group, member } = stream;
    const probe = probeOf(stream, spec);
    const { operation } = probe;
    const part =
      (group === undefined ? 0 : (groups.indexOf(group) + 0.5) / (2 * groups.length)) +
      (member === undefined ? 0 : (members.indexOf(member) + 0.5) / members.length);
    return {
      described: stream,
      operation,
      probe,
      sessions: openSessions(options, [operation], name, null, member),
      arrival: "constant" as const,
      offset: part + (kind === "read" ? 0.5 : 0),
    };
  });
  const operations = workload?.operations ?? [];
  const { connections, arrival } = background ?? { connections: 0, arrival: "constant" };
  const ofEntry = (entry: Entry): NewestFirstSessions =>
    openSessions(
      options,
      operations.filter(({ endpoint }) => endpoint === entry),
      "mix",
      connections,
    );
  const shared = { readWrite: ofEntry("readWrite"), readOnly: ofEntry("readOnly") };
  const mixed = mix.map((described, index) => {
    const operation = operations[index];
    if (operation === undefined) throw new Error(`Expected an operation for ${described.name}, found none`);
    const offset = seededRandom(spec.seed, `${described.name} offset`)();
    return { described, operation, probe: null, sessions: shared[operation.endpoint], arrival, offset };
  });
  return [...probes, ...mixed].map((parts, index) => composed(parts, index, spec));
}

function probeOf({ kind, group, member }: StreamDescription, { shardKeys = {} }: LoadSpec): Probe {
  if (member !== undefined) return directWriter(member);
  if (group === undefined) return kind === "write" ? writeProbe : readProbe;
  const keys = shardKeys[group];
  if (keys === undefined) throw new Error(`Expected keys of the shards of ${group}, found none`);
  return kind === "write" ? shardWriteProbe(keys) : shardReadProbe(keys);
}

interface Parts {
  readonly described: StreamDescription;
  readonly operation: WorkloadOperation;
  /** null: it is one of the mix. */
  readonly probe: Probe | null;
  readonly sessions: NewestFirstSessions;
  readonly arrival: Arrival;
  /** Share of the stream's interval. */
  readonly offset: number;
}

function composed(
  { described, operation, probe, sessions, arrival, offset }: Parts,
  index: number,
  { seed, rampSeconds }: LoadSpec,
): Stream {
  const { name, ratePerSecond, timeoutMs } = described;
  const asked = { named: false, keepsRow: probe?.acknowledgement !== undefined };
  return {
    name,
    route: {
      operation: compileOperation(operation, index, asked),
      sessions,
      deadlines: new Deadlines(),
      timeoutUs: timeoutMs * 1000,
    },
    isProbe: probe !== null,
    acknowledgement: probe?.acknowledgement ?? (() => null),
    schedule: endlessSchedule({
      arrival,
      ratePerSecond,
      rampSeconds,
      offset,
      random: seededRandom(seed, `${name} arrivals`),
    }),
    random: seededRandom(seed, `${name} values`),
    // Every operation ends within its bound, so more than rate x bound are never in flight on time; twice that is
    // room for lateness and for the bursts of a Poisson schedule.
    inFlightLimit: Math.max(64, Math.ceil((2 * ratePerSecond * timeoutMs) / 1000)),
  };
}

type Entry = "readWrite" | "readOnly";

/** Connections that tell when the first of them serves, when one is lost, and when the next one serves after that. */
function openSessions(
  options: ComposeOptions,
  operations: readonly WorkloadOperation[],
  label: string,
  /** null: a probe's, without limit. */
  kept: number | null,
  /** Connected to directly; left out: by the operations' entry. */
  member?: string,
): NewestFirstSessions {
  const { spec, login, addressOf, epochNs, clock, onConnection } = options;
  const endpoint = operations[0]?.endpoint ?? "readWrite";
  const { database } = spec;
  let serving = false;
  const tell = (atUs: Micros, lost: string | null): void => {
    // Of writers to one member nobody asks when they were connected.
    if (member === undefined && serving === (lost !== null))
      onConnection({ type: "connection", atUs, stream: label, endpoint, lost });
    serving = lost === null;
  };
  return new NewestFirstSessions({
    dial: dialEntry({
      at: (member === undefined ? undefined : spec.members?.[member]) ?? spec.endpoints[endpoint],
      login: { ...login, database },
      addressOf,
      copies: operations.some(({ form }) => form === "copy"),
    }),
    nowUs: clock.nowUs,
    limit: kept ?? Infinity,
    dialLimit: kept === null ? Infinity : 1,
    keep: kept ?? KEPT_BY_A_PROBE,
    onFirstServed: (readyNs, againUs) =>
      tell(againUs === null ? Number((readyNs - epochNs) / 1000n) : Math.round(againUs), null),
    onLost: (code) => tell(Math.round(clock.nowUs()), code),
  });
}
