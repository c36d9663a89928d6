import type { VectorDialect } from "../../model/topology.ts";
import type { DatabaseNeeds } from "../database-needs.ts";
import { versionOfExtension } from "../version-of-extension.ts";

/** Every vector extension, and what it asks of each PostgreSQL. */
export const vectorCatalogue = {
  none: { preloads: [], parameters: {}, extensions: [], packages: [], versions: {}, bootstrap: () => [] },
  pgvector: {
    preloads: [],
    parameters: {},
    extensions: [],
    packages: ["postgresql-17-pgvector"],
    versions: {
      pgvector: versionOfExtension("vector"),
    },
    bootstrap: () => ["CREATE EXTENSION vector;"],
  },
} satisfies Record<VectorDialect, DatabaseNeeds>;
