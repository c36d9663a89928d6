import type { InvariantReading } from "../model/stage.ts";

/** Did what was found lie within the bounds? null: it could not be read. */
export function invariantHeld({ found, atLeast, atMost }: InvariantReading): boolean | null {
  return found === null ? null : found >= atLeast && found <= atMost;
}
