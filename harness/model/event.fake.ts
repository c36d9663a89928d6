import type { Micros } from "./clock.ts";
import type { ClusterEvent, EventOf, InjectionMoment } from "./event.ts";
import { COORDINATORS } from "./layout.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import type { PlannedInjection, RunPlan } from "./plan.ts";
import type { FakeOutage } from "./samples.fake.ts";
import type { Topology } from "./topology.ts";

/** What shall be true of one injection of a fake recording. */
export interface FakeInjection {
  readonly fault: string;
  /** The true outage for writes. Infinity: the cluster never recovers, and the run ends there. */
  readonly writeOutageSeconds: number;
  /** The true outage for reads; 0 (the default): none. */
  readonly readOutageSeconds?: number;
  /** Acknowledged writes that the ledger will not hold. */
  readonly lostRows?: number;
  /** How long the old primary stays writable beside the new one. */
  readonly twoPrimariesMs?: number;
  /** The same primary comes back, its leader key never gone (a restart in place). */
  readonly inPlace?: boolean;
}

/** What the observers say of the members of a cluster that is up: each group has its primary. */
export function fakeMemberEvents(topology: Topology): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  for (const group of layOut(topology).groups) {
    const primary = group.members[0] ?? "";
    const standbys = group.members.slice(1);
    const atUs = 5_000_000;
    events.push({ kind: "leader-key-set", atUs, group: group.name, leader: primary });
    for (const member of group.members) {
      const isPrimary = member === primary;
      const receivesFrom = isPrimary ? null : primary;
      events.push(
        answered(atUs + 200_000, { group: group.name, member, timeline: 1, receivesFrom, startedUs: atUs }),
        memberState(atUs + 250_000, group.name, member, isPrimary, 1),
      );
      if (group.name !== COORDINATORS) continue;
      events.push(...proxyFor(atUs + 900_000, member, isPrimary ? "read_write" : "read_only"));
    }
    events.push(replication(atUs + 1_200_000, group.name, primary, standbys));
  }
  return events;
}

/** What the observers and the conductor say before the first injection. */
export function fakeStartEvents(plan: RunPlan): ClusterEvent[] {
  const events: ClusterEvent[] = [
    { kind: "etcd-watch", atUs: 4_100_000, connected: true, reason: null },
    ...fakeMemberEvents(plan.topology),
  ];
  for (const node of layOut(plan.topology).nodes) {
    if (node.component !== "pgbouncer") continue;
    events.push(pool(6_000_000, node.name, true));
  }
  const warmupUs = 9_000_000;
  events.push(
    { kind: "cluster-ready", atUs: 8_600_000, tookMs: 8600, fillingMs: 400 },
    { kind: "memory-read", atUs: 8_620_000, memoryMb: memoryOf(plan.topology) },
    { kind: "phase", atUs: warmupUs, phase: "warmup", injection: null },
    { kind: "connection-made", atUs: warmupUs + 8_000, stream: "write-probe", endpoint: "readWrite" },
    { kind: "connection-made", atUs: warmupUs + 9_000, stream: "read-probe", endpoint: "readOnly" },
    { kind: "phase", atUs: warmupUs + plan.phases.warmupSeconds * 1e6, phase: "steady", injection: null },
  );
  return events;
}

/** What goes on all the time: the loops of Patroni's leaders, and the agent's health every second. */
export function fakeQuietEvents(
  plan: RunPlan,
  span: { readonly fromUs: Micros; readonly toUs: Micros },
  outages: readonly FakeOutage[],
  random: () => number,
): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  const loopUs = plan.topology.patroni.loopWait * 1e6;
  for (const { name } of layOut(plan.topology).groups) {
    for (let atUs = span.fromUs + Math.round(random() * loopUs); atUs < span.toUs; atUs += loopUs) {
      const down = name === COORDINATORS && outages.some(({ fromUs, toUs }) => atUs >= fromUs && atUs < toUs);
      if (!down) events.push({ kind: "loop-tick", atUs, group: name });
    }
  }
  for (let atUs = span.fromUs + 1e6; atUs <= span.toUs; atUs += 1e6) {
    const lagP99Us = Math.round(300 + 500 * random());
    events.push({
      kind: "agent-health",
      atUs,
      lagP50Us: Math.round(60 + 20 * random()),
      lagP99Us,
      lagMaxUs: lagP99Us + Math.round(900 * random()),
      cpuShare: 0.08 + 0.06 * random(),
      neverSent: 0,
    });
  }
  return events;
}

/** The story of one injection, and what it leaves behind. */
export interface FakeInjectionStory {
  readonly events: readonly ClusterEvent[];
  readonly writeOutage: FakeOutage | null;
  readonly readOutage: FakeOutage | null;
  readonly primary: string;
  readonly ledgerAtUs: Micros | null;
  readonly endUs: Micros;
}

/** Tells one injection from its waiting to the end of its recovery phase. */
export function fakeInjectionEvents(told: {
  readonly plan: RunPlan;
  readonly planned: PlannedInjection;
  readonly wanted: FakeInjection;
  readonly primary: string;
  readonly fromUs: Micros;
  readonly random: () => number;
}): FakeInjectionStory {
  const { plan, planned, wanted, primary, fromUs, random } = told;
  const { injection, fault, loopPhase } = planned;
  const loopUs = plan.topology.patroni.loopWait * 1e6;
  const faultUs = Math.round(fromUs + 400_000 + loopPhase * loopUs);
  const never = wanted.writeOutageSeconds === Infinity;
  const seconds = never ? plan.budgets.recoveryMs / 1000 : wanted.writeOutageSeconds;
  const downUs = faultUs + 8_000;
  const upUs = downUs + Math.round(seconds * 1e6);
  const at = (share: number): Micros => Math.round(faultUs + share * (upUs - faultUs));
  const moment = (atUs: Micros, name: InjectionMoment, note?: string): ClusterEvent => ({
    kind: "injection",
    atUs,
    injection,
    fault,
    victim: primary,
    moment: name,
    ...(name === "injected" ? { loopPhase } : {}),
    ...(note === undefined ? {} : { note }),
  });

  const coordinators = layOut(plan.topology).groups[0]?.members ?? [];
  const others = coordinators.filter((member) => member !== primary);
  const inPlace = wanted.inPlace === true || never;
  const successor = inPlace ? primary : (others[injection % Math.max(1, others.length)] ?? primary);
  const silent = ["kill-node", "pause-node", "isolate-node"].includes(fault);
  const lastsUs = 1_000_000;
  const healedUs = upUs + lastsUs + (silent ? 4_200_000 : 1_400_000) + Math.round(500_000 * random());
  const timeline = injection + 1;

  const events: ClusterEvent[] = [
    { kind: "phase", atUs: fromUs, phase: "fault", injection },
    moment(fromUs, "waiting"),
    moment(fromUs + 200_000, "setting-up"),
    moment(faultUs, "injecting"),
    moment(faultUs + 45_000, "injected"),
    { kind: "connection-lost", atUs: downUs, stream: "write-probe", endpoint: "readWrite", code: "57P01" },
    silent ? unanswered(at(0.02), primary, at(0.02) - 40_000) : refused(at(0.02), primary),
    moment(at(0.03), "observed"),
    unreachableMember(at(0.04), primary),
    proxy(at(silent ? 0.2 : 0.1), primary, "read_write", false),
  ];
  if (!never) {
    if (!inPlace) {
      events.push(
        { kind: "leader-key-gone", atUs: at(silent ? 0.88 : 0.3), group: COORDINATORS, leader: primary },
        { kind: "leader-key-set", atUs: at(silent ? 0.9 : 0.35), group: COORDINATORS, leader: successor },
      );
    }
    events.push(
      ...(inPlace ? [] : others)
        .filter((member) => member !== successor)
        .map((member) =>
          answered(at(0.95), { member, timeline, receivesFrom: successor, startedUs: bootUs }),
        ),
      answered(at(0.95), { member: successor, timeline, startedUs: inPlace ? at(0.9) : bootUs }),
      replication(
        at(0.95),
        COORDINATORS,
        successor,
        others.filter((member) => member !== successor),
      ),
      memberState(at(0.955), COORDINATORS, successor, true, timeline),
      proxy(at(0.96), successor, "read_only", false),
      proxy(at(0.98), successor, "read_write", true),
      {
        kind: "connection-made",
        atUs: upUs - 6_000,
        stream: "write-probe",
        endpoint: "readWrite",
      },
      moment(upUs + lastsUs, "recovered"),
      moment(upUs + lastsUs + 10_000, "healing"),
    );
    const healingUs = upUs + lastsUs + 10_000;
    if (wanted.twoPrimariesMs !== undefined) {
      const backUs = healingUs + 90_000;
      events.push(
        answered(backUs, { member: primary, timeline: timeline - 1, startedUs: bootUs }),
        refused(backUs + wanted.twoPrimariesMs * 1000, primary),
      );
    } else if (silent && !inPlace) {
      events.push(refused(healingUs, primary));
    }
    if (!inPlace) {
      events.push(
        answered(healedUs - 900_000, {
          ...{ member: primary, timeline, receivesFrom: successor },
          startedUs: healedUs - 1_200_000,
        }),
        memberState(healedUs - 700_000, COORDINATORS, primary, false, timeline),
        proxy(healedUs - 300_000, primary, "read_only", true),
      );
    } else {
      events.push(memberState(healedUs - 700_000, COORDINATORS, primary, true, timeline));
    }
    events.push(
      replication(
        healedUs - 100_000,
        COORDINATORS,
        successor,
        coordinators.filter((member) => member !== successor),
      ),
      { ...moment(healedUs, "healed"), ...(silent ? { inForceSeconds: inForce(healingUs - faultUs) } : {}) },
      { kind: "phase", atUs: healedUs + 150_000, phase: "recovery", injection },
    );
  } else {
    events.push(moment(upUs, "failed", "not served again within 60 s"));
  }

  const readUs = Math.round((wanted.readOutageSeconds ?? 0) * 1e6);
  return {
    events: events.sort((a, b) => a.atUs - b.atUs),
    writeOutage:
      seconds === 0
        ? null
        : { fromUs: downUs, toUs: never ? Infinity : upUs, manner: silent ? "silent" : "refusing" },
    readOutage:
      readUs === 0 ? null : { fromUs: downUs, toUs: downUs + readUs, manner: silent ? "silent" : "refusing" },
    primary: successor,
    ledgerAtUs: never ? null : healedUs + 120_000,
    endUs: never ? upUs : healedUs + 150_000 + plan.phases.recoverySeconds * 1e6,
  };
}

/** When every server was started that no fault has struck yet. */
const bootUs = 5_000_000;

/** A member that receives from nobody is a primary. */
function answered(
  atUs: Micros,
  {
    group = COORDINATORS,
    member,
    timeline,
    receivesFrom = null,
    startedUs,
  }: {
    readonly group?: string;
    readonly member: string;
    readonly timeline: number;
    readonly receivesFrom?: string | null;
    readonly startedUs: Micros;
  },
): ClusterEvent {
  return {
    ...{ kind: "postgres-state", atUs, group, member, reachable: true, inRecovery: receivesFrom !== null },
    ...{ timeline, server: { startedUs, address: fakeAddress(member), receivesFrom }, absence: null },
  };
}

function refused(atUs: Micros, member: string): ClusterEvent {
  return { ...absent(atUs, member), absence: { why: "refused" } };
}

function unanswered(atUs: Micros, member: string, seenUs: Micros): ClusterEvent {
  return { ...absent(atUs, member), absence: { why: "silent", seenUs } };
}

function absent(atUs: Micros, member: string): EventOf<"postgres-state"> {
  return {
    ...{ kind: "postgres-state", atUs, group: COORDINATORS, member, reachable: false, inRecovery: null },
    ...{ timeline: null, server: null },
  };
}

/** Where a member of a fake cluster is reached: "coordinator-2" at coordinator-2.test. */
export function fakeAddress(member: string): string {
  return `${member}.test`;
}

function memberState(
  atUs: Micros,
  group: string,
  member: string,
  isPrimary: boolean,
  timeline: number,
): ClusterEvent {
  const role = isPrimary ? "primary" : "replica";
  const state = isPrimary ? "running" : "streaming";
  return { kind: "member-state", atUs, group, member, role, state, timeline };
}

function unreachableMember(atUs: Micros, member: string): ClusterEvent {
  const unreachable = "unreachable";
  return {
    kind: "member-state",
    atUs,
    group: COORDINATORS,
    member,
    role: unreachable,
    state: unreachable,
    timeline: null,
  };
}

function proxy(atUs: Micros, server: string, backend: string, up: boolean): ClusterEvent {
  return { kind: "proxy-server", atUs, backend, server, status: up ? "UP" : "DOWN", up };
}

function proxyFor(atUs: Micros, server: string, upIn: string): ClusterEvent[] {
  return ["read_write", "read_only"].map((backend) => proxy(atUs, server, backend, backend === upIn));
}

function pool(atUs: Micros, pgbouncer: string, serverConnected: boolean): ClusterEvent {
  return { kind: "pool-state", atUs, pgbouncer, reachable: true, serverConnected, clientsWaiting: 0 };
}

function replication(
  atUs: Micros,
  group: string,
  primary: string,
  streaming: readonly string[],
): ClusterEvent {
  return {
    kind: "replication-state",
    atUs,
    group,
    primary,
    streaming,
    synchronous: group === COORDINATORS ? streaming.slice(0, 1) : [],
    commitsWaitFor: group === COORDINATORS ? 1 : 0,
  };
}

/** More for servers of PostgreSQL than for the others. */
function memoryOf(topology: Topology): Readonly<Record<string, number>> {
  return Object.fromEntries(
    layOut(topology).nodes.map(({ name, group }) => [name, group === null ? 25.5 : 80.25]),
  );
}

/** Doing it took 45 ms, and undoing it as long. */
function inForce(us: Micros): { least: number; most: number } {
  return { least: (us - 45_000) / 1e6, most: (us + 45_000) / 1e6 };
}
