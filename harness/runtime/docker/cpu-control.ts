import type Dockerode from "dockerode";
import type { NodeControl } from "../../model/capabilities.ts";

/** Does something to a node's container within the budget of one command; rejects with what it was. */
export type ActOn = <T>(
  node: string,
  verb: string,
  call: (container: Dockerode.Container, abortSignal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** What a container had before it was limited. */
interface Before {
  /** Billionths of a CPU; 0: it was not limited. */
  readonly nanoCpus: number;
  readonly throttledPeriods: number;
}

const PERIOD_US = 100_000;

/**
 * The processor time of running containers, by the kernel's CPU bandwidth control. The engine refuses to change the quota
 * of a container that was made with a number of CPUs, and takes a number of CPUs away from none.
 */
export function cpuControl(act: ActOn): Pick<NodeControl, "limitCpu" | "unlimitCpu" | "isHeldBack"> {
  const limited = new Map<string, Before>();
  return {
    limitCpu: (node, cpus) =>
      act(node, `limit the CPU of`, async (container, abortSignal) => {
        const { HostConfig } = await container.inspect({ abortSignal });
        const nanoCpus = HostConfig.NanoCpus ?? 0;
        if (!limited.has(node))
          limited.set(node, { nanoCpus, throttledPeriods: await throttledPeriods(container) });
        await container.update({
          ...(nanoCpus > 0
            ? { NanoCpus: Math.round(cpus * 1e9) }
            : { CpuPeriod: PERIOD_US, CpuQuota: Math.round(cpus * PERIOD_US) }),
          abortSignal,
        });
      }),
    unlimitCpu: async (node) => {
      const before = limited.get(node);
      if (before === undefined) return;
      await act(node, "give its CPUs back to", (container, abortSignal) =>
        container.update({
          ...(before.nanoCpus > 0 ? { NanoCpus: before.nanoCpus } : { CpuPeriod: PERIOD_US, CpuQuota: -1 }),
          abortSignal,
        }),
      );
      limited.delete(node);
    },
    isHeldBack: (node) =>
      act(node, "look at the CPU of", async (container) => {
        const before = limited.get(node);
        return before !== undefined && (await throttledPeriods(container)) > before.throttledPeriods;
      }),
  };
}

/** Periods in which the container wanted more than it may have. */
async function throttledPeriods(container: Dockerode.Container): Promise<number> {
  const { cpu_stats } = await container.stats({ stream: false, "one-shot": true });
  return cpu_stats.throttling_data.throttled_periods;
}
