import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { reportParser, type ReportLine } from "./parse-report.ts";

/** A k6 that runs a script. */
export interface K6Process {
  readonly pid: number;
  /** Its exit code, when it and its report have ended; null: it was killed, or never ran. */
  readonly exited: Promise<number | null>;
  /** What it wrote on standard error, up to a bound. */
  readonly errors: () => string;
  kill(signal: NodeJS.Signals): void;
}

/** The report's descriptor in k6. */
const REPORT = 3;
const MOST_ERRORS = 100_000;

/** Starts k6 without its server, its summary and its reports to its makers. Its share of the machine is one core. */
export function startK6(options: {
  readonly program: string;
  readonly script: string;
  readonly folder: string;
  /** Which process of how many: k6 divides VUs and iterations exactly between them. */
  readonly agent: number;
  readonly of: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: ReportLine) => void;
}): K6Process {
  const { program, script, folder, agent, of, environment, onLine } = options;
  const bounds = Array.from({ length: of + 1 }, (_, index) => `${index}/${of}`);
  const child = spawn(
    program,
    [
      "run",
      "--quiet",
      "--no-summary",
      "--no-usage-report",
      "--no-color",
      "--address=",
      "--log-format=raw",
      "--out=dpg",
      ...(of > 1
        ? [
            `--execution-segment=${agent - 1}/${of}:${agent}/${of}`,
            `--execution-segment-sequence=${bounds.join(",")}`,
          ]
        : []),
      script,
    ],
    {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GOMAXPROCS: "1",
        DPG_REPORT_FD: String(REPORT),
        DPG_AGENT: String(agent),
        ...environment,
      },
    },
  );
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    if (errors.length < MOST_ERRORS) errors += text;
  });
  const parser = reportParser(onLine);
  (child.stdio[REPORT] as Readable | null)
    ?.setEncoding("utf8")
    .on("data", (text: string) => parser.push(text));
  return {
    pid: child.pid ?? 0,
    exited: new Promise((resolve) => {
      child.on("error", (error) => {
        errors += error.message;
        resolve(null);
      });
      child.on("close", resolve);
    }),
    errors: () => errors.trim(),
    kill: (signal) => void child.kill(signal),
  };
}
