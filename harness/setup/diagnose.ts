import { availableParallelism, freemem, totalmem } from "node:os";
import { connectEngine } from "../runtime/docker/engine.ts";
import { listClusters } from "../runtime/docker/list-clusters.ts";
import { DpgError } from "../model/errors.ts";
import { freeBytes } from "./disk-space.ts";
import { findImages } from "./images.ts";
import { judgeMachine, type Diagnosis, type Observations } from "./judge-machine.ts";
import { findK6 } from "./k6-build.ts";
import { probeKernel } from "./kernel-abilities.ts";
import { thisMachine } from "./machine.ts";

/**
 * Looks at everything a run needs: what is there, what is missing and how to get it. Changes nothing; the kernel's
 * abilities are tried in one short-lived container when the node image is there.
 */
export async function diagnose(options: { readonly base?: string | undefined } = {}): Promise<Diagnosis> {
  return judgeMachine({
    nodeVersion: process.versions.node,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    k6: await observeK6(),
    ...(await observeEngine(options.base)),
  });
}

async function observeK6(): Promise<Observations["k6"]> {
  if ((await findK6()) !== null) return "built";
  return (await thisMachine().findProgram("go")) === null ? "no-go" : "not-built";
}

type EngineObservations = Pick<Observations, "engine" | "images" | "kernel" | "clusters">;

async function observeEngine(base: string | undefined): Promise<EngineObservations> {
  try {
    const engine = await connectEngine();
    const info = (await engine.info()) as Record<string, unknown>;
    const images = await findImages(engine, { base }).catch((error: unknown) => asProblem(error));
    const node = "node" in images ? images.node : null;
    return {
      engine: {
        version: text(info.ServerVersion),
        storageDriver: text(info.Driver),
        cgroupVersion: text(info.CgroupVersion),
        root: text(info.DockerRootDir),
        freeBytes: await freeBytes(text(info.DockerRootDir)),
      },
      images,
      kernel: node === null ? null : await probeKernel(engine, node),
      clusters: await listClusters(),
    };
  } catch (error) {
    return { engine: asProblem(error), images: null, kernel: null, clusters: [] };
  }
}

/** What an error says and how to get past it; anything that is not ours is a bug and stays an error. */
function asProblem(error: unknown): { readonly problem: string; readonly mend: string } {
  if (error instanceof DpgError) return { problem: error.message, mend: error.hint ?? "" };
  throw error;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "unknown";
}
