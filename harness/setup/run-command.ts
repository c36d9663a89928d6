import { spawn } from "node:child_process";

/** How a command ended: 0 is success, null that it never started or was killed. */
export interface CommandEnd {
  readonly status: number | null;
  /** The last lines of what it printed on standard output and error together. */
  readonly tail: readonly string[];
}

const KEPT_LINES = 20;

/** Runs a program without standard input. Never rejects for what the program does, only when the signal is aborted. */
export async function runCommand(
  program: string,
  parameters: readonly string[],
  options: {
    readonly budgetMs: number;
    /** Where it runs; this process's own folder without it. */
    readonly folder?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly onLine?: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<CommandEnd> {
  const budget = AbortSignal.timeout(options.budgetMs);
  const child = spawn(program, [...parameters], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    signal: AbortSignal.any([options.signal, budget]),
  });
  const tail: string[] = [];
  const keep = (line: string) => {
    tail.push(line);
    if (tail.length > KEPT_LINES) tail.shift();
    options.onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) eachLine(stream, keep);
  const status = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      tail.push(budget.aborted ? `no end within ${options.budgetMs / 1000} s` : error.message);
      resolve(null);
    });
    child.on("close", resolve);
  });
  options.signal.throwIfAborted();
  return { status, tail };
}

function eachLine(stream: NodeJS.ReadableStream, keep: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") keep(line);
  });
  stream.on("end", () => {
    if (rest.trim() !== "") keep(rest);
  });
}
