/**
 * matched gives as many slots as possible a person of their own (maximum bipartite matching by augmenting paths), so that
 * nobody who fits two slots blocks one that only they could leave; rule D-APR-2. Answers slot → person.
 */
export function matched(
  slots: readonly string[],
  fits: (slot: string) => readonly string[],
): ReadonlyMap<string, string> {
  const holder = new Map<string, string>()
  const tried = new Set<string>()
  function place(slot: string): boolean {
    for (const person of fits(slot)) {
      if (tried.has(person)) continue
      tried.add(person)
      const holds = holder.get(person)
      if (holds !== undefined && !place(holds)) continue
      holder.set(person, slot)
      return true
    }
    return false
  }
  for (const slot of slots) {
    tried.clear()
    place(slot)
  }
  return new Map([...holder].map(([person, slot]) => [slot, person]))
}
