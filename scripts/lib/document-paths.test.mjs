import { afterAll, expect, test } from 'vitest'
import { temporaryFolder, writeTree } from '../testing/throwaway.mjs'
import { checkDocument } from './document-paths.mjs'

const { path: base, remove } = temporaryFolder()
afterAll(remove)
writeTree(base, {
  'lib/health/model.ts': '',
  'app/(console)/page.tsx': '',
  'app/api/[name]/route.ts': '',
  'docs/guide.md': '',
  'README.md': '',
})
const dead = (text, path = 'docs/guide.md') => checkDocument({ base, path, text, scripts: { up: '' } })

const living = [
  'see `lib/health/model.ts`.',
  '`lib/health/model.ts:12`',
  '(lib/health)',
  '`lib/health/*.ts`',
  '`app/(console)/page.tsx` and `app/api/[name]/route.ts`',
  '[back](../README.md#top)',
  '[out](https://example.com/lib/gone.ts)',
  'run `npm run up`',
  'and/or, 24/7, application/json, ghcr.io/team/image',
  '`.watchfloor/logs/web.log`',
]
test.each(living)('%s names nothing that is missing', (text) => {
  expect(dead(text)).toEqual([])
})

const missing = [
  ['`lib/health/gone.ts`', 'lib/health/gone.ts'],
  ['`lib/{health,gone}`', 'lib/gone'],
  ['`lib/gone/*.ts`', 'lib/gone/*.ts'],
  ['[there](./gone.md)', './gone.md'],
  ['node app/gone.mjs start', 'app/gone.mjs'],
  ['npm run fly', '"fly"'],
]
test.each(missing)('%s is reported with its line', (text, mention) => {
  const found = dead(`fine\n${text}`)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(/^docs\/guide\.md:2: /)
  expect(found[0]).toContain(mention)
})
