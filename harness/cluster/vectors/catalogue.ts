import type { VectorDialect } from "../../model/topology.ts";
import type { DatabaseNeeds } from "../database-needs.ts";

/** A vector extension: what it asks of each PostgreSQL. */
interface VectorDialectSetup extends DatabaseNeeds {
  /** Its name in the database; null: there is none. */
  readonly extension: string | null;
  /** Statements after which a session has its library, and so knows its settings. */
  readonly load: readonly string[];
}

/** Every vector extension. */
export const vectorCatalogue = {
  none: { preloads: [], packages: [], versions: {}, bootstrap: () => [], extension: null, load: [] },
  pgvector: {
    preloads: [],
    packages: ["postgresql-17-pgvector"],
    versions: {
      pgvector:
        "sed -n \"s/^default_version = '\\(.*\\)'/\\1/p\" /usr/share/postgresql/17/extension/vector.control",
    },
    bootstrap: () => ["CREATE EXTENSION vector;"],
    extension: "vector",
    load: ["select '[1]'::vector"],
  },
} satisfies Record<VectorDialect, VectorDialectSetup>;
