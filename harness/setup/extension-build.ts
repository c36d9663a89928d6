import { randomBytes } from "node:crypto";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type Dockerode from "dockerode";
import type { BuiltExtension } from "../cluster/database-needs.ts";
import { HarnessError, MachineError } from "../model/errors.ts";
import { clusterLabels } from "../runtime/docker/labels.ts";
import { currentOwner } from "../runtime/docker/owner.ts";
import { readLog } from "../runtime/docker/read-logs.ts";
import { hashContext, readContext, type ImageContext } from "./image-context.ts";

/** The versions that were tried. */
const VERSIONS: Readonly<Record<BuiltExtension, string>> = { ruvector: "2.0.6" };
/** Six CPU-minutes, and the download of a compiler and of crates. */
const BUILD_BUDGET_MS = 40 * 60_000;
const LOG_BUDGET_MS = 30_000;
const LAST_LINES = 15;
const BUILT = "built.tar";

export interface ExtensionRequest {
  readonly extension: BuiltExtension;
  /** The folder that holds docker/. */
  readonly root: string;
  /** Id of the node image: it is built in it, and for its PostgreSQL. */
  readonly node: string;
  readonly caBundle: string | undefined;
  /** Where what was built is kept; ~/.cache/dpg-bench (XDG_CACHE_HOME) without it. */
  readonly cache?: string | undefined;
  readonly signal: AbortSignal;
}

/** What an image with the extension is made of: it is known before the extension is built. */
export async function extensionContext(request: ExtensionRequest): Promise<ImageContext> {
  const { files } = await readContext({ "": folderOf(request) });
  const { file, fingerprint } = await placeOf(request);
  const built = { source: file, name: BUILT, executable: false, fingerprint };
  return { files: [...files.filter(({ name }) => name !== "build"), built] };
}

/**
 * Builds the extension in a container of the node image, which is removed: its compiler is in no image. Does nothing where
 * it was built before; calls `onBuild` where it begins. Raises a MachineError `extension-not-built` with the last lines.
 */
export async function buildExtension(
  engine: Dockerode,
  request: ExtensionRequest,
  onBuild: () => void,
): Promise<void> {
  const { file } = await placeOf(request);
  if (await isThere(file)) return;
  onBuild();
  await mkdir(path.dirname(file), { recursive: true });
  const folder = await mkdtemp(`${file}-`);
  try {
    await buildInto(folder, engine, request);
    await rename(path.join(folder, BUILT), file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildInto(folder: string, engine: Dockerode, request: ExtensionRequest): Promise<void> {
  const { extension, node, caBundle, signal } = request;
  const binds = [
    `${path.join(folderOf(request), "build")}:/run/dpg-bench-build:ro`,
    `${folder}:/run/dpg-bench-built`,
    ...(caBundle === undefined ? [] : [`${path.resolve(caBundle)}:/run/dpg-bench-ca.crt:ro`]),
  ];
  const container = await engine.createContainer({
    Image: node,
    User: "root",
    Entrypoint: ["nice", "sh", "/run/dpg-bench-build", VERSIONS[extension], `/run/dpg-bench-built/${BUILT}`],
    Cmd: [],
    // Labelled like a run's: should this process be killed, the next start or `clean` removes it.
    Labels: labels(),
    HostConfig: { Binds: binds },
  });
  try {
    signal.throwIfAborted();
    await container.start();
    const budget = AbortSignal.any([signal, AbortSignal.timeout(BUILD_BUDGET_MS)]);
    const { StatusCode } = (await container.wait({ abortSignal: budget })) as { StatusCode: number };
    if (StatusCode !== 0) throw await notBuilt(container, extension, StatusCode);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MachineError) throw error;
    throw new HarnessError({
      code: "extension-not-built",
      message: `Expected the extension ${extension} to be built within ${BUILD_BUDGET_MS / 60_000} min, got: ${String(error)}`,
      cause: error,
    });
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** Where it is kept, by all that it is built from. */
async function placeOf(
  request: ExtensionRequest,
): Promise<{ readonly file: string; readonly fingerprint: string }> {
  const { extension, node, cache } = request;
  const sources = await readContext({ "": folderOf(request) });
  const hash = await hashContext(sources, [node, VERSIONS[extension]]);
  const fingerprint = hash.slice(0, 12);
  const folder =
    cache ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "dpg-bench");
  return { file: path.join(folder, `${extension}-${fingerprint}.tar`), fingerprint };
}

function folderOf({ root, extension }: ExtensionRequest): string {
  return path.join(root, "docker", extension);
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

function labels(): Record<string, string> {
  const runId = "extension-build";
  return clusterLabels(
    {
      id: randomBytes(4).toString("hex"),
      runId,
      mode: "run",
      topology: runId,
      database: "",
      owner: currentOwner(),
    },
    runId,
  );
}

async function notBuilt(
  container: Dockerode.Container,
  extension: BuiltExtension,
  status: number,
): Promise<MachineError> {
  const log = await readLog(container, {
    what: `tell how the extension ${extension} was built`,
    budgetMs: LOG_BUDGET_MS,
    timestamps: false,
    tail: LAST_LINES,
  });
  return new MachineError({
    code: "extension-not-built",
    message: `Expected the extension ${extension} to build on the node image, found exit code ${status}.`,
    hint:
      `The last lines were:\n${log.replaceAll(/[^\n\x20-\x7e]/g, "")}\n` +
      "It takes Debian trixie's packages and the crates registry. Without it: --set vectors=pgvector.",
  });
}
