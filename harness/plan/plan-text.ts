import type { Target } from "../model/target.ts";

/** A line and what hangs below it. */
export interface Branch {
  readonly text: string;
  readonly children?: readonly Branch[];
}

/** Lines with box-drawing branches. */
export function tree(branches: readonly Branch[], indent = ""): string[] {
  return branches.flatMap((branch, index) => {
    const last = index === branches.length - 1;
    const below = tree(branch.children ?? [], `${indent}${last ? "   " : "│  "}`);
    return [`${indent}${last ? "└─ " : "├─ "}${branch.text}`, ...below];
  });
}

/** `20.3-24.1 s`. */
export function spanText(span: { readonly lowSeconds: number; readonly highSeconds: number }): string {
  return `${span.lowSeconds.toFixed(1)}-${span.highSeconds.toFixed(1)} s`;
}

/** `below 10`. */
export function boundText({ bound }: Target): string {
  if ("below" in bound) return `below ${bound.below}`;
  return "atMost" in bound ? `at most ${bound.atMost}` : `at least ${bound.atLeast}`;
}
