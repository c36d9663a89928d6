import { MachineError } from "../../model/errors.ts";
import type { ShardingDialectSetup } from "./sharding-dialect.ts";

/** The seam for Citus: node images are not built with it yet, so it refuses before a container starts. */
export const citus: ShardingDialectSetup = {
  name: "citus",
  stages: refuse,
  removal: refuse,
  settling: refuse,
};

function refuse(): never {
  throw new MachineError({
    code: "citus-missing",
    message:
      "Expected a node image with Citus for the sharding dialect `citus`, found the image built from Debian packages.",
    hint: "Use `--set sharding=fdw` (hash partitions over postgres_fdw).",
  });
}
