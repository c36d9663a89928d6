import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import type Dockerode from "dockerode";
import { explainEngineError } from "../runtime/docker/explain-engine-error.ts";
import { withinBudget } from "../runtime/docker/within-budget.ts";
import { MachineError } from "../model/errors.ts";
import type { Progress } from "../model/progress.ts";
import { followBuild } from "./build-image.ts";

/** The base that is pulled where a registry answers. */
export const PULLED_BASE = "debian:trixie-slim";

/** The name of the base that is bootstrapped where none does. */
export const BOOTSTRAPPED_BASE = "dpg-bench/base:trixie";

/** What to base the images on, and what may take its place. */
export interface BaseNames {
  /** An image of the user's own (`--base`, DPG_BENCH_BASE), which nothing may take the place of. */
  readonly base: string | undefined;
  /** The name that a bootstrapped base gets; another one in tests. */
  readonly bootstrapAs?: string;
  /** The name that is looked for and pulled; another one in tests. */
  readonly pullAs?: string;
}

interface BaseRequest extends BaseNames {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A base image that the engine has. */
export interface BaseImage {
  readonly name: string;
  readonly id: string;
}

/** A registry that says nothing for this long does not answer; downloads that go on are given longer. */
const SILENCE_BUDGET_MS = 20_000;
const PULL_BUDGET_MS = 10 * 60_000;
const BOOTSTRAP_BUDGET_MS = 10 * 60_000;
const INSPECT_BUDGET_MS = 30_000;

/**
 * The base image: the one that is there, else pulled, else (unless the user named one) bootstrapped from the
 * Debian mirror. Raises a MachineError `base-missing` with what was tried.
 */
export async function ensureBase(engine: Dockerode, request: BaseRequest): Promise<BaseImage> {
  const present = await findBase(engine, request);
  if (present !== null) return present;
  const { wanted, bootstrapped } = namesOf(request);
  request.progress.detail(`pulling ${wanted}`);
  const refusal = await pull(engine, wanted, request);
  if (refusal === null) return { name: wanted, id: await requireId(engine, wanted) };
  if (request.base !== undefined) throw baseMissing(wanted, refusal);
  request.progress.detail("no registry answered: bootstrapping Debian from its mirror");
  await bootstrap(engine, bootstrapped, refusal, request.signal);
  return { name: bootstrapped, id: await requireId(engine, bootstrapped) };
}

/** The base image that is there already; null when it would have to be pulled or bootstrapped. */
export async function findBase(engine: Dockerode, request: BaseNames): Promise<BaseImage | null> {
  const { wanted, bootstrapped } = namesOf(request);
  for (const name of request.base === undefined ? [wanted, bootstrapped] : [wanted]) {
    const id = await imageId(engine, name);
    if (id !== null) return { name, id };
  }
  return null;
}

function namesOf(request: BaseNames): { readonly wanted: string; readonly bootstrapped: string } {
  return {
    wanted: request.base ?? request.pullAs ?? PULLED_BASE,
    bootstrapped: request.bootstrapAs ?? BOOTSTRAPPED_BASE,
  };
}

/** The id of an image that the engine has, or null. */
export async function imageId(engine: Dockerode, name: string): Promise<string | null> {
  try {
    const { Id } = await withinBudget(
      `look at image ${name}`,
      INSPECT_BUDGET_MS,
      async () => await engine.getImage(name).inspect(),
    );
    return Id;
  } catch (error) {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 404) return null;
    throw explainEngineError(`look at image ${name}`, error);
  }
}

/** null when it is there now, else the reason why not. */
async function pull(engine: Dockerode, name: string, request: BaseRequest): Promise<string | null> {
  const controller = new AbortController();
  let silence = setTimeout(() => undefined, 0);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      controller.abort(new Error(`no word from the registry for ${SILENCE_BUDGET_MS / 1000} s`));
    }, SILENCE_BUDGET_MS);
  };
  const signal = AbortSignal.any([request.signal, controller.signal, AbortSignal.timeout(PULL_BUDGET_MS)]);
  heard();
  try {
    const output = await engine.pull(name, { abortSignal: signal });
    await followBuild(output, heard, signal);
    return null;
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    const reason: unknown = signal.aborted ? signal.reason : error;
    return reason instanceof Error ? reason.message : String(reason);
  } finally {
    clearTimeout(silence);
  }
}

/** mmdebstrap writes a root file system as an archive, and the engine makes an image of it. */
async function bootstrap(engine: Dockerode, name: string, refusal: string, stop: AbortSignal): Promise<void> {
  if (!(await hasMmdebstrap())) throw baseMissing(PULLED_BASE, `${refusal}; and mmdebstrap is not installed`);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(BOOTSTRAP_BUDGET_MS)]);
  const child = spawn("mmdebstrap", ["--quiet", "--variant=minbase", "trixie", "-"], {
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let complaints = "";
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (complaints = (complaints + text).slice(-2000)));
  const ended = new Promise<string | null>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) =>
      resolve(code === 0 ? null : `exit code ${code ?? "none"}: ${complaints.trim()}`),
    );
  });
  const [repo, tag] = name.split(":");
  try {
    const output = await engine.importImage(child.stdout, { repo, tag, abortSignal: signal });
    await followBuild(output, () => undefined, signal);
  } catch (error) {
    child.kill();
    stop.throwIfAborted();
    throw baseMissing(PULLED_BASE, `${refusal}; and mmdebstrap: ${(await ended) ?? String(error)}`);
  }
  const failure = await ended;
  if (failure === null) return;
  // What the engine made of half an archive is no base.
  await engine.getImage(name).remove();
  throw baseMissing(PULLED_BASE, `${refusal}; and mmdebstrap: ${failure}`);
}

async function hasMmdebstrap(): Promise<boolean> {
  const folders = (process.env.PATH ?? "").split(":");
  const found = await Promise.all(
    folders.map((folder) =>
      access(`${folder}/mmdebstrap`).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

async function requireId(engine: Dockerode, name: string): Promise<string> {
  const id = await imageId(engine, name);
  if (id === null) throw baseMissing(name, "it is not among the engine's images after the engine made it");
  return id;
}

function baseMissing(name: string, reason: string): MachineError {
  return new MachineError({
    code: "base-missing",
    message: `Expected a base image, found none: ${name} is not here and could not be pulled (${reason}).`,
    hint:
      "Run `npx dpg-bench setup`, which can install mmdebstrap and make a base from the Debian mirror, " +
      "or name a base that can be pulled with --base IMAGE or DPG_BENCH_BASE.",
  });
}
