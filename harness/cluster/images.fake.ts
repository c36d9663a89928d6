import { ensureImages } from "../setup/images.ts";
import { quietProgress } from "../model/progress.fake.ts";

/** The images for cluster tests: built when they are missing, or those that the environment names. */
export async function testImages(): Promise<{ readonly node: string; readonly agent: string }> {
  const { DPG_BENCH_TEST_NODE_IMAGE: node, DPG_BENCH_TEST_AGENT_IMAGE: agent } = process.env;
  if (node !== undefined && agent !== undefined) return { node, agent };
  const progress = quietProgress;
  return await ensureImages({ progress, signal: new AbortController().signal });
}
