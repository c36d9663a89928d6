import type { Readable } from "node:stream";
import { KeptText } from "./kept-text.ts";
import { OutputFrames } from "./output-frames.ts";
import { formatCount } from "../../model/format-value.ts";

/** Both in bytes. What lies between them is left out of a longer output, and a line says so. */
export interface MostOutput {
  readonly head: number;
  readonly tail: number;
}

/** What could be read, how much of it was left out, and why there is no more of it; null: that was all. */
export interface ReadOutput {
  readonly text: string;
  readonly leftOut: number;
  readonly brokenOff: Error | null;
}

/**
 * Reads what the engine sends of a container without a terminal to its end: standard output and error together, in the
 * order in which they came. Takes as much memory as `most`, whatever comes. Never rejects.
 */
export async function readOutput(stream: Readable, most: MostOutput): Promise<ReadOutput> {
  const kept = new KeptText(most);
  const frames = new OutputFrames((_stream, piece) => kept.add(piece));
  let brokenOff: Error | null = null;
  try {
    for await (const bytes of stream) frames.take(bytes as Uint8Array);
  } catch (error) {
    brokenOff = error as Error;
  }
  const text = kept.text((bytes) => `(dpg-bench: ${formatCount(bytes)} bytes are left out here)`);
  return { text, leftOut: kept.leftOut, brokenOff };
}
