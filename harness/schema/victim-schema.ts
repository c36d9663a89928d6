import { z } from "zod";
import { nodeSetNames, type VictimSelector } from "../model/victim-selector.ts";
import type { Exactly } from "./exactly.ts";

const set = z.enum(nodeSetNames).meta({ id: "NodeSet" });

/** Whom a fault hits, as scenarios and plans write it. */
export const victimSchema = z.union(
  [set, z.strictObject({ between: set, and: set }), z.strictObject({ from: set, to: set })],
  {
    error:
      `one of ${nodeSetNames.join(", ")}; or a link between two of these, ` +
      "{ between: SET, and: SET }, or in one direction { from: SET, to: SET }",
  },
);

true satisfies Exactly<z.infer<typeof victimSchema>, VictimSelector>;
