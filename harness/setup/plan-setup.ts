import { MachineError } from "../model/errors.ts";
import type { Init, MachineFacts, Need } from "./machine-facts.ts";

/** One step of a set-up, with the reason that the user is shown. Steps that need root say so. */
export type SetupStep =
  | { readonly kind: "install-packages"; readonly packages: readonly string[]; readonly reason: string }
  | { readonly kind: "mount-cgroups"; readonly reason: string }
  | { readonly kind: "remove-stale-files"; readonly files: readonly string[]; readonly reason: string }
  | { readonly kind: "start-engine"; readonly how: Init; readonly reason: string }
  /** Goes on beside those after it. */
  | { readonly kind: "build-k6"; readonly reason: string }
  | { readonly kind: "build-images"; readonly reason: string };

/** What the user asked for. */
export interface SetupWishes {
  /** Also what only dpg-bench's own tests need. */
  readonly development: boolean;
  /** A base image of the user's own; undefined for Debian's. */
  readonly base: string | undefined;
}

/**
 * From what a machine is to what has to be done on it, in order. Raises a MachineError with exact instructions
 * where set-up cannot do it: another system than Debian or Ubuntu, an engine elsewhere, missing rights.
 */
export function planSetup(facts: MachineFacts, wishes: SetupWishes): readonly SetupStep[] {
  refuseWhatIsNotOurs(facts);
  const packages = missingPackages(facts, wishes);
  if (packages.length > 0 && !isDebian(facts)) throw installByHand(facts, packages);
  const starts = facts.engine.state !== "answers";
  return [
    ...(facts.go
      ? [{ kind: "build-k6" as const, reason: "only `--engine k6` needs it (kept where it is up to date)" }]
      : []),
    ...(packages.length === 0 ? [] : [installStep(packages)]),
    ...(starts && !facts.has.cgroups && facts.init === "none"
      ? [
          {
            kind: "mount-cgroups" as const,
            reason: "no control groups are mounted, and Docker Engine needs them",
          },
        ]
      : []),
    ...(starts && facts.remains.stalePidFiles.length > 0
      ? [
          {
            kind: "remove-stale-files" as const,
            files: facts.remains.stalePidFiles,
            reason: `a Docker daemon was killed here and would keep the next one from starting${remainsNote(facts)}`,
          },
        ]
      : []),
    ...(starts
      ? [{ kind: "start-engine" as const, how: facts.init, reason: "no Docker Engine is running" }]
      : []),
    {
      kind: "build-images",
      reason: "runs need the node and the agent image (what is there and up to date is kept)",
    },
  ];
}

/** Whether a step changes the system and so needs root and the user's consent. */
export function needsRoot(step: SetupStep): boolean {
  return step.kind !== "build-images" && step.kind !== "build-k6";
}

/** One line for the user. */
export function describeStep(step: SetupStep): string {
  switch (step.kind) {
    case "install-packages":
      return `install Debian packages ${step.packages.join(", ")}: ${step.reason}`;
    case "mount-cgroups":
      return `mount control groups: ${step.reason}`;
    case "remove-stale-files":
      return `remove ${step.files.join(", ")}: ${step.reason}`;
    case "start-engine":
      return `start Docker Engine ${STARTING[step.how]}: ${step.reason}`;
    case "build-k6":
      return `build k6 with Go, while the rest goes on: ${step.reason}`;
    case "build-images":
      return `build images: ${step.reason}`;
  }
}

/** The step as commands for a root shell, for those who rather do it by hand. */
export function stepByHand(step: SetupStep): string | null {
  switch (step.kind) {
    case "install-packages":
      return `apt-get update; apt-get install --no-install-recommends ${step.packages.join(" ")}`;
    case "mount-cgroups":
      return "cgroupfs-mount";
    case "remove-stale-files":
      return `rm -f ${step.files.join(" ")}`;
    case "start-engine":
      return START_COMMANDS[step.how];
    case "build-k6":
    case "build-images":
      return null;
  }
}

const STARTING: Readonly<Record<Init, string>> = {
  systemd: "with systemd",
  service: "with `service docker start`",
  none: "as a process in a session of its own (there is no init)",
};

const START_COMMANDS: Readonly<Record<Init, string>> = {
  systemd: "systemctl start docker",
  service: "service docker start",
  none: "setsid dockerd > /var/log/dockerd.log 2>&1 < /dev/null &",
};

function refuseWhatIsNotOurs(facts: MachineFacts): void {
  const { engine } = facts;
  if (engine.state === "answers") return;
  // A socket without an owner's answer, or of someone else, is not mended by starting a second engine.
  if (engine.state === "docker-no-rights" || engine.state === "docker-silent") throw engine.problem;
  if (facts.dockerHost !== null) {
    throw new MachineError({
      code: engine.state,
      message: engine.problem.message,
      hint: `DOCKER_HOST is ${facts.dockerHost}: start that engine, or unset DOCKER_HOST to use this machine's own.`,
    });
  }
}

function isDebian(facts: MachineFacts): boolean {
  return facts.distribution.includes("debian") || facts.distribution.includes("ubuntu");
}

function missingPackages(facts: MachineFacts, wishes: SetupWishes): readonly string[] {
  const answers = facts.engine.state === "answers";
  const engineNeeds: readonly Need[] = answers
    ? []
    : [
        "dockerd",
        ...(facts.separateCli ? ["dockerCli" as const] : []),
        "iptables",
        "certificates",
        "appArmorParser",
        ...(facts.init === "none" ? ["cgroups" as const] : []),
      ];
  const needs: readonly Need[] = [
    ...engineNeeds,
    // Only Debian and its like can bootstrap; elsewhere the base image has to be pulled.
    ...(wishes.base === undefined && isDebian(facts) && !baseIsThere(facts)
      ? (["mmdebstrap", "debianKeys"] as const)
      : []),
    ...(wishes.development && isDebian(facts)
      ? (["mmdebstrap", "chromium", "dockerRegistry", "psql"] as const)
      : []),
  ];
  return [...new Set(needs.filter((need) => !facts.has[need]).map((need) => PACKAGES[need]))];
}

const PACKAGES: Readonly<Record<Need, string>> = {
  dockerd: "docker.io",
  dockerCli: "docker-cli",
  iptables: "iptables",
  mmdebstrap: "mmdebstrap",
  certificates: "ca-certificates",
  debianKeys: "debian-archive-keyring",
  appArmorParser: "apparmor",
  cgroups: "cgroupfs-mount",
  chromium: "chromium",
  dockerRegistry: "docker-registry",
  psql: "postgresql-client",
};

/** An image that Debian's base can be taken from without a registry and without bootstrapping. */
function baseIsThere(facts: MachineFacts): boolean {
  return (
    facts.engine.state === "answers" &&
    facts.engine.images.some((name) => name === "debian:trixie-slim" || name === "dpg-bench/base:trixie")
  );
}

function installStep(packages: readonly string[]): SetupStep {
  const reasons = [
    packages.includes("docker.io") ? "no Docker Engine is installed" : null,
    packages.includes("docker-cli") ? "the lines to paste of `up` use the docker command" : null,
    packages.includes("iptables") ? "the engine sets its networks up with iptables" : null,
    packages.includes("ca-certificates") ? "the engine needs certificates to pull images" : null,
    packages.includes("apparmor") ? "the kernel enforces AppArmor, and the engine loads a profile" : null,
    packages.includes("cgroupfs-mount") ? "no control groups are mounted" : null,
    packages.includes("mmdebstrap") ? "it makes the base image when no registry answers" : null,
    packages.includes("debian-archive-keyring") ? "it verifies what the Debian mirror sends" : null,
    packages.includes("chromium") ? "tests open reports in it" : null,
    packages.includes("docker-registry") ? "tests pull the base image from it" : null,
    packages.includes("postgresql-client") ? "tests paste the lines of `up` into it" : null,
  ];
  return {
    kind: "install-packages",
    packages,
    reason: reasons.filter((reason) => reason !== null).join("; "),
  };
}

function remainsNote(facts: MachineFacts): string {
  const count = facts.remains.processes.length;
  return count === 0 ? "" : ` (${count} of its processes still run: the next one ends them in order)`;
}

function installByHand(facts: MachineFacts, packages: readonly string[]): MachineError {
  const engine =
    facts.platform === "linux"
      ? "Install Docker Engine 20.10 or newer and iptables with the system's package manager, and start it\n" +
        "(Fedora: `sudo dnf install moby-engine iptables && sudo systemctl enable --now docker`;\n" +
        "Arch: `sudo pacman -S docker iptables && sudo systemctl enable --now docker`;\n" +
        "Alpine: `apk add docker iptables && rc-service docker start`)."
      : "Install Docker Desktop, Colima or OrbStack and start it.";
  return new MachineError({
    code: "cannot-install",
    message: `Expected ${packages.join(", ")}, found ${facts.distributionName}, where set-up does not install packages.`,
    hint: `${engine}\nThen run \`npx dpg-bench setup\` again; it makes the images.`,
  });
}
