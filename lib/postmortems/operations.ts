import { correct } from './correct-commands'
import { draft, readAgain } from './draft-commands'
import { exportOne, publicVersion, schema } from './export-queries'
import { importOne } from './import-commands'
import { editOperations } from './operations-edit'
import { ofIncident, proposed } from './proposal-queries'
import { list, one } from './queries'

/** postmortemsOperations are the commands and queries of this room. */
export const postmortemsOperations = [
  list,
  one,
  ofIncident,
  proposed,
  draft,
  readAgain,
  correct,
  exportOne,
  publicVersion,
  schema,
  importOne,
  ...editOperations,
] as const
