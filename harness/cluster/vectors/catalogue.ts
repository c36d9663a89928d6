import type { VectorDialect } from "../../model/topology.ts";
import { noNeeds, type DatabaseNeeds } from "../database-needs.ts";
import { versionOfExtension } from "../version-of-extension.ts";

/** A vector extension: what it asks of each PostgreSQL. */
interface VectorDialectSetup extends DatabaseNeeds {
  /** Its name in the database; null: there is none. */
  readonly extension: string | null;
  /** Statements after which a session has its library, and so knows its settings. */
  readonly load: readonly string[];
}

/** Every vector extension. */
export const vectorCatalogue = {
  none: { ...noNeeds, extension: null, load: [] },
  pgvector: {
    ...noNeeds,
    packages: ["postgresql-17-pgvector"],
    versions: {
      pgvector: versionOfExtension("vector"),
    },
    bootstrap: () => ["CREATE EXTENSION vector;"],
    extension: "vector",
    load: ["select '[1]'::vector"],
  },
} satisfies Record<VectorDialect, VectorDialectSetup>;
