import { printable } from "../support/printable.ts";
import type { CliIo } from "./cli-io.ts";
import { terminalText } from "./terminal-text.ts";

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
