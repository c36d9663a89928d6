import type { Bottleneck } from "../../model/measurement.ts";
import type { BottleneckContext } from "./bottleneck-context.ts";
import { mean, type GroupedReadings } from "./group-readings.ts";
import { formatCores, formatUtilisation } from "../../model/format-value.ts";

/**
 * From this share on a processor counts as full. Waiting in a queue grows as 1 / (1 - utilisation): at 0.9 an
 * operation waits nine times as long as it works, and what remains is taken in bursts shorter than a second.
 */
const FULL_CPU = 0.9;
/** A container that is stopped in this share of the scheduler's periods (100 ms each) shows it in its 90th percentile. */
const FULL_THROTTLING = 0.1;
/** How many containers the evidence names. */
const NAMED = 3;

/** All cores of the machine together. What the hypervisor gave to others was not there to be used, so it counts. */
export function fullMachine({ machine, containers }: GroupedReadings): readonly Bottleneck[] {
  const cores = mean(machine, (reading) => reading.cores);
  if (cores === 0) return [];
  const busy = mean(machine, (reading) => reading.busyCores);
  const stolen = mean(machine, (reading) => reading.stolenCores);
  const utilisation = (busy + stolen) / cores;
  if (utilisation < FULL_CPU) return [];
  const users = [...containers]
    .map(([node, readings]) => ({ node, cores: mean(readings, (reading) => reading.cpuCores) }))
    .toSorted((one, other) => other.cores - one.cores)
    .slice(0, NAMED)
    .map((user) => `${user.node} ${formatCores(user.cores)}`);
  const most = users.length === 0 ? "" : `; most of it: ${users.join(", ")}`;
  const taken = stolen / cores >= 0.01 ? ` and ${formatCores(stolen)} taken by the hypervisor` : "";
  return [
    {
      resource: "CPU of the machine",
      utilisation,
      evidence: `${formatCores(busy)} of ${formatCores(cores)} cores busy${taken} on average (${formatUtilisation(utilisation)})${most}`,
    },
  ];
}

/** The client itself, where measure-client found that it was its own limit: that is decided once. */
export function fullClient(_readings: GroupedReadings, { client }: BottleneckContext): readonly Bottleneck[] {
  const { clientBound, busiestSenderCores } = client;
  if (clientBound === null || busiestSenderCores.kind !== "value") return [];
  return [
    {
      resource: "CPU of the client (agent)",
      utilisation: busiestSenderCores.value,
      evidence: `${clientBound}: the client was the limit`,
    },
  ];
}

/** Containers against the limit of their own. */
export function fullContainers({ containers }: GroupedReadings): readonly Bottleneck[] {
  return [...containers].flatMap(([node, readings]) => {
    const limit = mean(readings, (reading) => reading.cpuLimit);
    if (limit === 0) return [];
    const cores = mean(readings, (reading) => reading.cpuCores);
    const throttled = mean(readings, (reading) => reading.throttledShare);
    if (cores / limit < FULL_CPU && throttled < FULL_THROTTLING) return [];
    return [
      {
        resource: `CPU limit of ${node}`,
        // Throttled in bursts, its mean may be lower than what it was kept from.
        utilisation: Math.max(cores / limit, FULL_CPU),
        evidence: `${formatCores(cores)} of ${formatCores(limit)} cores allowed on average, throttled in ${formatUtilisation(throttled)} of the scheduler's periods`,
      },
    ];
  });
}

/** A PgBouncer is one thread: one core is all that it can use, however many the machine has. */
export function fullPoolerThreads({ containers, poolers }: GroupedReadings): readonly Bottleneck[] {
  return [...containers].flatMap(([node, readings]) => {
    const cores = mean(readings, (reading) => reading.cpuCores);
    if (!poolers.has(node) || cores < FULL_CPU) return [];
    const evidence = `${formatCores(cores)} of the one core that its single thread can use, on average`;
    return [{ resource: `CPU of ${node}`, utilisation: cores, evidence }];
  });
}
