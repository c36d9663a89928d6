import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { createGzip } from "node:zlib";
import type Dockerode from "dockerode";
import { pack } from "tar-fs";
import { DpgError, HarnessError, MachineError } from "../model/errors.ts";
import { stageContext, type ImageContext } from "./image-context.ts";

/** What to build, and how to tell about it. */
export interface BuildRequest {
  readonly tag: string;
  readonly context: ImageContext;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Gets each instruction of the Dockerfile as it is reached, and each line that it prints. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Bound on one build; a cold one takes half a minute where the mirror is near. */
const BUILD_BUDGET_MS = 20 * 60_000;

const LAST_LINES = 15;

/**
 * Builds an image with the classic builder, which every engine since 20.10 has behind its API. The whole output
 * goes to a log file. Raises a MachineError `disk-full`, or a HarnessError `image-build-failed` with the last
 * lines and the log's path.
 */
export async function buildImage(engine: Dockerode, request: BuildRequest): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-context-"));
  const log = await openLog(request.tag);
  const budget = AbortSignal.timeout(BUILD_BUDGET_MS);
  const unreadable = new AbortController();
  const signal = AbortSignal.any([request.signal, budget, unreadable.signal]);
  const tail: string[] = [];
  const onLine = (line: string) => {
    log.write(`${line}\n`);
    tail.push(line);
    if (tail.length > LAST_LINES) tail.shift();
    request.onLine(line);
  };
  try {
    request.signal.throwIfAborted();
    await stageContext(request.context, folder);
    const context = packContext(folder, (error) => {
      unreadable.abort(error);
    });
    const output = await engine.buildImage(context, {
      t: request.tag,
      buildargs: { ...proxyArguments(), ...request.buildArguments },
      labels: request.labels,
      forcerm: true,
      version: "1",
      abortSignal: signal,
    });
    await followBuild(output, onLine, signal);
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    throw explainFailure(signal.aborted ? signal.reason : error, request.tag, tail, log.path.toString());
  } finally {
    await new Promise<void>((resolve) => log.end(resolve));
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The build context as a compressed archive. A file that cannot be read, or went while the archive was written (as
 * when a build is aborted), goes to `onFailure`: the stream alone would not tell who reads it.
 */
export function packContext(folder: string, onFailure: (error: Error) => void): NodeJS.ReadableStream {
  return pipeline(pack(folder), createGzip(), (error) => {
    if (error) onFailure(error);
  });
}

/** Reads what the engine streams, one JSON document a line; rejects with its own error. */
export async function followBuild(
  output: NodeJS.ReadableStream,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // An error that the engine reports ends the loop; destroying the stream is what ends it on an abort.
  const abort = () => (output as NodeJS.ReadableStream & { destroy(error?: Error): void }).destroy();
  signal.addEventListener("abort", abort);
  let rest = "";
  try {
    for await (const chunk of output) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) report(line, onLine);
    }
    report(rest, onLine);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function report(line: string, onLine: (line: string) => void): void {
  if (line.trim() === "") return;
  const message = JSON.parse(line) as { stream?: string; status?: string; error?: string };
  if (message.error !== undefined) throw new Error(message.error);
  const text = message.stream ?? message.status ?? "";
  for (const part of stripVTControlCharacters(text).split("\n"))
    if (part.trim() !== "") onLine(part.trimEnd());
}

/** Proxies are arguments that every builder knows without a declaration, and that leave no trace in the image. */
function proxyArguments(): Record<string, string> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

async function openLog(tag: string): Promise<ReturnType<typeof createWriteStream>> {
  const state = process.env.XDG_STATE_HOME ?? path.join(homedir(), ".local/state");
  const folder = path.join(state, "dpg-bench");
  await mkdir(folder, { recursive: true });
  return createWriteStream(path.join(folder, `build-${tag.replace(/\W+/g, "-")}.log`));
}

function explainFailure(cause: unknown, tag: string, tail: readonly string[], log: string): DpgError {
  if (cause instanceof DpgError) return cause;
  const found = cause instanceof Error ? cause.message : String(cause);
  const message = `Expected image ${tag} to build, found: ${found}`;
  const lines = tail.map((line) => `  ${line}`).join("\n");
  if (/no space left on device|disk quota exceeded/i.test([found, ...tail].join("\n"))) {
    return new MachineError({
      code: "disk-full",
      message,
      hint: `Free some disk space (\`docker system df\` tells who uses it), then try again. The whole log: ${log}`,
      cause,
    });
  }
  return new HarnessError({
    code: "image-build-failed",
    message,
    hint: `Its last lines were:\n${lines}\nThe whole log: ${log}`,
    cause,
  });
}
