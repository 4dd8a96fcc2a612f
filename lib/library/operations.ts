import { setTags } from './commands'
import { search, tags } from './queries'
import { similar } from './similar-queries'

/** libraryOperations are how postmortems are found. */
export const libraryOperations = [search, setTags, similar, tags] as const
