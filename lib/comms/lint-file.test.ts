import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { unopenedText } from './links'
import { lint } from './lint'
import { type ReadText, readText } from './lint-file'

const run = promisify(execFile)
const now = new Date('2026-11-18T02:30:00.000Z')
const GOOD = 'Some training jobs fail since 02:06 UTC. We are on it.\n\nNext update by 02:50 UTC.\n'

function read(text: string, more: Partial<Parameters<typeof readText>[0]> = {}): ReadText {
  return readText({ text, audience: undefined, inventory: undefined, now, ...more })
}

function rulesIn(result: ReadText): readonly string[] {
  return result.ok ? lint(result.input).map(({ rule }) => rule) : [...result.reasons]
}

test('a plain text is a public update, and its promise is the next update', () => {
  const result = read(GOOD)
  expect(result.ok && result.input.message).toMatchObject({
    audience: 'public',
    title: 'Update',
    nextUpdateAt: '2026-11-18T02:50:00.000Z',
  })
  expect(rulesIn(result)).toEqual([])
})

test('a text that promises nothing is refused, one that promises too late is warned of', () => {
  expect(rulesIn(read('Some training jobs fail.'))).toEqual(['S02'])
  expect(rulesIn(read('Some training jobs fail. Next update by 05:00 UTC.'))).toEqual(['S04'])
})

test('what stands above a text counts, and numbers are held against its facts', () => {
  const head = '---\nseverity: P2\nfacts: { error_rate: 38 }\n---\n# Training fails\n\n'
  const text = (share: string) => `${head}About ${share} of training jobs fail. Next update by 02:50 UTC.\n`
  const result = read(text('38%'))
  expect(result.ok && [result.input.message.severity, result.input.message.title, result.firstLine]).toEqual([
    'P2',
    'Training fails',
    7,
  ])
  expect(rulesIn(result)).toEqual([])
  expect(rulesIn(read(text('45%')))).toEqual(['S19'])
})

test('names of an inventory are found', () => {
  const text = 'Some training jobs fail on gpu-eu-07. Next update by 02:50 UTC.'
  expect(rulesIn(read(text, { inventory: 'hosts: [gpu-eu-07]\n' }))).toEqual(['X03'])
})

test.each([
  ['an unknown field', '---\ncolour: red\n---\nx', undefined, 'head'],
  ['a status that is none', '---\nstatus: fine\n---\nx', undefined, 'head.status'],
  ['broken YAML', '---\n[\n---\nx', undefined, 'head'],
  ['an inventory that is none', 'x', 'hosts: 7', 'inventory.hosts'],
])('%s is told', (_what, text, inventory, where) => {
  const result = read(text, { inventory })
  expect(result.ok ? [] : result.reasons.join()).toContain(where)
})

test.each([
  ['no link', 'Nothing to open.', undefined],
  ['a link to another host', 'See https://pastebin.com/a.', undefined],
  [
    'two listed ones',
    'https://docs.example.com/a https://eu.docs.example.com/b',
    'Its 2 links were not opened',
  ],
])('what was not opened is said: %s', (_what, text, said) => {
  const why = unopenedText(text, ['docs.example.com'])
  expect(why?.slice(0, said?.length)).toBe(said)
})

test('the command ends with 0 for a good text, 1 for a blocked one, 2 for one that it can’t read, and tells the place', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lint-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const file = join(dir, 'm.md')
  const cli = (...args: readonly string[]) =>
    run(process.execPath, [
      '--import',
      'tsx',
      'lib/comms/lint-cli.ts',
      ...args,
      '--now',
      now.toISOString(),
    ]).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { readonly code: number; readonly stdout: string }) => ({
        code: error.code,
        stdout: error.stdout,
      }),
    )
  await writeFile(file, GOOD)
  expect(await cli(file, '--audience', 'public')).toMatchObject({ code: 0 })
  await writeFile(file, `# Title\n\n${GOOD}It will be fixed today.\n`)
  const blocked = await cli(file, '--audience', 'public', '--json')
  expect(blocked.code).toBe(1)
  expect(JSON.parse(blocked.stdout)).toMatchObject({
    ok: false,
    audience: 'public',
    findings: [{ rule: 'L07', level: 'block', line: 6, column: 4 }],
  })
  const linked = `---\nallowedLinkHosts: [docs.example.com]\n---\n${GOOD}See https://docs.example.com/a.\n`
  await writeFile(file, linked)
  expect(await cli(file)).toEqual({
    code: 0,
    stdout: expect.stringContaining('not judged X09 Its link was not opened'),
  })
  expect(JSON.parse((await cli(file, '--json')).stdout)).toMatchObject({
    ok: true,
    findings: [],
    notJudged: [{ rule: 'X09', why: expect.stringContaining('https://docs.example.com/a') }],
  })
  expect(await cli(join(dir, 'none.md'))).toMatchObject({ code: 2 })
  expect(await cli(file, '--audience', 'martians')).toMatchObject({ code: 2 })
}, 60_000)
