import { PassThrough } from "node:stream";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** What a node has printed since it was created; of one with a channel, only its standard error. */
export async function readLogs(cluster: DockerCluster, node: string): Promise<string> {
  const channel = cluster.channel(node);
  if (channel !== undefined) return channel.errors();
  const what = `read the log of ${node}`;
  const container = cluster.container(node);
  try {
    const raw = await withinBudget(what, cluster.commandMs, (abortSignal) =>
      container.logs({ stdout: true, stderr: true, timestamps: true, follow: false, abortSignal }),
    );
    return await demultiplexed(container.modem, raw);
  } catch (error) {
    throw explainEngineError(what, error);
  }
}

/** The engine interleaves both outputs in frames: an 8-byte head (stream, length) before each piece. */
async function demultiplexed(modem: unknown, raw: Buffer): Promise<string> {
  const source = new PassThrough();
  const text = new PassThrough();
  (modem as { demuxStream(from: unknown, out: unknown, err: unknown): void }).demuxStream(source, text, text);
  source.on("end", () => text.end());
  source.end(raw);
  const chunks: Buffer[] = [];
  for await (const chunk of text) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
