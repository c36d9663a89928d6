import type { CommandContext } from "./command-context.ts";

/** Removes what harnesses that no longer live left behind, and says so in one line. */
export async function removeOrphans({ io, runtime }: Pick<CommandContext, "io" | "runtime">): Promise<void> {
  const { removed, stuck } = await runtime.removeLeftovers({ scope: "orphans" });
  for (const { why } of stuck) io.stderr(`${why}\n`);
  if (removed.length === 0) return;
  io.stderr(`Removed what an earlier run that was killed had left: ${countByKind(removed)}.\n`);
}

/** `20 containers, 1 network`. */
export function countByKind(things: readonly { readonly kind: string }[]): string {
  const kinds = [...new Set(things.map((thing) => thing.kind))];
  return kinds
    .map((kind) => {
      const count = things.filter((thing) => thing.kind === kind).length;
      return `${count} ${kind}${count === 1 ? "" : "s"}`;
    })
    .join(", ");
}
