import { NEEDED_BYTES } from "./disk-space.ts";
import { K6_MEND } from "./k6-build.ts";
import type { KernelAbilities } from "./kernel-abilities.ts";
import { formatBytes } from "../model/format-value.ts";

/** One thing that was looked at. `limited`: a run starts, but something will not be possible or comparable. */
export interface Finding {
  readonly what: string;
  readonly state: "ok" | "limited" | "missing";
  readonly found: string;
  /** How to get what is missing; null where nothing is. */
  readonly mend: string | null;
}

export interface Diagnosis {
  /** Nothing is missing: a run could start. */
  readonly ready: boolean;
  readonly findings: readonly Finding[];
}

interface Problem {
  readonly problem: string;
  readonly mend: string;
}

/** What was seen of a machine, before anything is made of it. */
export interface Observations {
  readonly nodeVersion: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly engine:
    | Problem
    | {
        readonly version: string;
        readonly storageDriver: string;
        readonly cgroupVersion: string;
        readonly root: string;
        /** null where the engine's folder is not on this machine. */
        readonly freeBytes: number | null;
      };
  readonly images: Problem | { readonly node: string | null; readonly agent: string | null } | null;
  /** The k6 of the engine of that name: built, to be built by Go, or neither. */
  readonly k6: "built" | "not-built" | "no-go";
  /** null where it could not be tried: no engine, or no node image yet. */
  readonly kernel: KernelAbilities | null;
  readonly clusters: readonly {
    readonly id: string;
    readonly mode: string;
    readonly owner: string;
    readonly containers: readonly unknown[];
  }[];
}

/** The oldest Node.js that package.json allows. */
const LEAST_NODE = [20, 19] as const;

/** The oldest engine that is tried by the tests. */
const LEAST_ENGINE = [20, 10] as const;

/** Topology `production`: 20 containers use about 1.3 GiB; PostgreSQL's shared buffers and the page cache want more. */
const PRODUCTION = { cores: 2, memoryBytes: 4 * 1024 ** 3 };

/** From what was seen to what it means: pure. */
export function judgeMachine(seen: Observations): Diagnosis {
  const findings = [
    judgeNode(seen.nodeVersion),
    ...judgeEngine(seen.engine),
    ...judgeImages(seen.images),
    judgeK6(seen.k6),
    ...judgeKernel(seen.kernel),
    ...judgeSize(seen),
    ...judgeLeftovers(seen.clusters),
  ];
  return { ready: findings.every((finding) => finding.state !== "missing"), findings };
}

function judgeNode(version: string): Finding {
  return atLeast(version, LEAST_NODE)
    ? ok("Node.js", version)
    : missing("Node.js", version, `Install Node.js ${LEAST_NODE.join(".")} or newer.`);
}

function judgeEngine(engine: Observations["engine"]): Finding[] {
  if ("problem" in engine) return [missing("Docker Engine", engine.problem, engine.mend)];
  const { version, storageDriver, cgroupVersion, root, freeBytes } = engine;
  return [
    atLeast(version, LEAST_ENGINE)
      ? ok("Docker Engine", version)
      : missing("Docker Engine", version, `Install Docker Engine ${LEAST_ENGINE.join(".")} or newer.`),
    storageDriver === "vfs"
      ? limited(
          "storage driver",
          "vfs: it copies every layer",
          "Use overlay2; with vfs starts are slow and disks fill up.",
        )
      : ok("storage driver", storageDriver),
    ok("cgroup version", cgroupVersion),
    freeBytes === null
      ? ok("free disk", `${root} is not on this machine`)
      : freeBytes < NEEDED_BYTES
        ? missing(
            "free disk",
            `${formatBytes(freeBytes)} in ${root}, ${formatBytes(NEEDED_BYTES)} needed`,
            "Free some: `docker system df` tells who uses it, `docker system prune` removes what nothing uses.",
          )
        : ok("free disk", `${formatBytes(freeBytes)} in ${root}`),
  ];
}

function judgeImages(images: Observations["images"]): Finding[] {
  if (images === null) return [];
  if ("problem" in images) return [missing("images", images.problem, images.mend)];
  return (["node", "agent"] as const).map((kind) => {
    const name = images[kind];
    return name === null
      ? limited(
          `${kind} image`,
          "not here, or outdated",
          "`npx dpg-bench setup` builds it now; a run builds it by itself.",
        )
      : ok(`${kind} image`, name);
  });
}

function judgeK6(k6: Observations["k6"]): Finding {
  switch (k6) {
    case "built":
      return ok("k6", "built, with dpg-bench's extension");
    case "not-built":
      return limited("k6", "not built yet", "`npx dpg-bench setup` builds it; only `--engine k6` needs it.");
    case "no-go":
      return limited("k6", "not built, and no Go here to build it", K6_MEND);
  }
}

function judgeKernel(kernel: KernelAbilities | null): Finding[] {
  if (kernel === null) {
    return [limited("kernel", "not tried: that needs the node image", "Run `npx dpg-bench setup` first.")];
  }
  return [
    kernel.iptables
      ? ok("iptables in containers", "packets can be dropped")
      : missing(
          "iptables in containers",
          "the kernel refuses it",
          "Load the module (`modprobe ip_tables nf_tables`); the fault isolate-node needs it.",
        ),
    kernel.packetQueues
      ? ok("packet queues", "packets can be delayed")
      : limited(
          "packet queues",
          "not in this kernel",
          "`modprobe -a nfnetlink_queue xt_NFQUEUE` loads them where they are; the faults slow-network-... need them.",
        ),
    kernel.netem
      ? ok("netem", "packets can be delayed and lost")
      : limited(
          "netem",
          "not in this kernel",
          "Nothing needs it yet; where it is, `modprobe sch_netem` loads it.",
        ),
    kernel.tbf
      ? ok("tbf", "bandwidth can be limited")
      : limited(
          "tbf",
          "not in this kernel",
          "Nothing needs it yet; where it is, `modprobe sch_tbf` loads it.",
        ),
    kernel.cpuLimits === true
      ? ok("CPU limits", "they take effect")
      : limited(
          "CPU limits",
          kernel.cpuLimits === null ? "could not be told" : "they take no effect",
          "Nothing needs them yet; they come with the cpu controller of cgroups.",
        ),
  ];
}

function judgeSize(seen: Observations): Finding[] {
  const size = `${seen.cores} cores, ${formatBytes(seen.memoryBytes)} of memory (${formatBytes(seen.freeMemoryBytes)} free)`;
  return seen.cores >= PRODUCTION.cores && seen.memoryBytes >= PRODUCTION.memoryBytes
    ? [ok("size", `${size}: enough for topology production`)]
    : [
        limited(
          "size",
          `${size}: topology production wants ${PRODUCTION.cores} cores and ${formatBytes(PRODUCTION.memoryBytes)}`,
          "Use a larger machine, or a smaller topology (`--topology high-availability`).",
        ),
      ];
}

function judgeLeftovers(clusters: Observations["clusters"]): Finding[] {
  const orphans = clusters.filter(({ mode, owner }) => mode === "run" && owner !== "alive");
  if (orphans.length === 0) return [ok("leftovers", "none")];
  const containers = orphans.reduce((sum, cluster) => sum + cluster.containers.length, 0);
  return [
    limited(
      "leftovers",
      `${orphans.length} clusters of runs that ended without cleaning up, ${containers} containers`,
      "`npx dpg-bench clean` removes them; so does the next run.",
    ),
  ];
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

function ok(what: string, found: string): Finding {
  return { what, state: "ok", found, mend: null };
}

function limited(what: string, found: string, mend: string): Finding {
  return { what, state: "limited", found, mend };
}

function missing(what: string, found: string, mend: string): Finding {
  return { what, state: "missing", found, mend };
}
