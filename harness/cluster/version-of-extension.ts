/** A shell command of the node image that prints the version of an extension that it has, and nothing of another. */
export function versionOfExtension(name: string): string {
  return `sed -n "s/^default_version = '\\(.*\\)'/\\1/p" "$(pg_config --sharedir)/extension/${name}.control" 2>/dev/null`;
}
