import { z } from "zod";
import { nodeSetNames, type VictimSelector, workerMembers } from "../model/victim-selector.ts";
import type { Exactly } from "./exactly.ts";

const set = z.enum(nodeSetNames).meta({ id: "NodeSet" });
const hit = z.enum(workerMembers);

const nodes = z.union([
  set,
  z.strictObject({ hit, workerGroups: z.int().min(1) }),
  z.strictObject({ hit, shareOfWorkerGroups: z.number().positive().max(1) }),
]);

/** Whom a fault hits, as scenarios and plans write it. */
export const victimSchema = z.union(
  [nodes, z.strictObject({ between: nodes, and: nodes }), z.strictObject({ from: nodes, to: nodes })],
  {
    error:
      `one of ${nodeSetNames.join(", ")}; or these of several worker groups, ` +
      `{ hit: ${workerMembers.join(" | ")}, workerGroups: at least 1 } or { hit: ..., shareOfWorkerGroups: above 0, at most 1 }; ` +
      "or a link between two of these, { between: SET, and: SET }, or in one direction { from: SET, to: SET }",
  },
);

true satisfies Exactly<z.infer<typeof victimSchema>, VictimSelector>;
