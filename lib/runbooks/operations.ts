import { z } from 'zod'
import { defineQuery } from '../operation'
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

/** runbooksOperations are the queries about the files that the worker goes by. */
export const runbooksOperations = [runbooksFaults] as const
