import { printable } from "../support/printable.ts";
import type { CliIo } from "./cli-io.ts";
import { terminalText } from "./terminal-io.ts";

/** A terminal that remembers what it was shown, and whose signals a test sends. */
export interface FakeIo extends CliIo {
  readonly shown: { stdout: string; stderr: string };
  readonly exits: number[];
  readonly send: (signal: string) => void;
}

export function fakeIo(
  env: CliIo["env"] = {},
  colour: CliIo["colour"] = { stdout: false, stderr: false },
): FakeIo {
  const shown = { stdout: "", stderr: "" };
  const exits: number[] = [];
  const handlers = new Set<(signal: string) => void>();
  return {
    shown,
    exits,
    stdout: (text) => {
      shown.stdout += printable(text);
    },
    stderr: (text) => {
      shown.stderr += printable(text);
    },
    styled: {
      stdout: (text) => {
        shown.stdout += terminalText(text, colour.stdout);
      },
      stderr: (text) => {
        shown.stderr += terminalText(text, colour.stderr);
      },
    },
    live: null,
    colour,
    width: 100,
    env,
    onSignal(handler) {
      handlers.add(handler);
      return { [Symbol.dispose]: () => void handlers.delete(handler) };
    },
    exit: (code) => void exits.push(code),
    send: (signal) => {
      for (const handler of [...handlers]) handler(signal);
    },
  };
}
