import type { Console } from '../console'
import { isUnavailable } from '../platform/db'
import type { Flag } from './model'
import { readBook } from './store'

/** How old the flags may be that an evaluation uses: a switch to 0 % counts everywhere within this time. */
const FRESH_MS = 200
/** For how long the last known flags answer while the database does not: afterwards callers fall back to their default. */
const LAST_KNOWN_MS = 60_000

type Book = { readonly flags: ReadonlyMap<string, Flag>; readonly readAtMs: number }
type Shelf = { book: Book | undefined; reading: Promise<Book> | undefined }

const shelves = new WeakMap<Console, Shelf>()

function shelfOf(console: Console): Shelf {
  const known = shelves.get(console)
  if (known) return known
  const made: Shelf = { book: undefined, reading: undefined }
  shelves.set(console, made)
  return made
}

async function read(console: Console, shelf: Shelf): Promise<Book> {
  const readAtMs = console.clock.monotonicMs()
  const rows = await readBook(console.hot)
  const book = { flags: new Map(rows.map((flag) => [flag.key, flag])), readAtMs }
  shelf.book = book
  return book
}

/** flagBook gives every flag by key, read at most 200 ms ago; for a minute the last known ones while the database is away. */
export async function flagBook(console: Console): Promise<ReadonlyMap<string, Flag>> {
  const shelf = shelfOf(console)
  const nowMs = console.clock.monotonicMs()
  if (shelf.book && nowMs - shelf.book.readAtMs < FRESH_MS) return shelf.book.flags
  shelf.reading ??= read(console, shelf).finally(() => {
    shelf.reading = undefined
  })
  try {
    return (await shelf.reading).flags
  } catch (error) {
    if (shelf.book && isUnavailable(error) && nowMs - shelf.book.readAtMs < LAST_KNOWN_MS)
      return shelf.book.flags
    throw error
  }
}
