import type { Problem } from "../model/errors.ts";
import { handsOver, type InjectionKind } from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { HoldUntil } from "../model/hold.ts";
import { groupsWithShards } from "../model/layout.ts";
import type { LoadPlan } from "../model/load.ts";
import { resolveStep } from "../model/resolve-step.ts";
import {
  nameOfStep,
  type FaultStep,
  type OperationStep,
  type Scenario,
  type Step,
} from "../model/scenario.ts";
import { whyShardsStay } from "../model/shards.ts";
import { abilityGaps } from "../model/runtime-abilities.ts";
import { failoverManager, type Topology } from "../model/topology.ts";
import {
  endsOf,
  groupsChosen,
  type GroupsSelector,
  isLink,
  isOfGroups,
  membersActedOn,
  type NodeSelector,
  type NodeSet,
  nodeSets,
  setIn,
  setsOf,
  type VictimSelector,
  victimText,
} from "../model/victim-selector.ts";
import { possibleRoles } from "../model/victim-role.ts";
import { parameterDefaults } from "../workloads/catalogue.ts";
import { type Catalogues, namedCheckers } from "./catalogues.ts";
import { checkFaultTargets, faultFigures, type FaultFigures, knownStages } from "./check-targets.ts";
import { checkVectors } from "./check-vectors.ts";
import { didYouMean, nearestOf } from "../schema/nearest.ts";

type Known = Pick<Catalogues, "faults" | "workloads" | "runtime" | "checkers">;

/** What a scenario asks that its topology, the faults or the workloads cannot give. */
export function checkScenario(scenario: Scenario, topology: Topology, known: Known): readonly Problem[] {
  return [
    ...checkKind(scenario),
    ...checkAgainst(scenario),
    ...scenario.faults.flatMap((step, index) => checkStep(step, `faults[${index}]`, topology, known)),
    ...checkMoves(scenario, topology, known),
    ...(scenario.load === null ? [] : checkLoad(scenario, scenario.load, topology, known)),
  ];
}

/** Each topology is asked once. */
function checkAgainst({ topology, against = [] }: Scenario): readonly Problem[] {
  return against.flatMap((name, index) =>
    [topology, ...against.slice(0, index)].includes(name)
      ? [{ where: `against[${index}]`, message: `expected another topology each, found "${name}" again.` }]
      : [],
  );
}

/** Probes, stages of load, or both; faults need probes, and what goes on under them needs faults. */
function checkKind({ load, benchmark, faults }: Scenario): readonly Problem[] {
  if (load === null && benchmark === null)
    return [
      {
        where: "load",
        message: "expected probes around faults (load), stages of load (benchmark) or both, found neither.",
      },
    ];
  const problems: Problem[] = [];
  const sustained = benchmark?.sustained ?? null;
  if (load === null && faults.length > 0)
    problems.push({
      where: "faults",
      message: "expected none without probes, which tell what was not served.",
      suggestion: "Add load: { writeProbe, readProbe, background: null }.",
    });
  if (load !== null && benchmark !== null && benchmark.variants.length > 0)
    problems.push({
      where: "benchmark.variants",
      message: "expected none where faults are injected: each variant is a cluster of its own.",
      suggestion: "Make it scenarios of their own.",
    });
  if (sustained !== null && load === null)
    problems.push({
      where: "benchmark.sustained",
      message: "expected none without probes and faults: it is what goes on under them.",
      suggestion: "Add load and faults, or use a stage.",
    });
  if (benchmark !== null && load !== null && load.background !== null)
    problems.push({
      where: "load.background",
      message: `expected none beside a benchmark, whose own load is sent under the faults, found "${load.background.workload}".`,
      suggestion: "Use benchmark.sustained.",
    });
  if (sustained?.kind === "share-of-capacity" && benchmark?.method.kind === "fixed")
    problems.push({
      where: "benchmark.sustained",
      message: "expected a shape: a benchmark of fixed stages finds no capacity to take a share of.",
    });
  if (
    sustained?.kind === "shape" &&
    benchmark !== null &&
    knownStages(benchmark).some((name) => name === sustained.name)
  )
    problems.push({
      where: "benchmark.sustained.name",
      message: `expected a name that no other stage has, since figures are told apart by it, found "${sustained.name}".`,
    });
  if (sustained !== null && benchmark !== null && benchmark.client.engine !== "native")
    problems.push({
      where: "benchmark.client.engine",
      message: `expected native, which can be ended when the last fault is over, found ${benchmark.client.engine}.`,
    });
  return problems;
}

function checkStep(step: Step, where: string, topology: Topology, known: Known): readonly Problem[] {
  return "operation" in step
    ? checkOperation(step, where, topology, known)
    : checkFault(step, where, topology, known);
}

function checkFault(step: FaultStep, where: string, topology: Topology, known: Known): readonly Problem[] {
  const fault = resolveStep(step, known.faults)?.fault;
  const whyNot =
    fault === undefined
      ? [whyUnknown(step, "fault", known)]
      : whyNotDone(fault, topology, known).map((message) => ({ message }));
  const notHit = fault === undefined ? null : whyNotHit(fault, step.victim);
  return [
    ...whyNot.map((problem) => ({ where: `${where}.fault`, ...problem })),
    ...(notHit === null ? [] : [{ where: `${where}.victim`, ...notHit }]),
    ...endsOf(step.victim).flatMap((end) => checkNodes(end, `${where}.victim`, topology)),
    ...checkHold(step, fault, where, topology),
  ];
}

function checkOperation(
  step: OperationStep,
  where: string,
  topology: Topology,
  known: Known,
): readonly Problem[] {
  const { operation, on } = step;
  const resolved = resolveStep(step, known.faults);
  if (resolved === undefined)
    return [{ where: `${where}.operation`, ...whyUnknown(step, "operation", known) }];
  const { fault, victim } = resolved;
  const missing = setsOf(victim).flatMap((set) => checkNodes(set, `${where}.on`, topology));
  if (missing.length > 0) return missing;
  const whyNot = whyNotDone(fault, topology, known);
  if (whyNot.length > 0) return whyNot.map((message) => ({ where: `${where}.operation`, message }));
  const shards = checkShards(step, fault, where, topology);
  if (shards.length > 0) return shards;
  if (!handsOver(fault.failureClass) || membersAround(victim, topology) > 1) return [];
  const message = `"${operation}" needs a member to switch to, and the primary of ${on} is alone in "${topology.name}".`;
  return [{ where: `${where}.on`, message }];
}

/** A name that is none of its kind, though it may be one of the other: then the line that takes it. */
function whyUnknown(
  step: Step,
  kind: InjectionKind,
  { faults }: Known,
): Pick<Problem, "message" | "suggestion"> {
  const name = nameOfStep(step);
  const other = Object.hasOwn(faults, name) ? faults[name] : undefined;
  if (other !== undefined)
    return {
      message: `"${name}" is a ${titles[other.kind]}, not a ${titles[kind]}.`,
      suggestion: `Write ${lineOf(other, step)}.`,
    };
  const own = Object.values(faults).filter((each) => each.kind === kind);
  const nearest = faults[nearestOf(name, Object.keys(faults)) ?? ""];
  const names = own.map((each) => each.name);
  const suggestion =
    nearest === undefined || nearest.kind === kind
      ? didYouMean(name, names)
      : `Did you mean ${lineOf(nearest, step)}?`;
  return { message: `there is no ${titles[kind]} "${name}".`, suggestion };
}

const titles: Readonly<Record<InjectionKind, string>> = { fault: "fault", operation: "cluster operation" };

/** The step as one of the other kind, in YAML. */
function lineOf(described: FaultDescription, step: Step): string {
  const { name } = described;
  if (described.kind === "operation") {
    const ofWorkers = "victim" in step && setsOf(step.victim).some(isOfWorkers);
    const on = ofWorkers ? "one worker group" : "coordinators";
    return `{ operation: ${name}, on: ${on}, injections: ${step.injections} }`;
  }
  const primary = membersActedOn("primary", "on" in step ? step.on : "coordinators");
  const victim = described.hits === "link" ? `{ between: ${primary}, and: every member of etcd }` : primary;
  return `{ fault: ${name}, victim: ${victim}, injections: ${step.injections} }`;
}

/** What the runtime or the topology lacks for it. */
function whyNotDone(fault: FaultDescription, topology: Topology, { runtime }: Known): readonly string[] {
  const gaps = abilityGaps(fault, runtime);
  if (gaps.length > 0 || !fault.needsPatroni || topology.etcd.members > 0) return gaps;
  if (topology.pgAutoFailover.enabled && fault.alsoWithPgAutoFailover === true) return gaps;
  const found = topology.pgAutoFailover.enabled ? "pg_auto_failover in its place" : "none";
  return [`"${fault.name}" needs Patroni, and the topology "${topology.name}" has ${found}.`];
}

/**
 * Several steps that move shards need worker groups for all of them together. Probes' keys stay where they were placed, by
 * group: once shards were moved, what a fault on a worker does to its group's probes says nothing of that group.
 */
function checkMoves(
  { faults, load }: Scenario,
  topology: Topology,
  { faults: known }: Known,
): readonly Problem[] {
  const steps = faults.map((step, index) => ({ step, index, ...resolveStep(step, known) }));
  const moving = steps.filter(({ fault }) => fault?.movesShards !== undefined);
  const injectionsOf = (which: typeof steps): number =>
    which.reduce((sum, { step }) => sum + step.injections, 0);
  const adding = moving.filter(({ fault }) => fault?.spareGroups !== undefined);
  const draining = moving.filter(({ fault }) => fault?.movesShards?.on === "one worker group");
  const { groups, spareGroups } = topology.workers;
  const [added, drained] = [injectionsOf(adding), injectionsOf(draining)];
  const problems: Problem[] = [];
  if (adding.length > 1 && added > spareGroups)
    problems.push({
      where: "faults",
      message: `expected a spare worker group for each of the ${added} times that one is added, found ${spareGroups}.`,
      suggestion: `Add --set workers.spareGroups=${added}.`,
    });
  if (draining.length > 1 && drained >= groups)
    problems.push({
      where: "faults",
      message: `expected fewer than ${groups} times that a worker group is drained, for one must be left, found ${drained}.`,
      suggestion: `Add --set workers.groups=${drained + 1}.`,
    });
  const onWorkers = steps.find(
    ({ fault, victim }) =>
      fault?.movesShards === undefined && victim !== undefined && setsOf(victim).some(isOfWorkers),
  );
  const [first] = moving;
  if (load?.shardProbes != null && first !== undefined && onWorkers !== undefined)
    problems.push({
      where: `faults[${onWorkers.index}]`,
      message: `expected no fault on workers beside "${nameOfStep(first.step)}": the probes of each group's shards stay with their keys, which are moved to other groups.`,
      suggestion: "Make it two scenarios, or leave load.shardProbes out.",
    });
  return problems;
}

/** Shards that stay where they are, or too few worker groups that hold none yet. */
function checkShards(
  { operation, on, injections }: OperationStep,
  fault: FaultDescription,
  where: string,
  topology: Topology,
): readonly Problem[] {
  if (fault.movesShards === undefined) return [];
  if (on !== fault.movesShards.on)
    return [
      {
        where: `${where}.on`,
        message: `"${operation}" is done to ${fault.movesShards.on}, found ${on}.`,
        suggestion: `Write on: ${fault.movesShards.on}.`,
      },
    ];
  const stay = whyShardsStay(topology);
  if (stay !== null)
    return [
      {
        ...stay,
        where: `${where}.operation`,
        message: `"${operation}" cannot be done in "${topology.name}": ${stay.message}`,
      },
    ];
  const wanted = injections * (fault.spareGroups ?? 0);
  const { groups, spareGroups } = topology.workers;
  if (fault.movesShards.on === "one worker group" && injections >= groups)
    return [
      {
        where: `${where}.injections`,
        message: `"${operation}" takes a worker group out of use each time, and one must be left: expected fewer injections than there are groups, ${groups}, found ${injections}.`,
        suggestion: `Write at most ${groups - 1}, or add --set workers.groups=${injections + 1}.`,
      },
    ];
  if (spareGroups >= wanted) return [];
  return [
    {
      where: `${where}.injections`,
      message: `"${operation}" needs a spare worker group for each injection, ${wanted} in all, found ${spareGroups}.`,
      suggestion: `Add --set workers.spareGroups=${wanted}.`,
    },
  ];
}

function checkNodes(nodes: NodeSelector, where: string, topology: Topology): readonly Problem[] {
  const set = setIn(nodes);
  const missing = whyNoNodes(set, topology);
  if (missing !== null) return [{ where, message: `there is no ${set} in "${topology.name}": ${missing}.` }];
  return isOfGroups(nodes) ? checkGroups(nodes, where, topology) : [];
}

/** As many worker groups as there are, and one at least. */
function checkGroups(
  selector: GroupsSelector,
  where: string,
  { name, workers: { groups } }: Topology,
): readonly Problem[] {
  const chosen = groupsChosen(selector, groups);
  if (chosen >= 1 && chosen <= groups) return [];
  const there = `the ${groups} worker group${groups === 1 ? "" : "s"} of "${name}"`;
  if ("workerGroups" in selector)
    return [
      {
        where: `${where}.workerGroups`,
        message: `expected at most ${there}, found ${chosen}.`,
        suggestion: `Write at most ${groups}, or add --set workers.groups=${chosen}.`,
      },
    ];
  const least = Math.ceil(1000 / groups) / 1000;
  return [
    {
      where: `${where}.shareOfWorkerGroups`,
      message: `expected a share of ${there} that is one group at least, found ${selector.shareOfWorkerGroups}, which is none (rounded down).`,
      suggestion: `Write at least ${least}, or add --set workers.groups=${Math.ceil(1 / selector.shareOfWorkerGroups - 1e-9)}.`,
    },
  ];
}

/** A fault of nodes on a link, one of links on nodes, or nodes of a kind that it cannot hit, or be seen on. */
function whyNotHit(
  fault: FaultDescription,
  victim: VictimSelector,
): Pick<Problem, "message" | "suggestion"> | null {
  if (fault.kind === "operation") return null;
  const { name, hits } = fault;
  if (hits === "link") {
    if (!isLink(victim))
      return {
        message: `"${name}" hits a link, found "${victimText(victim)}".`,
        suggestion: `For example: { between: "primary of coordinators", and: "${setsOf(victim)[0] ?? ""}" }.`,
      };
    const [one, other] = setsOf(victim);
    return one === other
      ? { message: `expected a link between two sets of nodes, found "${one}" twice.` }
      : null;
  }
  const fitting = (Object.keys(nodeSets) as NodeSet[]).filter((set) => hits.includes(nodeSets[set]));
  if (!isLink(victim) && setsOf(victim).every((set) => hits.includes(nodeSets[set]))) return null;
  return { message: `"${name}" hits one of ${fitting.join(", ")}; found "${victimText(victim)}".` };
}

/** A fault can be held only where its healing is ours, and for something that can happen and be seen. */
function checkHold(
  step: FaultStep,
  fault: FaultDescription | undefined,
  where: string,
  topology: Topology,
): readonly Problem[] {
  const { holdUntil } = step;
  const fields = (["holdUntil", "leastSeconds", "healAfterSeconds", "healBetweenSeconds"] as const).filter(
    (field) => step[field] !== undefined,
  );
  if (fault?.healing === "at-once") {
    const message = `"${step.fault}" is over as soon as it is done: there is nothing to hold.`;
    return fields.map((field) => ({ where: `${where}.${field}`, message, suggestion: "Leave it out." }));
  }
  const timed = fields.find((field) => field === "healAfterSeconds" || field === "healBetweenSeconds");
  if (fields.length > 1 && timed !== undefined) {
    const other = fields.find((field) => field !== timed);
    const message = `a fault that is healed after a time is not held for anything else, found ${other} as well.`;
    return [{ where: `${where}.${timed}`, message, suggestion: "Leave one of them out." }];
  }
  const never = holdUntil === undefined ? null : whyNeverReached(holdUntil, step.victim, topology);
  if (never === null) return [];
  const message = `"${holdUntil}" will not be seen of ${victimText(step.victim)} in "${topology.name}": ${never}.`;
  return [{ where: `${where}.holdUntil`, message }];
}

function whyNeverReached(until: HoldUntil, victim: VictimSelector, topology: Topology): string | null {
  switch (until) {
    case "circuit-open":
      if (!topology.haproxy.enabled) return "it has no HAProxy";
      return setsOf(victim).some((set) => nodeSets[set] === "postgres" && !isOfWorkers(set))
        ? null
        : "HAProxy checks the coordinators alone";
    case "new-primary":
      if (failoverManager(topology) === null) return "it has no failover manager";
      if (!setsOf(victim).some((set) => set.startsWith("primary")))
        return "only a primary is replaced by another";
      return membersAround(victim, topology) < 2 ? "nobody is there to take over" : null;
  }
}

/** Members of the group that a victim is chosen from. */
function membersAround(victim: VictimSelector, { coordinators, workers }: Topology): number {
  return setsOf(victim).some(isOfWorkers) ? workers.membersPerGroup : coordinators.members;
}

function isOfWorkers(set: NodeSet): boolean {
  return set.includes("worker");
}

function whyNoNodes(set: NodeSet, topology: Topology): string | null {
  const { coordinators, workers, etcd, guard, pgbouncer, haproxy } = topology;
  switch (set) {
    case "primary of coordinators":
    case "every member of coordinators":
    case "the clients":
      return null;
    case "leader of etcd":
    case "a majority of etcd":
    case "every member of etcd":
      return etcd.members === 0 ? "it has no etcd" : null;
    case "one follower of etcd":
    case "every follower of etcd":
      return etcd.members < 2 ? `its etcd has ${etcd.members} members` : null;
    case "one guard":
    case "every guard":
      return guard.enabled ? null : "it has no leader guard";
    case "every pgbouncer":
      return pgbouncer.enabled ? null : "it has no PgBouncer";
    case "haproxy":
      return haproxy.enabled ? null : "it has no HAProxy";
    case "one replica of coordinators":
    case "every replica of coordinators":
      return coordinators.members < 2 ? "its coordinators have one member" : null;
    case "synchronous replica of coordinators":
      if (coordinators.members < 2) return "its coordinators have one member";
      return coordinators.synchronousMode === "off" ? "its coordinators replicate asynchronously" : null;
    case "primary of one worker group":
    case "every member of one worker group":
      return workers.groups === 0 ? "it has no workers" : null;
    case "standby of one worker group":
      if (workers.groups === 0) return "it has no workers";
      return workers.membersPerGroup < 2 ? "its workers have no standby" : null;
    case "the only node":
      return coordinators.members + workers.groups > 1 ? "it has more than one PostgreSQL node" : null;
  }
}

function checkLoad(scenario: Scenario, load: LoadPlan, topology: Topology, known: Known): readonly Problem[] {
  const problems: Problem[] = [];
  const { background } = load;
  const workload = background === null ? undefined : known.workloads[background.workload];
  if (background === null || workload !== undefined) {
    if (scenario.benchmark === null)
      problems.push(...checkFaultTargets(scenario.targets, figuresOfFaults(scenario, load, topology, known)));
  } else {
    const message = `there is no workload "${background.workload}".`;
    const suggestion = didYouMean(background.workload, Object.keys(known.workloads));
    problems.push({ where: "load.background.workload", message, suggestion });
  }
  if (workload !== undefined)
    problems.push(...checkVectors(workload.build(parameterDefaults(workload)), [{ name: "", topology }]));
  if (load.shardProbes != null && groupsWithShards(topology).length === 0) {
    problems.push({
      where: "load.shardProbes",
      message: `expected a topology whose tables are distributed over worker groups, found ${topology.name} with ${topology.workers.groups} worker groups and sharding ${topology.sharding}.`,
      suggestion: "Take --topology production, or leave load.shardProbes out.",
    });
  }
  const dialled = mostConnections(load, topology);
  for (const [where, enabled, allowed] of [
    ["pgbouncer.maxClientConnections", topology.pgbouncer.enabled, topology.pgbouncer.maxClientConnections],
    ["haproxy.maxConnections", topology.haproxy.enabled, topology.haproxy.maxConnections],
  ] as const) {
    if (!enabled || allowed >= dialled) continue;
    const message = `expected at least ${dialled}, which the load may open when nothing is answered, found ${allowed}.`;
    problems.push({
      where,
      message,
      suggestion: "The harness itself would be refused, and its figures be wrong.",
    });
  }
  return problems;
}

/** What the figures of a scenario's probes and injections may be of. */
export function figuresOfFaults(
  scenario: Pick<Scenario, "faults">,
  load: LoadPlan,
  topology: Topology,
  known: Known,
): FaultFigures {
  const workload = load.background === null ? undefined : known.workloads[load.background.workload];
  return faultFigures(scenario, load, {
    workload: workload === undefined ? null : workload.build(parameterDefaults(workload)),
    rolesOf: (step) => {
      const resolved = resolveStep(step, known.faults);
      return resolved === undefined
        ? []
        : possibleRoles(resolved.victim, topology, resolved.fault.failureClass);
    },
    groups: groupsWithShards(topology),
    checkers: namedCheckers(known),
  });
}

/** While nothing is answered, every probe operation that is under way holds a connection until its time-out. */
function mostConnections(load: LoadPlan, topology: Topology): number {
  const { background } = load;
  const perGroup = load.shardProbes == null ? [] : [load.shardProbes, load.shardProbes];
  const probes = [load.writeProbe, load.readProbe, ...groupsWithShards(topology).flatMap(() => perGroup)].map(
    ({ ratePerSecond, timeoutMs }) => Math.ceil((ratePerSecond * timeoutMs) / 1000),
  );
  return probes.reduce((sum, count) => sum + count, 0) + 2 * (background?.connections ?? 0);
}
