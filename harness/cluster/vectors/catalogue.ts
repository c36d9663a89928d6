import type { VectorDialect } from "../../model/topology.ts";
import { noNeeds } from "../database-needs.ts";
import { versionOfExtension } from "../version-of-extension.ts";
import { ruvector } from "./ruvector.ts";
import type { VectorDialectSetup } from "./vector-dialect.ts";

/** Every vector extension. */
export const vectorCatalogue: Readonly<Record<VectorDialect, VectorDialectSetup>> = {
  none: { ...noNeeds, extension: null, load: [], words: null },
  pgvector: {
    ...noNeeds,
    packages: ["postgresql-17-pgvector"],
    versions: {
      pgvector: versionOfExtension("vector"),
    },
    bootstrap: () => ["CREATE EXTENSION vector;"],
    extension: "vector",
    load: ["select '[1]'::vector"],
    words: null,
  },
  ruvector,
};
