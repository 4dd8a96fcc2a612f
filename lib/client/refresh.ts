import type { Query, QueryClient } from '@tanstack/react-query'

/** Refresh reads what matches again; `name` says what is read, so that the same is not begun anew while it runs. */
export type Refresh = (name: string, matches: (query: Query) => boolean) => void

/**
 * createRefresher makes a refresh that lets a read under way end and reads once more after it: hints that come faster than
 * an answer would otherwise begin it anew for ever, and one that was begun before the change would be taken for the last.
 */
export function createRefresher(client: QueryClient): Refresh {
  const running = new Map<string, { again: boolean }>()
  return function refresh(name, matches) {
    const state = running.get(name)
    if (state) {
      state.again = true
      return
    }
    const begun = { again: client.isFetching({ predicate: matches, type: 'active' }) > 0 }
    running.set(name, begun)
    void client.invalidateQueries({ predicate: matches }, { cancelRefetch: false }).finally(() => {
      running.delete(name)
      if (begun.again) refresh(name, matches)
    })
  }
}
