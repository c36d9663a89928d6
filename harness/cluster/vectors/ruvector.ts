import { noNeeds } from "../database-needs.ts";
import { versionOfExtension } from "../version-of-extension.ts";
import type { VectorDialectSetup } from "./vector-dialect.ts";

/**
 * The extension of the crate ruvector-postgres, which is built into a node image of its own. Its type has no cast from an
 * array of numbers, which is how workloads write a vector: a cast by way of text is made.
 */
export const ruvector: VectorDialectSetup = {
  ...noNeeds,
  builds: ["ruvector"],
  versions: { ruvector: versionOfExtension("ruvector") },
  bootstrap: () => [
    "CREATE EXTENSION ruvector;",
    "CREATE FUNCTION ruvector_of_numbers(real[]) RETURNS ruvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE " +
      "RETURN ('[' || array_to_string($1, ',') || ']')::ruvector;",
    "CREATE CAST (real[] AS ruvector) WITH FUNCTION ruvector_of_numbers(real[]);",
  ],
  extension: "ruvector",
  load: ["select '[1]'::ruvector"],
  words: {
    type: "ruvector",
    operatorClassPrefix: "ruvector_",
    accessMethods: { hnsw: ["ruhnsw", "hnsw"], ivfflat: ["ruivfflat", "ivfflat"] },
    settings: {
      "hnsw.ef_search": ["ruvector.hnsw_ef_search", "ruvector.ef_search"],
      "ivfflat.probes": ["ruvector.probes"],
    },
  },
};
