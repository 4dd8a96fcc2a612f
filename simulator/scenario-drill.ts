import { z } from 'zod'

/** What a drill may train, in words that give nothing of its truth away. */
export const SKILLS = [
  'looks',
  'machines',
  'cards',
  'workers',
  'account',
  'provider',
  'own-parts',
  'sources',
] as const

/** What makes a drill harder than one fault told by honest sources. */
export const HARDSHIPS = ['two-faults', 'lying-source', 'silent-source', 'red-herring'] as const

/** The traps that must fool nobody. */
export const TRAPS = [
  'zero-frame',
  'leftover-values',
  'latched-xid',
  'late-pollers',
  'plain-429',
  'success-false',
  'page-down',
  'target-down',
  'old-metrics',
  'queue-typo',
  'telling-503',
  'alert-storm',
  'two-faults',
] as const

export const drill = z
  .strictObject({
    brief: z.string().min(1).max(300).describe('What participants are told; nothing of the truth'),
    trains: z.array(z.enum(SKILLS)).min(1),
    difficulty: z.int().min(1).max(3),
    hard: z.array(z.enum(HARDSHIPS)).default([]),
    traps: z.array(z.enum(TRAPS)).default([]),
    dangerous: z.array(z.string().max(60)).default([]).describe('Ids of actions that would do harm here'),
  })
  .describe('How it stands on the list of drills')
