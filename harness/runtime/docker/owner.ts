import { readFileSync, readlinkSync } from "node:fs";
import type { OwnerState } from "../container-runtime.ts";

/**
 * The process that a cluster belongs to, so told that no other process can be taken for it: a pid comes again, but
 * not with the same start time on the same boot. Where there is no /proc, the unknown parts are "-".
 */
export interface Owner {
  readonly pid: number;
  /** Clock ticks from boot to the process's start (/proc/PID/stat, field 22). */
  readonly startTicks: string;
  readonly bootId: string;
  /** The PID namespace: a process of another one cannot be looked up by its pid. */
  readonly pidNamespace: string;
}

/** What must be asked of the machine; injected, so that tests can tell of processes that do not exist. */
export interface ProcessTable {
  /** Start ticks of a living process (null: there is none with this pid). */
  startTicks(pid: number): string | null;
  readonly bootId: string;
  readonly pidNamespace: string;
}

/** This very process. */
export function currentOwner(processes: ProcessTable = systemProcesses()): Owner {
  const { bootId, pidNamespace } = processes;
  return { pid: process.pid, startTicks: processes.startTicks(process.pid) ?? "-", bootId, pidNamespace };
}

/** Does the owner still live? */
export function ownerState(owner: Owner, processes: ProcessTable = systemProcesses()): OwnerState {
  if (owner.bootId !== processes.bootId || owner.pidNamespace !== processes.pidNamespace) return "unknown";
  return processes.startTicks(owner.pid) === owner.startTicks ? "alive" : "dead";
}

/** As a label's value: `4711:123456:BOOT-ID:4026531836`. */
export function formatOwner(owner: Owner): string {
  return [owner.pid, owner.startTicks, owner.bootId, owner.pidNamespace].join(":");
}

/** null when the text is not an owner's label. */
export function parseOwner(text: string | undefined): Owner | null {
  const [pid, startTicks, bootId, pidNamespace, ...rest] = (text ?? "").split(":");
  if (pid === undefined || startTicks === undefined || bootId === undefined || pidNamespace === undefined)
    return null;
  if (rest.length > 0 || !/^\d+$/.test(pid)) return null;
  return { pid: Number(pid), startTicks, bootId, pidNamespace };
}

function systemProcesses(): ProcessTable {
  return {
    bootId: read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pidNamespace: read(() => readlinkSync("/proc/self/ns/pid").replace(/\D/g, "")),
    startTicks: (pid) => {
      try {
        return startTicksOf(readFileSync(`/proc/${pid}/stat`, "utf8"));
      } catch {
        return process.platform === "linux" || !exists(pid) ? null : "-";
      }
    },
  };
}

/** Field 22, counted after the command name, which may hold blanks and parentheses. A zombie is not alive. */
function startTicksOf(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? null : (fields[19] ?? null);
}

function read(source: () => string): string {
  try {
    return source();
  } catch {
    return "-";
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
