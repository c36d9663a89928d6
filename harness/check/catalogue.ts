import type { Checker } from "../model/checker.ts";
import { copies } from "./copies.ts";
import { corruption } from "./corruption.ts";
import { invariants } from "./invariants.ts";
import { ledger } from "./ledger.ts";
import { secondPrimary } from "./primaries/second-primary.ts";
import { twoPrimaries } from "./primaries/two-primaries.ts";

/** Every checker, in the order in which reports have their findings. */
export const checkerCatalogue: readonly Checker[] = [
  ledger,
  invariants,
  twoPrimaries,
  secondPrimary,
  copies,
  corruption,
];
