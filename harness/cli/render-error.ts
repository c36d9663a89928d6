import { Chalk } from "chalk";
import { DpgError, UsageError } from "../model/errors.ts";
import { printable } from "../support/printable.ts";
import { cleaningFailures, firstFailure } from "../support/suppressed.ts";

/** What an error means to the user, and the exit code that says who must act. */
export interface RenderedError {
  /** Lines for the terminal. */
  readonly text: string;
  /** The same for `--json`. */
  readonly document: {
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly hint: string | null;
      readonly problems: readonly unknown[];
    };
    readonly exitCode: number;
  };
  readonly exitCode: number;
}

/**
 * Never a bare stack trace: that comes only with `debug`, beneath the words. Words of files, containers and the engine may
 * be in any of it: on the terminal they are made printable.
 */
export function renderError(
  raised: unknown,
  options: { readonly colour: boolean; readonly debug: boolean },
): RenderedError {
  const red = new Chalk({ level: options.colour ? 1 : 0 }).red;
  const error = firstFailure(raised);
  const known = error instanceof DpgError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const exitCode = known?.exitCode ?? 70;
  const hint = known === null ? BUG : (known.hint ?? null);
  const lines = [
    ...(error instanceof UsageError && error.problems.length > 1
      ? [
          `${red("dpg-bench:")} ${error.problems.length} problems with what was asked:`,
          ...indented(message, "  - "),
        ]
      : [`${red("dpg-bench:")} ${printable(known === null ? `unexpected error: ${message}` : message)}`]),
    ...(hint === null ? [] : indented(hint, "  ")),
    ...cleaningFailures(raised).flatMap(cleaningLines),
    ...(options.debug
      ? ["", ...[error, ...cleaningFailures(raised)].flatMap(stackLines).map(printable)]
      : []),
  ];
  const problems = error instanceof UsageError ? error.problems : [];
  return {
    text: `${lines.join("\n")}\n`,
    document: { error: { code: known?.code ?? "bug", message, hint, problems }, exitCode },
    exitCode,
  };
}

const BUG = [
  "This is a mistake in dpg-bench, not in your cluster. Please report it, with what you ran, the run's folder",
  "(its logs/ and events.ndjson) and what DPG_BENCH_DEBUG=1 prints.",
].join("\n");

function cleaningLines(failure: unknown): string[] {
  const message = failure instanceof Error ? failure.message : String(failure);
  const hint = failure instanceof DpgError ? failure.hint : undefined;
  return [
    ...indented(`And then cleaning up failed: ${message}`, "  "),
    ...(hint === undefined ? [] : indented(hint, "  ")),
  ];
}

function indented(text: string, indent: string): string[] {
  return printable(text)
    .split("\n")
    .map((line) => `${indent}${line}`);
}

/** The stack of the error and of everything that caused it. */
function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? error.message).split("\n");
  const nested = error instanceof AggregateError ? error.errors.flatMap(stackLines) : [];
  const cause = error.cause === undefined ? [] : ["caused by:", ...stackLines(error.cause)];
  return [...own, ...nested, ...cause];
}
