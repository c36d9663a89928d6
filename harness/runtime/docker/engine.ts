import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import Dockerode from "dockerode";
import { MachineError } from "../../model/errors.ts";
import { within } from "../../support/within.ts";

/** Where the engine may be looked for: injected, so that tests need neither the real machine nor its environment. */
export interface EngineSearch {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly exists: (file: string) => boolean;
  readonly home: string;
  /** Bound on the engine's first answer. */
  readonly budgetMs: number;
}

/**
 * A client of the engine that DOCKER_HOST names, else of the first local socket there is, after it has answered
 * once. Raises a MachineError `docker-missing`, `docker-no-rights`, `docker-not-running` or `docker-silent`.
 */
export async function connectEngine(search: EngineSearch = thisMachine()): Promise<Dockerode> {
  const named = search.environment.DOCKER_HOST ?? "";
  const sockets = named === "" ? socketCandidates(search) : [];
  const socket = sockets.find((candidate) => search.exists(candidate));
  if (named === "" && socket === undefined) throw missingEngine(sockets);
  const address = named === "" ? `unix://${socket ?? ""}` : named;
  // dockerode reads DOCKER_HOST, DOCKER_CERT_PATH and DOCKER_TLS_VERIFY itself when no option is given.
  const engine = address.startsWith("unix://")
    ? new Dockerode({ socketPath: address.slice("unix://".length) })
    : new Dockerode();
  try {
    await answered(engine, search.budgetMs);
  } catch (error) {
    throw unreachableEngine(error, address, search.budgetMs);
  }
  return engine;
}

/** What the process itself sees. */
function thisMachine(): EngineSearch {
  return { environment: process.env, exists: existsSync, home: homedir(), budgetMs: 10_000 };
}

/** The system-wide engine first, then a rootless one, then Docker Desktop's. */
function socketCandidates({ environment, home }: EngineSearch): string[] {
  const runtime = environment.XDG_RUNTIME_DIR;
  return [
    "/var/run/docker.sock",
    ...(runtime === undefined ? [] : [path.join(runtime, "docker.sock")]),
    path.join(home, ".docker/run/docker.sock"),
    path.join(home, ".docker/desktop/docker.sock"),
  ];
}

/** The client has no time-out of its own that would not also end builds and streams of events. */
async function answered(engine: Dockerode, budgetMs: number): Promise<void> {
  await within({ ms: budgetMs }, engine.ping(), () => {
    throw Object.assign(new Error("no answer"), { code: "ETIMEDOUT" });
  });
}

function missingEngine(sockets: readonly string[]): MachineError {
  return new MachineError({
    code: "docker-missing",
    message: `Expected a Docker Engine, found none: DOCKER_HOST is not set and there is no socket at ${sockets.join(", ")}.`,
    hint: "Install or start it with `npx dpg-bench setup`, or point DOCKER_HOST at an engine that runs.",
  });
}

function unreachableEngine(cause: unknown, address: string, budgetMs: number): MachineError {
  const code = errorCode(cause);
  if (code === "EACCES" || code === "EPERM") {
    return new MachineError({
      code: "docker-no-rights",
      message: `Expected to be let in by the Docker Engine at ${address}, found no rights to its socket.`,
      hint:
        "Add yourself to its group (`sudo usermod --append --groups docker $USER`, then log in again), " +
        "or run as root, or use a rootless engine through DOCKER_HOST.",
      cause,
    });
  }
  if (code === "ETIMEDOUT") {
    return new MachineError({
      code: "docker-silent",
      message: `Expected the Docker Engine at ${address} to answer within ${budgetMs / 1000} s, found silence.`,
      hint: "Look at its log (`journalctl -u docker`, or /var/log/dockerd.log) and restart it.",
      cause,
    });
  }
  return new MachineError({
    code: "docker-not-running",
    message: `Expected a Docker Engine at ${address}, found none running (${String(cause)}).`,
    hint: "Start it with `npx dpg-bench setup`, or set DOCKER_HOST to an engine that runs.",
    cause,
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
