import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { MachineError } from "../model/errors.ts";
import { packageRoot } from "../package-root.ts";
import { hashContext, readContext } from "./image-context.ts";
import { thisMachine } from "./machine.ts";
import { runCommand } from "./run-command.ts";

/** k6 with our extension, as a program for containers of this machine. */
export interface K6Program {
  readonly file: string;
  /** Of all that it was built from. */
  readonly fingerprint: string;
}

export interface K6Options {
  /** The folder that holds docker/k6; this package's own without it. */
  readonly root?: string | undefined;
  /** Where built programs are kept; ~/.cache/dpg-bench (XDG_CACHE_HOME) without it. */
  readonly cache?: string | undefined;
}

/** The k6 and the module that docker/k6/go.mod names. */
const K6_VERSION = "v1.8.1";
const MODULE = "github.com/dpg-bench/dpg-bench/docker/k6";
/** About 80 s of two cores when nothing is cached, and the download of k6's modules. */
const BUILD_BUDGET_MS = 15 * 60_000;

/** The program, where it was built from just these sources before; null: it was not. */
export async function findK6(options: K6Options = {}): Promise<K6Program | null> {
  const program = await place(options);
  return await access(program.file).then(
    () => program,
    () => null,
  );
}

/**
 * Builds it, with xk6 where that is installed, else by Go alone, with whatever proxy Go is set to; it takes a minute or
 * two. Does nothing where it is there. Raises a MachineError `no-go` or `k6-not-built`.
 */
export async function buildK6(
  options: K6Options & { readonly onLine?: (line: string) => void; readonly signal: AbortSignal },
): Promise<K6Program> {
  const found = await findK6(options);
  if (found !== null) return found;
  const program = await place(options);
  const source = sourceOf(options);
  const machine = thisMachine();
  if ((await machine.findProgram("go")) === null) throw noGo();
  await mkdir(path.dirname(program.file), { recursive: true });
  const folder = await mkdtemp(`${program.file}-`);
  try {
    const made = path.join(folder, "k6");
    const tail: string[] = [];
    for (const [command, ...parameters] of commandsTo(made, source)) {
      if ((await machine.findProgram(command)) === null) continue;
      const end = await runCommand("nice", [command, ...parameters], {
        budgetMs: BUILD_BUDGET_MS,
        folder: source,
        // The program runs in a container, without the libraries of this machine.
        environment: { CGO_ENABLED: "0", GOOS: "linux" },
        ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
        signal: options.signal,
      });
      if (end.status === 0) {
        await rename(made, program.file);
        await removeOthers(program.file);
        return program;
      }
      tail.push(...end.tail);
    }
    throw notBuilt(tail);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Programs of earlier sources: 50 MB each, and quickly made again. */
async function removeOthers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const others = (await readdir(folder)).filter(
    (name) => /^k6-[0-9a-f]{12}$/.test(name) && name !== path.basename(file),
  );
  for (const name of others) await rm(path.join(folder, name), { force: true });
}

function commandsTo(
  made: string,
  source: string,
): readonly (readonly [command: string, ...parameters: string[]])[] {
  return [
    ["xk6", "build", K6_VERSION, "--output", made, "--with", `${MODULE}=${source}`],
    ["go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", made, "./cmd/k6"],
  ];
}

async function place(options: K6Options): Promise<K6Program> {
  const context = await readContext({ "": sourceOf(options) });
  const fingerprint = (await hashContext(context, [process.arch])).slice(0, 12);
  const cache =
    options.cache ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "dpg-bench");
  return { file: path.join(cache, `k6-${fingerprint}`), fingerprint };
}

function sourceOf({ root }: K6Options): string {
  return path.join(root ?? packageRoot(), "docker/k6");
}

/** What is to be done about a k6 that is not there; for the engine that needs it, and for `doctor`. */
export const K6_MEND =
  "Install Go 1.25 or newer (https://go.dev/dl) and run `npx dpg-bench setup` again, or use `--engine native` or `--engine pgbench`.";

function noGo(): MachineError {
  return new MachineError({
    code: "no-go",
    message: "Expected Go, which builds k6 with dpg-bench's extension, found none.",
    hint: K6_MEND,
  });
}

function notBuilt(tail: readonly string[]): MachineError {
  const lines = tail.slice(-10).map((line) => `  ${line}`);
  return new MachineError({
    code: "k6-not-built",
    message: "Expected Go to build k6 with dpg-bench's extension, found an error.",
    hint: `Its last lines were:\n${lines.join("\n")}\nMend that and run \`npx dpg-bench setup\` again, or use another engine.`,
  });
}
