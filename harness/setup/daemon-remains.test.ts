import { describe, expect, it } from "vitest";
import { daemonPlace, findRemains } from "./daemon-remains.ts";
import { fakeMachine } from "./machine.fake.ts";
import type { ProcessEntry } from "./machine.ts";

const place = { pidFile: "/var/run/docker.pid", execRoot: "/var/run/docker", liveRestore: false };
const containerdPidFile = "/var/run/docker/containerd/containerd.pid";

const containerd = entry(
  20,
  "containerd --config /var/run/docker/containerd/containerd.toml --log-level info",
);
const shim = entry(
  30,
  "/usr/bin/containerd-shim-runc-v2 -namespace moby -id abc -address /run/docker/containerd/containerd.sock",
);
const systemContainerd = entry(40, "/usr/bin/containerd");
const systemShim = entry(
  41,
  "/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id def -address /run/containerd/containerd.sock",
);

describe("findRemains", () => {
  it("finds nothing on a machine that never had a daemon", async () => {
    expect(await findRemains(fakeMachine(), place)).toEqual({ stalePidFiles: [], processes: [] });
  });

  it("takes nothing of a living daemon for remains", async () => {
    const machine = fakeMachine({
      files: { [place.pidFile]: "10", [containerdPidFile]: "20" },
      processes: [entry(10, "/usr/sbin/dockerd"), containerd, shim],
    });
    expect(await findRemains(machine, place)).toEqual({ stalePidFiles: [], processes: [] });
  });

  it("takes nothing for remains when a daemon lives whose pid file was lost", async () => {
    const machine = fakeMachine({ processes: [entry(10, "dockerd -H fd://"), containerd, shim] });
    expect(await findRemains(machine, place)).toEqual({ stalePidFiles: [], processes: [] });
  });

  it("finds the pid files and processes of a killed daemon, whether paths begin with /run or /var/run", async () => {
    const machine = fakeMachine({
      files: { [place.pidFile]: "10\n", [containerdPidFile]: "20" },
      processes: [entry(1, "init"), shim],
    });
    expect(await findRemains(machine, place)).toEqual({
      stalePidFiles: [place.pidFile, containerdPidFile],
      processes: [shim],
    });
  });

  it("keeps the pid file of a containerd that outlived its daemon: the next daemon adopts it", async () => {
    const machine = fakeMachine({
      files: { [place.pidFile]: "10", [containerdPidFile]: "20" },
      processes: [containerd, shim],
    });
    expect((await findRemains(machine, place)).stalePidFiles).toEqual([place.pidFile]);
  });

  it("takes a pid that another program or a zombie has by now for stale", async () => {
    const machine = fakeMachine({
      files: { [place.pidFile]: "10", [containerdPidFile]: "20" },
      processes: [entry(10, "/usr/bin/vim notes"), { pid: 20, command: [] }],
    });
    expect((await findRemains(machine, place)).stalePidFiles).toEqual([place.pidFile, containerdPidFile]);
  });

  it("leaves other daemons' processes alone: a second dockerd's, a system containerd's and Kubernetes' shims", async () => {
    const second = entry(50, "dockerd --pidfile /tmp/second/docker.pid --exec-root=/tmp/second/exec");
    const secondShim = entry(
      51,
      "containerd-shim-runc-v2 -address /tmp/second/exec/containerd/containerd.sock",
    );
    const machine = fakeMachine({
      files: { [place.pidFile]: "10" },
      processes: [systemContainerd, systemShim, second, secondShim],
    });
    expect(await findRemains(machine, place)).toEqual({ stalePidFiles: [place.pidFile], processes: [] });
  });

  it("spares the containers of a daemon that lets them outlive it on purpose", async () => {
    const machine = fakeMachine({
      files: { [place.pidFile]: "10", "/etc/docker/daemon.json": '{"live-restore": true}' },
      processes: [shim],
    });
    const remains = await findRemains(machine, await daemonPlace(machine));
    expect(remains).toEqual({ stalePidFiles: [place.pidFile], processes: [] });
  });
});

describe("daemonPlace", () => {
  it("follows daemon.json, and Docker's defaults where that says nothing or cannot be read", async () => {
    const moved = fakeMachine({
      files: { "/etc/docker/daemon.json": '{"pidfile": "/data/d.pid", "exec-root": "/data/exec"}' },
    });
    expect(await daemonPlace(moved)).toEqual({
      pidFile: "/data/d.pid",
      execRoot: "/data/exec",
      liveRestore: false,
    });
    expect(await daemonPlace(fakeMachine())).toEqual(place);
    expect(await daemonPlace(fakeMachine({ files: { "/etc/docker/daemon.json": "{" } }))).toEqual(place);
  });
});

function entry(pid: number, command: string): ProcessEntry {
  return { pid, command: command.split(" ") };
}
