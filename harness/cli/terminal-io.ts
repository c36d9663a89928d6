import { printable } from "../support/printable.ts";
import type { CliIo } from "./cli-io.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The real terminal. A reader that goes away (EPIPE) is no error: the rest of the text is dropped, the work goes on. */
export function terminalIo(): CliIo {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", dropBrokenPipe);
  const colour = { stdout: wantsColour(process.stdout), stderr: wantsColour(process.stderr) };
  return {
    stdout: (text) => void process.stdout.write(printable(text)),
    stderr: (text) => void process.stderr.write(printable(text)),
    styled: {
      stdout: (text) => void process.stdout.write(terminalText(text, colour.stdout)),
      stderr: (text) => void process.stderr.write(terminalText(text, colour.stderr)),
    },
    live:
      process.stderr.isTTY && process.stderr.columns > 0 && process.env.TERM !== "dumb"
        ? process.stderr
        : null,
    colour,
    width: process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : 100,
    env: process.env,
    onSignal(handler) {
      for (const signal of SIGNALS) process.on(signal, handler);
      return {
        [Symbol.dispose]: () => {
          for (const signal of SIGNALS) process.off(signal, handler);
        },
      };
    },
    exit: (code) => process.exit(code),
  };
}

function dropBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** As https://no-color.org and FORCE_COLOR have it. */
function wantsColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0";
  return stream.isTTY;
}

/** Select graphic rendition (ECMA-48 8.3.117): colours and bold, which change nothing but how letters look. */
// eslint-disable-next-line no-control-regex -- that is how the sequence begins
const STYLE = /(\u001B\[[\d;]*m)/;

/**
 * Rendered text as it may reach a terminal: its colours, where the stream has any, and every other control character as
 * its escape. What colours there are must be ours: renderers get text of others made printable.
 */
export function terminalText(text: string, colour: boolean): string {
  if (!colour) return printable(text);
  return text
    .split(STYLE)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join("");
}
