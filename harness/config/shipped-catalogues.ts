import { checkerCatalogue } from "../check/catalogue.ts";
import { faultCatalogue } from "../faults/catalogue.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";
import { workloadCatalogue } from "../workloads/catalogue.ts";
import { scenarioCatalogue } from "../../scenarios/catalogue.ts";
import { topologyCatalogue } from "../../topologies/catalogue.ts";
import type { Catalogues } from "./catalogues.ts";

/** What dpg-bench ships. */
export const shippedCatalogues: Catalogues = {
  scenarios: scenarioCatalogue,
  topologies: topologyCatalogue,
  faults: faultCatalogue,
  workloads: workloadCatalogue,
  checkers: checkerCatalogue,
  runtime: defaultRuntime,
};
