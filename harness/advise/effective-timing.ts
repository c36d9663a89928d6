import type { EffectiveTiming } from "../model/advice.ts";
import type { PatroniSpec } from "../model/topology.ts";

/**
 * Patroni's floors, seconds, enforced since 3.2.0 (its release notes: "hard-code minimal possible values"). The notes
 * name 2 for loop_wait; the code checks 1 (Patroni 4.0, patroni/config.py, _validate_and_adjust_timeouts).
 */
export const patroniFloors = { ttl: 20, loopWait: 1, retryTimeout: 3 } as const;

/**
 * The timing that Patroni will really run with. Values below a floor are raised to it; then the rule
 * loop_wait + 2 * retry_timeout <= ttl is enforced by lowering loop_wait, and retry_timeout as well only where the
 * smallest loop_wait is not enough. Same source as the floors.
 */
export function effectiveTiming(
  spec: Pick<PatroniSpec, "ttl" | "loopWait" | "retryTimeout">,
): EffectiveTiming {
  const adjusted: string[] = [];
  const ttl = raise("ttl", spec.ttl, patroniFloors.ttl, adjusted);
  const loopWait = raise("loop_wait", spec.loopWait, patroniFloors.loopWait, adjusted);
  const retryTimeout = raise("retry_timeout", spec.retryTimeout, patroniFloors.retryTimeout, adjusted);

  if (patroniFloors.loopWait + 2 * retryTimeout > ttl) {
    const lowered = Math.floor((ttl - patroniFloors.loopWait) / 2);
    adjusted.push(
      `retry_timeout ${retryTimeout} s is lowered to ${lowered} s and loop_wait ${loopWait} s to ` +
        `${patroniFloors.loopWait} s: loop_wait + 2 * retry_timeout must not exceed ttl ${ttl} s.`,
    );
    return { ttl, loopWait: patroniFloors.loopWait, retryTimeout: lowered, adjusted };
  }
  if (loopWait + 2 * retryTimeout > ttl) {
    const lowered = ttl - 2 * retryTimeout;
    adjusted.push(
      `loop_wait ${loopWait} s is lowered to ${lowered} s: loop_wait + 2 * retry_timeout (${retryTimeout} s) ` +
        `must not exceed ttl ${ttl} s.`,
    );
    return { ttl, loopWait: lowered, retryTimeout, adjusted };
  }
  return { ttl, loopWait, retryTimeout, adjusted };
}

function raise(name: string, value: number, floor: number, adjusted: string[]): number {
  if (value >= floor) return value;
  adjusted.push(`${name} ${value} s is raised to Patroni's floor of ${floor} s.`);
  return floor;
}
