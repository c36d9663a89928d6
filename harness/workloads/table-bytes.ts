/**
 * Size of a freshly filled table and its primary key, of one number where nothing else is said. Pages and rows as in the PostgreSQL manual,
 * "Database Page Layout" and "Physical Storage: B-Tree Indexes": 8 kB pages with a header of 24 bytes; a pointer of 4
 * and a header of 24 bytes for each row, rows aligned to 8 bytes; index entries with a header of 8 bytes and their pointers, in
 * pages that end with 16 bytes of the index's own and are filled to 90 %. Beside them the few pages of any table:
 * its free space and visibility maps, the index's meta page and root, the empty index of its TOAST table.
 */
export function tableBytes(rows: number, columnBytes: number, keyBytes = 8): number {
  const rowsPerPage = Math.floor((PAGE - 24) / (4 + aligned(24 + columnBytes)));
  const keysPerPage = Math.floor(((PAGE - 24 - 16) * 0.9) / (4 + aligned(8 + keyBytes)));
  return PAGE * (Math.ceil(rows / rowsPerPage) + Math.ceil(rows / keysPerPage) + PAGES_OF_ANY_TABLE);
}

const PAGE = 8192;
const PAGES_OF_ANY_TABLE = 7;

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
