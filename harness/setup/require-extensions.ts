import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { MachineError } from "../model/errors.ts";
import { clusterLabels } from "../runtime/docker/labels.ts";
import { currentOwner } from "../runtime/docker/owner.ts";
import { explainEngineError } from "../runtime/docker/explain-engine-error.ts";
import { withinBudget } from "../runtime/docker/within-budget.ts";

/** Where the node image lists the extensions that its PostgreSQL has, one a line. */
const LIST = "/usr/local/share/dpg-bench/extensions";
const BUDGET_MS = 30_000;

/** What an image must have, to be told of where it has not. */
export interface ExtensionsRequest {
  readonly image: string;
  /** What the image was built on. */
  readonly base: string;
  readonly extensions: readonly string[];
}

/**
 * Raises a MachineError `extension-missing` where the node image lacks one of the extensions, which only its base can
 * bring along. A container of it is created, read from and removed, and not started.
 */
export async function requireExtensions(engine: Dockerode, request: ExtensionsRequest): Promise<void> {
  const { image, base, extensions } = request;
  if (extensions.length === 0) return;
  const present = await extensionsOf(engine, image);
  const missing = extensions.filter((name) => !present.includes(name));
  if (missing.length > 0) throw extensionsMissing(missing, base);
}

async function extensionsOf(engine: Dockerode, image: string): Promise<readonly string[]> {
  const what = `read the extensions of image ${image}`;
  try {
    return await withinBudget(what, BUDGET_MS, async (abortSignal) => {
      const container = await engine.createContainer({ Image: image, Labels: labels() });
      try {
        const archive = await buffer(await container.getArchive({ path: LIST, abortSignal }));
        return onlyFile(archive).split("\n");
      } finally {
        await container.remove({ force: true, v: true });
      }
    });
  } catch (error) {
    throw explainEngineError(what, error);
  }
}

/** Should this process be killed, the next start or `clean` removes the container. */
function labels(): Record<string, string> {
  const id = randomBytes(4).toString("hex");
  const runId = "image-contents";
  return clusterLabels(
    { id, runId, mode: "run", topology: runId, database: "", owner: currentOwner() },
    runId,
  );
}

/** The content of the first file of a tar archive: a header of 512 bytes, with the length in octal digits at 124. */
function onlyFile(archive: Buffer): string {
  const length = Number.parseInt(archive.toString("latin1", 124, 136), 8);
  return archive.toString("utf8", 512, 512 + length);
}

function extensionsMissing(missing: readonly string[], base: string): MachineError {
  const names = missing.join(", ");
  return new MachineError({
    code: "extension-missing",
    message: `Expected the extension ${names} in the node image, found none: its base ${base} does not bring it along.`,
    hint: missing.includes("pgautofailover")
      ? "It comes with Debian's packages of pg_auto_failover, for Debian's own PostgreSQL: take the default base (leave --base and " +
        "DPG_BENCH_BASE out), or a topology with Patroni (--topology production)."
      : `Name a base image that has it: Debian with PostgreSQL 17 and ${names}, such as the public images of its makers. ` +
        "Run `npx dpg-bench setup --base IMAGE`, and set DPG_BENCH_BASE=IMAGE for what you run after that. " +
        "The dialect fdw needs no base of its own (--set sharding=fdw).",
  });
}
