/** Paged is a page of a record, newest first. */
type Paged<Entry> = { readonly entries: readonly Entry[]; readonly hasMore: boolean }

/** withTail puts newer entries before a page, each place once, and keeps it at most `limit` long. */
export function withTail<Entry extends { readonly seq: number }>(
  page: Paged<Entry>,
  tail: readonly Entry[],
  limit = Number.POSITIVE_INFINITY,
): { entries: Entry[]; hasMore: boolean } {
  const newest = page.entries[0]?.seq ?? 0
  const all = [...tail.filter(({ seq }) => seq > newest), ...page.entries]
  const entries = all.slice(0, limit)
  return { entries, hasMore: page.hasMore || entries.length < all.length }
}
