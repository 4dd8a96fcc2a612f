import { z } from 'zod'
import { defineQuery } from '../operation'
import { approve, propose, refuse, withdraw } from './commands'
import { download, file, list, search } from './queries'
import { check, history, proposal, version } from './queries-edit'
import { readRunbookState } from './store'

/** runbooksFaults names every fault in the runbook files as they lie on the worker's disk; empty when all of them count. */
export const runbooksFaults = defineQuery({
  name: 'runbooks.faults',
  summary: 'Names every fault in the runbook files, and since when the last good ones count.',
  permission: 'runbooks.read-faults',
  input: z.strictObject({}),
  run: async ({ console }) => {
    const state = await readRunbookState(console)
    return { loadedAt: state?.loadedAt ?? 0, problems: state?.problems ?? [] }
  },
})

/** runbooksOperations are what can be read of the runbooks and how they are changed. */
export const runbooksOperations = [
  runbooksFaults,
  list,
  search,
  file,
  download,
  check,
  history,
  version,
  proposal,
  propose,
  approve,
  refuse,
  withdraw,
] as const
