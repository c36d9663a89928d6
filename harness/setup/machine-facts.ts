import { daemonPlace, findRemains, type DaemonPlace, type DaemonRemains } from "./daemon-remains.ts";
import type { EngineState, Machine } from "./machine.ts";

/** How services are started here; `none` is a machine without an init, such as a container or a small VM. */
export type Init = "systemd" | "service" | "none";

/** All that the plan of a set-up depends on. */
export interface MachineFacts {
  readonly platform: NodeJS.Platform;
  /** ID and ID_LIKE of /etc/os-release. */
  readonly distribution: readonly string[];
  readonly distributionName: string;
  /** Since version 13, Debian's docker.io leaves the docker command to a package of its own. */
  readonly separateCli: boolean;
  readonly root: boolean;
  readonly init: Init;
  readonly engine: EngineState;
  /** DOCKER_HOST, when it is set: that engine is not ours to install, start or mend. */
  readonly dockerHost: string | null;
  /** Which of the programs and files that packages would bring are there. */
  readonly has: Readonly<Record<Need, boolean>>;
  /** Whether Go is there, which builds k6. */
  readonly go: boolean;
  readonly place: DaemonPlace;
  readonly remains: DaemonRemains;
}

/** Things that Debian packages bring. */
export type Need =
  | "dockerd"
  | "dockerCli"
  | "iptables"
  | "mmdebstrap"
  | "certificates"
  | "debianKeys"
  | "appArmorParser"
  | "cgroups"
  | "chromium"
  | "dockerRegistry"
  | "psql";

/** Looks at everything once; changes nothing. */
export async function lookAtMachine(machine: Machine): Promise<MachineFacts> {
  const release = parseOsRelease((await machine.readText("/etc/os-release")) ?? "");
  const place = await daemonPlace(machine);
  return {
    platform: machine.platform,
    distribution: [release.ID ?? "", ...(release.ID_LIKE ?? "").split(" ")].filter((id) => id !== ""),
    separateCli: release.ID === "debian" && Number(release.VERSION_ID ?? "0") >= 13,
    distributionName: release.PRETTY_NAME ?? machine.platform,
    root: machine.userId === 0,
    init: await findInit(machine),
    engine: await machine.engine(),
    dockerHost: machine.environment.DOCKER_HOST === "" ? null : (machine.environment.DOCKER_HOST ?? null),
    has: await findNeeds(machine),
    go: (await machine.findProgram("go")) !== null,
    place,
    remains: await findRemains(machine, place),
  };
}

async function findNeeds(machine: Machine): Promise<MachineFacts["has"]> {
  const program = async (...names: string[]) =>
    (await Promise.all(names.map((name) => machine.findProgram(name)))).some((found) => found !== null);
  return {
    dockerd: await program("dockerd"),
    dockerCli: await program("docker"),
    iptables: await program("iptables"),
    mmdebstrap: await program("mmdebstrap"),
    certificates: await machine.exists("/etc/ssl/certs/ca-certificates.crt"),
    debianKeys: await machine.exists("/usr/share/keyrings/debian-archive-keyring.gpg"),
    // Where the kernel enforces AppArmor, the engine loads a profile with this program before it starts a container.
    appArmorParser:
      (await machine.readText("/sys/module/apparmor/parameters/enabled"))?.trim() !== "Y" ||
      (await program("apparmor_parser")),
    cgroups:
      (await machine.exists("/sys/fs/cgroup/cgroup.controllers")) ||
      (await machine.exists("/sys/fs/cgroup/devices")),
    chromium: await program("chromium", "chromium-browser", "google-chrome"),
    dockerRegistry: await program("docker-registry"),
    psql: await program("psql"),
  };
}

async function findInit(machine: Machine): Promise<Init> {
  if (await machine.exists("/run/systemd/system")) return "systemd";
  const first = (await machine.readText("/proc/1/comm"))?.trim();
  return first === "init" ? "service" : "none";
}

function parseOsRelease(text: string): Readonly<Record<string, string | undefined>> {
  const pairs = text
    .split("\n")
    .map((line) => /^(\w+)=(.*)$/.exec(line))
    .map((match) => [match?.[1] ?? "", (match?.[2] ?? "").replace(/^["']|["']$/g, "")] as const);
  return Object.fromEntries(pairs);
}
