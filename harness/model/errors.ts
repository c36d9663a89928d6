/** Who must act: the caller (64), the machine's owner (69), dpg-bench's authors (70), or nobody (130: interrupted). */
export type FailureExitCode = 64 | 69 | 70 | 130;

interface ErrorParts {
  /** What was expected and what was found, in one sentence. */
  readonly message: string;
  /** What to do now, in one or more lines, as PostgreSQL's HINT. */
  readonly hint?: string | undefined;
  /** Stable, machine-readable name of the problem, such as `docker-not-running`. */
  readonly code: string;
  readonly cause?: unknown;
}

/** The base of every error that dpg-bench raises on purpose. Anything else that reaches the top is a bug (70). */
export abstract class DpgError extends Error {
  abstract readonly exitCode: FailureExitCode;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(parts: ErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    this.code = parts.code;
    this.hint = parts.hint;
  }
}

/** One thing wrong with an input: where it is, what is wrong, and the nearest right thing. */
export interface Problem {
  /** Where: `topology.patroni.ttl`, `--seed`, `scenarios/mine.ts: faults[2].fault`. */
  readonly where: string;
  /** Expected what, found what. */
  readonly message: string;
  /** "did you mean": the nearest valid name, or the hint. */
  readonly suggestion?: string | undefined;
}

/** The command line or a file is wrong. Carries all problems of the input at once. Exit 64. */
export class UsageError extends DpgError {
  readonly exitCode = 64;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], code = "bad-input", hint?: string) {
    super({ code, message: problems.map(problemLine).join("\n"), hint });
    this.problems = problems;
  }
}

/** The machine lacks something: an engine, rights, disk, an image. Exit 69. */
export class MachineError extends DpgError {
  readonly exitCode = 69;
}

/** dpg-bench could not do its own work: a component never became ready, an image did not build. Exit 70. */
export class HarnessError extends DpgError {
  readonly exitCode = 70;
}

/** The user or the system asked the run to stop (SIGINT, SIGTERM). Exit 130. */
export class InterruptedError extends DpgError {
  readonly exitCode = 130;

  constructor(signal: string) {
    super({ code: "interrupted", message: `Interrupted by ${signal}; what was recorded so far is kept.` });
  }
}

function problemLine(problem: Problem): string {
  const suggestion = problem.suggestion === undefined ? "" : ` ${problem.suggestion}`;
  return `${problem.where}: ${problem.message}${suggestion}`;
}
