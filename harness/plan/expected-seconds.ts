import { bandFor, type FailureClass, failureTraits, type PredictedMetric } from "../model/advice.ts";
import type { PlannedBenchmark } from "../model/benchmark.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { isGuardable } from "../model/layout.ts";
import type { PlannedInjection, RunPlan } from "../model/plan.ts";
import type { Topology } from "../model/topology.ts";
import { possibleRoles } from "../model/victim-role.ts";
import { secondsOf, stagePhases } from "./stage-phases.ts";

/** Seconds until a hurt member streams again, after the service is back: seen with the shipped topologies. */
const REJOIN_SECONDS: Readonly<Record<FailureClass, number>> = {
  planned: 4,
  reload: 1,
  rescaling: 10,
  "process-crash": 6,
  "node-loss": 10,
  "node-pause": 10,
  "network-isolation": 10,
  "link-cut": 6,
  slowness: 2,
  "etcd-handover": 2,
};

/** Between two stages: connections, the last answers, statistics. */
const BETWEEN_STAGES_SECONDS = 1;
/** Rows made on the server and replicated: seen with the shipped topologies. */
const FILLED_BYTES_PER_SECOND = 10_000_000;

/** All members of the shipped topologies, at one moment. */
const ASKING_COPIES_SECONDS = 2;

/** How long a run will take, in seconds, from its plan: for people who wait, not for budgets. */
export function expectedSeconds(plan: RunPlan): number {
  const { benchmark } = plan;
  const { warmupSeconds, steadySeconds } = plan.phases;
  const injections = plan.injections.reduce((sum, injection) => sum + injectionSeconds(injection, plan), 0);
  const asking = benchmark?.copies == null ? 0 : (1 + plan.injections.length) * ASKING_COPIES_SECONDS;
  const underProbes = plan.load === null ? 0 : warmupSeconds + steadySeconds + injections + asking;
  const stages = benchmark === null ? startAndRemove(plan.topology) : benchmarkSeconds(benchmark);
  return Math.round(stages + underProbes * (benchmark?.variants.length ?? 1));
}

function startAndRemove(topology: Topology): number {
  return 8 + 0.5 * layOut(topology).nodes.length;
}

function benchmarkSeconds(benchmark: PlannedBenchmark): number {
  const stages = stagePhases(benchmark, "expected");
  const load = secondsOf(stages) + stages.length * BETWEEN_STAGES_SECONDS;
  const filling = benchmark.dataBytes / FILLED_BYTES_PER_SECOND;
  return benchmark.variants.reduce((sum, { topology }) => sum + startAndRemove(topology) + filling + load, 0);
}

function injectionSeconds(injection: PlannedInjection, plan: RunPlan): number {
  const loopWait = plan.advice.timing?.loopWait ?? 0;
  const { leastSeconds = 0, healAfterSeconds } = injection;
  const hurt = (healAfterSeconds ?? Math.max(outageSeconds(injection, plan), leastSeconds)) + 1;
  const whole = Math.max(REJOIN_SECONDS[injection.failureClass], guardsRestSeconds(injection, plan.topology));
  return loopWait + hurt + whole + plan.phases.recoverySeconds;
}

/** What the leader guards answer is followed by a time in which they would not do so again, and the next injection waits for that. */
function guardsRestSeconds(
  { failureClass, victim, healAfterSeconds = Infinity }: PlannedInjection,
  topology: Topology,
): number {
  const { guard, coordinators, workers } = topology;
  const guarded = {
    primary: coordinators,
    "worker primary": { members: workers.membersPerGroup, synchronousMode: workers.synchronousMode },
  };
  const answered =
    failureTraits[failureClass].silences &&
    possibleRoles(victim, topology, failureClass).some(
      (role) => (role === "primary" || role === "worker primary") && isGuardable(guarded[role]),
    );
  const noticed = healAfterSeconds * 1000 >= guard.goneAfterMs - guard.askEveryMs;
  return guard.enabled && !guard.dryRun && noticed && answered ? guard.notTwiceWithinSeconds : 0;
}

/** Until the fault is healed: the middle of the longest band that its victim may have, and that is waited for. */
function outageSeconds({ fault, victim, failureClass, holdUntil }: PlannedInjection, plan: RunPlan): number {
  const awaited: readonly PredictedMetric[] =
    holdUntil === "circuit-open" ? ["write-unavailability", "circuit-open"] : ["write-unavailability"];
  const bands = possibleRoles(victim, plan.topology, failureClass).flatMap((role) =>
    awaited.flatMap((metric) => bandFor(plan.advice, { metric, fault, role }) ?? []),
  );
  if (bands.length === 0) return 10;
  return Math.max(...bands.map(({ lowSeconds, highSeconds }) => (lowSeconds + highSeconds) / 2));
}
