import { MachineError } from "../model/errors.ts";
import type { EngineState, Machine, ProcessEntry } from "./machine.ts";

interface FakeParts {
  readonly platform?: NodeJS.Platform;
  readonly userId?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly programs?: readonly string[];
  readonly processes?: readonly ProcessEntry[];
  /** The names of its images when it answers. */
  readonly engine?: readonly string[] | Exclude<EngineState["state"], "answers">;
}

/** A machine made of literals: by default root on an empty Debian with certificates and cgroups, without Docker. */
export function fakeMachine(parts: FakeParts = {}): Machine {
  const files: Readonly<Record<string, string>> = { ...DEBIAN, ...parts.files };
  return {
    platform: parts.platform ?? "linux",
    kernel: "6.12.0",
    userId: parts.userId ?? 0,
    environment: parts.environment ?? {},
    readText: (file) => Promise.resolve(files[file] ?? null),
    exists: (file) => Promise.resolve(file in files),
    findProgram: (name) => Promise.resolve((parts.programs ?? []).includes(name) ? `/usr/bin/${name}` : null),
    processes: () => Promise.resolve(parts.processes ?? []),
    engine: () => Promise.resolve(engineState(parts.engine ?? "docker-missing")),
  };
}

const DEBIAN: Readonly<Record<string, string>> = {
  "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  "/etc/ssl/certs/ca-certificates.crt": "-----BEGIN CERTIFICATE-----\n",
  "/usr/share/keyrings/debian-archive-keyring.gpg": "",
  "/sys/fs/cgroup/cgroup.controllers": "cpu memory\n",
};

function engineState(engine: NonNullable<FakeParts["engine"]>): EngineState {
  if (typeof engine !== "string") return { state: "answers", images: engine };
  return { state: engine, problem: new MachineError({ code: engine, message: engine, hint: "the way out" }) };
}
