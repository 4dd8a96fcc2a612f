import type { Console } from '../console'
import { isUnavailable } from '../platform/db'
import type { Flag } from './model'
import { readBook } from './store'

/** How old the flags may be that an evaluation uses: a switch to 0 % counts everywhere within this time. */
const FRESH_MS = 200
/** How long an evaluation waits for a reading, where older flags are known: a slow database must not slow down every caller. */
const PATIENCE_MS = 100
/** For how long the last known flags answer while the database does not: afterwards callers fall back to their default. */
const LAST_KNOWN_MS = 60_000

type Book = { readonly flags: ReadonlyMap<string, Flag>; readonly readAtMs: number }
/** `patience` ends with the reading, or before it: one timer for everybody who waits. */
type Reading = { readonly book: Promise<Book>; readonly patience: Promise<Book | undefined> }
type Shelf = { book: Book | undefined; reading: Reading | undefined }

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

function begin(console: Console, shelf: Shelf): Reading {
  const book = read(console, shelf).finally(() => {
    shelf.reading = undefined
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined)
  })
  const patience = Promise.race([book, late]).finally(() => clearTimeout(timer))
  // Nobody may be waiting for it: who has no flags yet waits for the book itself.
  patience.catch(() => undefined)
  return { book, patience }
}

/**
 * flagBook gives every flag by key, read at most 200 ms ago; for a minute the last known ones while the database is away or takes
 * longer than 100 ms, of which the answer counts as soon as it is there.
 */
export async function flagBook(console: Console): Promise<ReadonlyMap<string, Flag>> {
  const shelf = shelfOf(console)
  const nowMs = console.clock.monotonicMs()
  const known = shelf.book
  if (known && nowMs - known.readAtMs < FRESH_MS) return known.flags
  shelf.reading ??= begin(console, shelf)
  const { book, patience } = shelf.reading
  if (known === undefined || nowMs - known.readAtMs >= LAST_KNOWN_MS) return (await book).flags
  try {
    return ((await patience) ?? known).flags
  } catch (error) {
    if (isUnavailable(error)) return known.flags
    throw error
  }
}
