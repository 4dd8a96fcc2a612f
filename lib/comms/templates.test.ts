import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Console } from '../console'
import { readRunbooks } from '../runbooks/load'
import { loadTemplates } from './load-templates'

const now = new Date('2026-11-18T02:30:00.000Z')

async function shelf() {
  const dir = await mkdtemp(join(tmpdir(), 'messages-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await cp('runbooks/messages', join(dir, 'messages'), { recursive: true })
  const path = join(dir, 'messages/public.yaml')
  const shipped = await readFile(path, 'utf8')
  return { dir, shipped, write: (text: string) => writeFile(path, text) }
}

function templateSaying(fields: string): string {
  return `title: Mine
templates:
  - id: mine
    audience: public
    kind: update
    status: investigating
    occasion: first
${fields}
`
}

const TITLE = '    title: Training fails\n'

test('C-TPL-01 the shipped templates are in order', async () => {
  const { dir } = await shelf()
  const read = await readRunbooks({ dir, now })
  expect(read.ok ? [] : read.problems).toEqual([])
})

test.each([
  [
    'C-TPL-01',
    'a fact that does not exist',
    `${TITLE}    parts: [{ say: "{{moon_phase}} fails." }]`,
    9,
    '{{moon_phase}}, which is not in the catalogue',
  ],
  [
    'C-TPL-02',
    'a fact that is not for customers',
    `${TITLE}    parts: [{ say: "{{gpus_down}} fail." }]`,
    9,
    '{{gpus_down}}, which is not for them',
  ],
  [
    'C-TPL-01',
    'braces that are no fact',
    `${TITLE}    parts: [{ say: "{{gpus down}} fail." }]`,
    9,
    'braces that are no fact',
  ],
  [
    'C-TPL-01',
    'a limit on a fact that does not exist',
    `${TITLE}    parts: [{ say: "Training fails.", above: { moons: 1 } }]`,
    9,
    '{{moons}}',
  ],
  [
    'C-TPL-03',
    'a text that its own linter refuses',
    `${TITLE}    parts: [{ say: "Training fails. It will be fixed today." }]`,
    3,
    'L07',
  ],
  [
    'C-TPL-03',
    'a place that stays open when little is known',
    `${TITLE}    parts: [{ say: "Training fails in {{region}}." }]`,
    3,
    'S01 Nobody knows “region”',
  ],
  [
    'C-TPL-03',
    'a title that is too long for a channel',
    `    title: "${'Training fails '.repeat(12).trim()}"\n    parts: [{ say: "Training fails." }]`,
    3,
    'S24 Too long for Slack title',
  ],
  [
    'C-TPL-04',
    'an unknown status',
    `${TITLE.replace('    title', '    state: x\n    title')}    parts: [{ say: "Training fails." }]`,
    8,
    'not a setting that is known here',
  ],
])('%s %s is refused with its place', async (_rule, _what, fields, line, reason) => {
  const { dir, write } = await shelf()
  await write(templateSaying(fields))
  const read = await readRunbooks({ dir, now })
  const problems = read.ok ? [] : read.problems
  expect(problems.map(({ file }) => file)).toContain('messages/public.yaml')
  expect(problems[0]?.line).toBe(line)
  expect(problems.map((it) => it.reason).join('\n')).toContain(reason)
})

test('C-TPL-04 two templates for the same moment are refused', async () => {
  const { dir, shipped, write } = await shelf()
  await write(`${shipped}
  - id: public-first
    audience: public
    kind: update
    status: investigating
    occasion: first
    title: Training fails
    parts: [{ say: "Training fails." }]
`)
  const read = await readRunbooks({ dir, now })
  expect(read.ok ? [] : read.problems.map((it) => it.reason)).toEqual([
    'public-first stands already in messages/public.yaml',
    'a template for public update investigating first P1 stands already in messages/public.yaml',
    'a template for public update investigating first P2 stands already in messages/public.yaml',
    'a template for public update investigating first P3 stands already in messages/public.yaml',
    'a template for public update investigating first P4 stands already in messages/public.yaml',
  ])
})

test('C-TPL-05 while a file is bad the last good templates stay', async () => {
  const { dir, shipped, write } = await shelf()
  const app = consoleOf(dir)
  const good = await loadTemplates(app, now)
  expect(good.templates.map(({ id }) => id)).toContain('public-first')
  await write(templateSaying(`${TITLE}    parts: [{ say: "{{moon_phase}} fails." }]`))
  expect((await loadTemplates(app, now)).templates).toBe(good.templates)
  await write(shipped.replace('title: Customers', 'title: Everybody'))
  expect((await loadTemplates(app, now)).hash).not.toBe(good.hash)
})

/** What the shelf asks of a console: its directory, and a database that is down, so that files alone count. */
function consoleOf(dir: string): Console {
  const down = { query: () => Promise.reject(new Error('down')) }
  return { env: { WATCHFLOOR_RUNBOOKS: dir }, hot: down } as unknown as Console
}
