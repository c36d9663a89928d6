import type { Outcome } from "../../../model/sample.ts";
import { classify, clientCodes } from "../../wire/outcomes.ts";

/** What the extension k6/x/dpg tells (docker/k6/report.go). Times are microseconds of CLOCK_MONOTONIC. */
export type ReportLine =
  | { readonly kind: "began"; readonly atUs: number }
  | {
      readonly kind: "ended";
      /** The virtual user, or the connection of a pool. */
      readonly client: number;
      readonly begunUs: number;
      /** Of the last attempt. */
      readonly startUs: number;
      readonly endUs: number;
      readonly code: string | null;
      /** Something of it went out. */
      readonly sent: boolean;
      readonly warning: string | null;
      readonly retried: readonly string[];
      readonly operation: string;
    }
  /** Iterations for which no VU was free. */
  | { readonly kind: "dropped"; readonly atUs: number; readonly count: number }
  | { readonly kind: "connections"; readonly open: number };

/** Reads a report piece by piece, cut anywhere; lines that are none of it are passed over. */
export function reportParser(onLine: (line: ReportLine) => void): { push(text: string): void } {
  let rest = "";
  return {
    push(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const parsed = parseLine(line);
        if (parsed !== null) onLine(parsed);
      }
    },
  };
}

const NONE: readonly string[] = [];

function parseLine(line: string): ReportLine | null {
  const words = line.split(" ");
  const number = (at: number): number => Number(words[at]);
  switch (words[0] ?? "") {
    case "b":
      return { kind: "began", atUs: number(1) };
    case "o":
      if (words.length < 10) return null;
      return {
        kind: "ended",
        client: number(1),
        begunUs: number(2),
        startUs: number(3),
        endUs: number(4),
        code: wordOrNull(words[5]),
        sent: words[6] === "1",
        warning: wordOrNull(words[7]),
        retried: words[8] === "-" ? NONE : (words[8] ?? "").split(","),
        operation: words.slice(9).join(" "),
      };
    case "d":
      return { kind: "dropped", atUs: number(1), count: number(2) };
    case "c":
      return { kind: "connections", open: number(1) };
    default:
      return null;
  }
}

function wordOrNull(word: string | undefined): string | null {
  return word === undefined || word === "-" ? null : word;
}

/** How an operation ended, by the same rules as the native engine's. */
export function outcomeOf(
  kind: "read" | "write",
  { code, sent, warning }: Pick<ReportLine & { readonly kind: "ended" }, "code" | "sent" | "warning">,
): { readonly outcome: Outcome; readonly code: string | null } {
  if (code === null) return classify(kind, { kind: "answered", warning });
  return classify(kind, { kind: sent ? "error-after-sending" : "not-sent", code });
}

/** What an iteration that k6 dropped is counted as. */
export const DROPPED_CODE = clientCodes.neverSent;
