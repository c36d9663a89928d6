import { everyComponent } from "./components/catalogue.ts";
import { everyDialect } from "./dialect-needs.ts";

/** Debian packages of the node image: what every component and every dialect asks for, each once. */
export function nodePackages(): readonly string[] {
  return [
    ...new Set([...everyComponent(), ...everyDialect()].flatMap(({ packages }) => packages)),
  ].toSorted();
}
