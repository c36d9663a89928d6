import { everyComponent } from "./components/catalogue.ts";
import { everyDialect } from "./dialect-needs.ts";

/**
 * Debian packages of the node image: what every component and every dialect asks for, each once. One that ends with a
 * question mark is left out where the base's sources do not offer it.
 */
export function nodePackages(): readonly string[] {
  return [
    ...new Set([...everyComponent(), ...everyDialect()].flatMap(({ packages }) => packages)),
    ...new Set(
      everyComponent().flatMap(({ optionalPackages = [] }) => optionalPackages.map((name) => `${name}?`)),
    ),
  ].toSorted();
}
