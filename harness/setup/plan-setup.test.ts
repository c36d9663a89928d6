import { describe, expect, it } from "vitest";
import { lookAtMachine } from "./machine-facts.ts";
import { fakeMachine } from "./machine.fake.ts";
import { describeStep, needsRoot, planSetup, stepByHand, type SetupStep } from "./plan-setup.ts";

const engine = ["dockerd", "iptables", "mmdebstrap"];
const dpgBase = ["dpg-bench/base:trixie"];
const systemd = { "/run/systemd/system": "" };
const service = { "/proc/1/comm": "init\n" };
const ubuntu = { "/etc/os-release": 'ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04"\n' };
const trixie = { "/etc/os-release": 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian 13"\n' };
const fedora = { "/etc/os-release": 'ID=fedora\nPRETTY_NAME="Fedora Linux 42"\n' };

/** Machines, and the steps to make them ready, each in a few words. */
const TABLE: readonly (readonly [string, Parameters<typeof fakeMachine>[0], readonly string[]])[] = [
  ["an empty Debian without init", {}, ["install docker.io iptables mmdebstrap", "start none", "images"]],
  [
    "an empty Debian with systemd",
    { files: systemd },
    ["install docker.io iptables mmdebstrap", "start systemd", "images"],
  ],
  [
    "an Ubuntu with a service-style init",
    { files: { ...ubuntu, ...service } },
    ["install docker.io iptables mmdebstrap", "start service", "images"],
  ],
  [
    "a Docker CLI without an engine",
    { programs: ["docker", "iptables"] },
    ["install docker.io mmdebstrap", "start none", "images"],
  ],
  [
    "an engine that was installed and not started",
    { programs: engine, engine: "docker-not-running" },
    ["start none", "images"],
  ],
  ["an engine that answers, with a base", { programs: ["dockerd"], engine: dpgBase }, ["images"]],
  ["an engine that answers, without a base", { engine: [] }, ["install mmdebstrap", "images"]],
  [
    "an engine elsewhere, with the base",
    { engine: ["debian:trixie-slim"], environment: { DOCKER_HOST: "tcp://192.0.2.1:2375" } },
    ["images"],
  ],
  [
    "a daemon that was killed",
    { programs: engine, engine: "docker-not-running", files: { "/var/run/docker.pid": "77" } },
    ["remove /var/run/docker.pid", "start none", "images"],
  ],
  [
    "a kernel with AppArmor but without its parser",
    { programs: engine, files: { ...systemd, "/sys/module/apparmor/parameters/enabled": "Y\n" } },
    ["install apparmor", "start systemd", "images"],
  ],
  [
    "an empty Debian 13, where the docker command is a package of its own",
    { files: trixie },
    ["install docker.io docker-cli iptables mmdebstrap", "start none", "images"],
  ],
  ["a Fedora whose engine answers", { files: fedora, engine: [] }, ["images"]],
  ["a machine with Go", { programs: ["dockerd", "go"], engine: dpgBase }, ["k6", "images"]],
];

describe("planSetup", () => {
  it.each(TABLE)("%s", async (_machine, parts, steps) => {
    const facts = await lookAtMachine(fakeMachine(parts));
    expect(planSetup(facts, { development: false, base: undefined }).map(inShort)).toEqual(steps);
  });

  it("installs and mounts control groups where there are none and no init cares for them", async () => {
    const machine = fakeMachine({ programs: engine });
    const facts = await lookAtMachine({
      ...machine,
      exists: async (file) => !file.startsWith("/sys/fs/cgroup") && (await machine.exists(file)),
    });
    const steps = planSetup(facts, { development: false, base: undefined });
    expect(steps.map(inShort)).toEqual(["install cgroupfs-mount", "cgroups", "start none", "images"]);
  });

  it("adds a browser, a registry and psql for development only", async () => {
    const facts = await lookAtMachine(fakeMachine({ programs: engine, engine: dpgBase }));
    const steps = planSetup(facts, { development: true, base: undefined });
    expect(steps.map(inShort)).toEqual(["install chromium docker-registry postgresql-client", "images"]);
  });

  it("needs no mmdebstrap for a base of the user's own", async () => {
    const facts = await lookAtMachine(fakeMachine({ engine: [] }));
    expect(planSetup(facts, { development: false, base: "citus:17" }).map(inShort)).toEqual(["images"]);
  });

  it("gives exact instructions on systems where it does not install packages", async () => {
    const facts = await lookAtMachine(fakeMachine({ files: fedora }));
    expect(() => planSetup(facts, { development: false, base: undefined })).toThrow(
      expect.objectContaining({
        code: "cannot-install",
        exitCode: 69,
        message: expect.stringContaining("Fedora Linux 42") as string,
        hint: expect.stringContaining("dnf install") as string,
      }) as Error,
    );
  });

  it("leaves an engine that DOCKER_HOST names to its owner", async () => {
    const facts = await lookAtMachine(
      fakeMachine({ engine: "docker-not-running", environment: { DOCKER_HOST: "tcp://192.0.2.1:2375" } }),
    );
    expect(() => planSetup(facts, { development: false, base: undefined })).toThrow(
      expect.objectContaining({
        exitCode: 69,
        hint: expect.stringContaining("DOCKER_HOST is tcp://192.0.2.1:2375") as string,
      }) as Error,
    );
  });

  it.each(["docker-no-rights", "docker-silent"] as const)(
    "does not start a second engine beside %s",
    async (state) => {
      const facts = await lookAtMachine(fakeMachine({ programs: engine, engine: state, userId: 1000 }));
      expect(() => planSetup(facts, { development: false, base: undefined })).toThrow(
        expect.objectContaining({ code: state, exitCode: 69 }) as Error,
      );
    },
  );

  it("begins with k6, which is built beside the rest and needs no root", async () => {
    const facts = await lookAtMachine(fakeMachine({ programs: ["go"] }));
    const [first, ...others] = planSetup(facts, { development: false, base: undefined });
    expect(first && describeStep(first)).toBe(
      "build k6 with Go, while the rest goes on: only `--engine k6` needs it (kept where it is up to date)",
    );
    expect(first && [needsRoot(first), stepByHand(first)]).toEqual([false, null]);
    expect(others.map(inShort)).toEqual(["install docker.io iptables mmdebstrap", "start none", "images"]);
  });

  it("gives a reason for every step, and a command for each that needs root", async () => {
    const facts = await lookAtMachine(fakeMachine({ files: { "/var/run/docker.pid": "77" } }));
    const steps = planSetup(facts, { development: true, base: undefined });
    expect(steps.map(describeStep)).toEqual([
      "install Debian packages docker.io, iptables, mmdebstrap, chromium, docker-registry, postgresql-client: no Docker Engine is installed; " +
        "the engine sets its networks up with iptables; it makes the base image when no registry answers; " +
        "tests open reports in it; tests pull the base image from it; tests paste the lines of `up` into it",
      "remove /var/run/docker.pid: a Docker daemon was killed here and would keep the next one from starting",
      "start Docker Engine as a process in a session of its own (there is no init): no Docker Engine is running",
      "build images: runs need the node and the agent image (what is there and up to date is kept)",
    ]);
    expect(steps.filter(needsRoot).map(stepByHand)).toEqual([
      "apt-get update; apt-get install --no-install-recommends docker.io iptables mmdebstrap chromium docker-registry postgresql-client",
      "rm -f /var/run/docker.pid",
      "setsid dockerd > /var/log/dockerd.log 2>&1 < /dev/null &",
    ]);
  });
});

function inShort(step: SetupStep): string {
  switch (step.kind) {
    case "install-packages":
      return `install ${step.packages.join(" ")}`;
    case "mount-cgroups":
      return "cgroups";
    case "remove-stale-files":
      return `remove ${step.files.join(" ")}`;
    case "start-engine":
      return `start ${step.how}`;
    case "build-k6":
      return "k6";
    case "build-images":
      return "images";
  }
}
