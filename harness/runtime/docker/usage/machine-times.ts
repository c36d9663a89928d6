import type { MachineReading } from "../../../model/resource.ts";

/** What all cores together have spent their time with since the machine was started, in the kernel's own unit. */
export interface MachineTimes {
  readonly cores: number;
  readonly busy: number;
  readonly idle: number;
  readonly ioWait: number;
  readonly stolen: number;
}

/** Of /proc/stat. Time that guests had is in `user` already. */
export function parseMachineTimes(text: string): MachineTimes | null {
  const all = /^cpu\s+(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/).map(Number);
  const cores = text.match(/^cpu\d+ /gm)?.length ?? 0;
  if (all === undefined || cores === 0) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, stolen = 0] = all;
  return { cores, busy: user + nice + system + irq + softIrq, idle, ioWait, stolen };
}

/** What the machine did between two looks; null when no time has passed. */
export function machineBetween(before: MachineTimes, now: MachineTimes): MachineReading | null {
  const since = (of: (times: MachineTimes) => number): number => Math.max(0, of(now) - of(before));
  const busy = since((times) => times.busy);
  const ioWait = since((times) => times.ioWait);
  const stolen = since((times) => times.stolen);
  const all = busy + ioWait + stolen + since((times) => times.idle);
  if (all === 0) return null;
  const inCores = (part: number): number => Math.round((part / all) * now.cores * 1000) / 1000;
  return {
    kind: "machine",
    cores: now.cores,
    busyCores: inCores(busy),
    ioWaitCores: inCores(ioWait),
    stolenCores: inCores(stolen),
  };
}
