import { stripVTControlCharacters } from "node:util";
import type { Target } from "../model/target.ts";

/** A line and what hangs below it. */
export interface Branch {
  readonly text: string;
  readonly children?: readonly Branch[];
}

/** Lines with box-drawing branches; text beyond `width` columns goes on below, indented. */
export function tree(branches: readonly Branch[], width: number, indent = ""): string[] {
  return branches.flatMap((branch, index) => {
    const last = index === branches.length - 1;
    const children = branch.children ?? [];
    const below = `${indent}${last ? "   " : "│  "}`;
    const [first = "", ...rest] = wrapped(branch.text, Math.max(40, width - below.length));
    const hanging = `${below}${children.length > 0 ? "│  " : "   "}`;
    return [
      `${indent}${last ? "└─ " : "├─ "}${first}`,
      ...rest.map((line) => `${hanging}${line}`),
      ...tree(children, width, below),
    ];
  });
}

/** Breaks between words; later lines leave room for their indent. Runs of spaces within a line stay. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  const [start = "", ...words] = text.split(" ");
  let line = start;
  for (const word of words) {
    const longer = `${line} ${word}`;
    const room = lines.length === 0 ? width : width - 3;
    if (line.trim() !== "" && visibleLength(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Columns that a text takes, without its colours. */
function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** `below 10`. */
export function boundText({ bound }: Target): string {
  if ("below" in bound) return `below ${bound.below}`;
  return "atMost" in bound ? `at most ${bound.atMost}` : `at least ${bound.atLeast}`;
}
