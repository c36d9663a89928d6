import type { VectorDialect } from "../../model/topology.ts";
import type { DatabaseNeeds } from "../database-needs.ts";

/** Every vector extension, and what it asks of each PostgreSQL. */
export const vectorCatalogue = {
  none: { preloads: [], packages: [], bootstrap: () => [] },
  pgvector: {
    preloads: [],
    packages: ["postgresql-17-pgvector"],
    bootstrap: () => ["CREATE EXTENSION vector;"],
  },
} satisfies Record<VectorDialect, DatabaseNeeds>;
