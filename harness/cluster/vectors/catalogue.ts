import type { VectorDialect } from "../../model/topology.ts";
import type { DatabaseNeeds } from "../database-needs.ts";

/** Every vector extension, and what it asks of each PostgreSQL. */
export const vectorCatalogue = {
  none: { preloads: [], packages: [], versions: {}, bootstrap: () => [] },
  pgvector: {
    preloads: [],
    packages: ["postgresql-17-pgvector"],
    versions: {
      pgvector:
        "sed -n \"s/^default_version = '\\(.*\\)'/\\1/p\" /usr/share/postgresql/17/extension/vector.control",
    },
    bootstrap: () => ["CREATE EXTENSION vector;"],
  },
} satisfies Record<VectorDialect, DatabaseNeeds>;
